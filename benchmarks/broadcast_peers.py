"""What people use instead: loops without a ledger, which forget everything when they are killed."""

import asyncio
import importlib
from collections.abc import Callable

import aiohttp
from telegram import Bot
from telegram.error import TelegramError

TOKEN = "7000000001:bench"
TEXT = "Mời bà con trả lời phiếu lấy ý kiến."
BARE = "bare aiohttp, no ledger"
SHARE = 0.97  # of the limit: a bare loop at the limit itself is turned away


def bare(address: str, rate: int, people: int) -> None:
    """aiohttp at an even pace: the most that can be reached."""

    async def run() -> None:
        url = f"{address}/bot{TOKEN}/sendMessage"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=512)) as session:

            async def send(chat: int) -> None:
                async with session.post(url, json={"chat_id": chat, "text": TEXT}) as answer:
                    await answer.read()

            loop, sends = asyncio.get_running_loop(), []
            begun = loop.time()
            for chat in range(1, people + 1):
                await asyncio.sleep(max(0.0, begun + chat / (rate * SHARE) - loop.time()))
                sends.append(asyncio.create_task(send(chat)))
            await asyncio.gather(*sends)

    asyncio.run(run())


def plain(address: str, rate: int, people: int) -> None:
    """python-telegram-bot, one message after the other."""

    async def run() -> None:
        async with Bot(TOKEN, base_url=f"{address}/bot") as bot:
            for chat in range(1, min(people, 200) + 1):
                await _send(bot, chat)

    asyncio.run(run())


def limited(address: str, rate: int, people: int) -> None:
    """python-telegram-bot's own AIORateLimiter, as its guide has it. Raises `ImportError` without aiolimiter."""
    importlib.import_module("aiolimiter")
    from telegram.ext import AIORateLimiter, ExtBot

    async def run() -> None:
        limiter = AIORateLimiter(overall_max_rate=rate, overall_time_period=1, max_retries=5)
        async with ExtBot(TOKEN, base_url=f"{address}/bot", rate_limiter=limiter) as bot:
            await asyncio.gather(*(_send(bot, chat) for chat in range(1, min(people, 20 * rate) + 1)))

    asyncio.run(run())


async def _send(bot: Bot, chat: int) -> None:
    try:
        await bot.send_message(chat, TEXT)
    except TelegramError:
        return  # lost, as such loops lose it


PEERS: dict[str, Callable[[str, int, int], None]] = {
    BARE: bare,
    "AIORateLimiter": limited,
    "plain loop": plain,
}
