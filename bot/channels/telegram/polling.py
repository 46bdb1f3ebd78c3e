"""Our own long-poll loop: an update is in the inbox before the next offset tells Telegram that it arrived."""

import asyncio
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.raw import Accept
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.raw_events import acknowledge_all, as_raws

log = structlog.get_logger()

WAIT = 25  # seconds of a long poll; Telegram's own cap is 50
LONGEST_PAUSE = 30.0  # seconds between tries while Telegram is out of reach


class PolledTelegram(TelegramChannel):
    """The bot where no public address is needed: one process."""

    async def poll(self, accept: Accept) -> None:
        """Fetch updates and hand them over until cancelled."""
        await poll(self, accept)


async def poll(channel: TelegramChannel, accept: Accept) -> None:
    """Fetch, and hand over to `accept`, which stores, until cancelled. After a restart Telegram sends what was not
    confirmed once more; the inbox knows it by its number."""
    offset, pause, opened = 0, 0.5, False
    while True:
        try:
            if not opened:
                await channel.use_polling()
                opened = True
            updates: list[dict[str, Any]] = await channel.fetch(offset, WAIT)
            if updates:
                await accept(channel.name, as_raws(channel, updates))
                acknowledge_all(channel, updates)
                offset = max(offset, *(_number(update) + 1 for update in updates))
            pause = 0.5
        except asyncio.CancelledError:
            raise
        except (TelegramError, SQLAlchemyError) as error:
            pause = (
                error._retry_after.total_seconds() if isinstance(error, RetryAfter) else min(pause * 2, LONGEST_PAUSE)
            )
            hint = {Conflict: "another process polls this bot", InvalidToken: "the token is refused"}
            log.warning("poll_failed", error=type(error).__name__, hint=hint.get(type(error), ""), retry_in=pause)
            await asyncio.sleep(pause)


def _number(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 0
