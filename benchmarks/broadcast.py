"""Sending a round to people: how much of the allowed rate we use, without one message turned away.

The server on the other side answers after 50 ms and counts any second strictly (`window_server.py`). While a round
goes out at 30 a second people write, and the wait from their word to our reply at the server is measured.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks.broadcast_peers import BARE, PEERS
from benchmarks.broadcast_round import Opened, open_for, unsettled
from benchmarks.opening import TOKEN, peak, sender
from benchmarks.report import Goal, Options, Report
from benchmarks.stores import NewDatabase, stores
from benchmarks.window_server import Server, server
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.raw_events import as_raws
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from bot.gc_tuning import freeze
from bot.inbox.inbox import Inbox
from storage.database import Database

SLOW, FAST = 30, 1000  # messages a second
WRITERS = 5_000_000  # chats of those who write meanwhile lie above
TAPS = 4.0  # a second


def measure(options: Options) -> Report:
    fast = options.recipients
    slow = max(30, fast * 45 // 1000)
    columns = {"store": "store", "what": "what", "sent": "sent", "share": "of the limit", "turned": "429s"}
    report = Report("broadcast", {**columns, "p99": "tap→reply p99 ms", "seconds": "s"})
    with stores(options.folder) as found:
        for store, new in found.items():
            _ours(report, options.folder, store, new, SLOW, slow, at_least=0.98)
            _ours(report, options.folder, store, new, FAST, fast, at_least=0.93)
        if "postgresql" in found:
            _workers(report, options.folder, found["postgresql"], slow)
    for what, run in PEERS.items():
        for rate, people in ((SLOW, slow // 2), (FAST, fast // 2)):
            _peer(report, what, run, rate, people)
    shares = {(row["store"], row["what"]): row["share"] for row in report.rows if "share" in row}
    for store in found:
        ratio = shares[store, f"ours at {FAST}/s"] / shares["none", f"{BARE} at {FAST}/s"]
        report.notes.append(f"{store}, {FAST}/s: ours / {BARE}: {ratio:.3f}")
    return report


def _ours(report: Report, folder: Path, store: str, new: NewDatabase, rate: int, people: int, at_least: float) -> None:
    with server(rate) as telegram:
        opened = open_for(new(), folder / "secrets", people)
        used, cpu = time.perf_counter(), time.process_time()
        waits = asyncio.run(_send(opened, telegram, rate, taps=rate == SLOW))
        used, cpu = time.perf_counter() - used, time.process_time() - cpu
        row = _row(telegram, store, f"ours at {rate}/s", rate)
    p99 = quantiles(waits, n=100)[98] * 1000 if len(waits) > 1 else None
    report.rows.append({**row, "p99": round(p99) if p99 else "", "seconds": _two(used)})
    report.goals += [
        Goal(f"{store}: share of {rate}/s used", row["share"], at_least=at_least),
        Goal(f"{store}: turned away at {rate}/s", row["turned"], at_most=0),
    ]
    if p99:
        report.goals.append(Goal(f"{store}: tap to reply, p99 ms", p99, at_most=500))
    report.notes.append(f"{store}, {rate}/s: {cpu / used:.0%} of a core, the ledger included")


async def _send(opened: Opened, telegram: Server, rate: float, *, taps: bool) -> list[float]:
    """Let the round go out; the waits of those who wrote meanwhile, in seconds."""
    database = Database(opened.address)
    channel = TelegramChannel(TOKEN, f"{telegram.address}/bot")
    await channel.open()
    delivery = Delivery(database, opened.shared, channel, Limiter(rate))
    inbox = Inbox(database, opened.shared, {"telegram": channel}, wake=delivery.wake)
    freeze()
    tapped: dict[int, float] = {}
    parts: list[Coroutine[Any, Any, None]] = [delivery.run(), inbox.run()]
    running = [asyncio.create_task(part) for part in parts]
    if taps:
        running.append(asyncio.create_task(_tap(inbox, channel, tapped)))
    while await database.read(unsettled):
        await asyncio.sleep(0.25)
        if len(running) == 3 and not await database.read(lambda connection: unsettled(connection, "invite")):
            running.pop().cancel()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await channel.close()
    database.close()
    arrived = telegram.report()
    first = {chat: moment for moment, chat in reversed(list(zip(arrived["moments"], arrived["chats"], strict=True)))}
    return [first[chat] - moment for chat, moment in tapped.items() if chat in first]


async def _tap(inbox: Inbox, channel: TelegramChannel, tapped: dict[int, float]) -> None:
    """People who never wrote before, a few each second; each gets one reply."""
    chance = random.Random(0)
    for number in range(1_000_000):
        await asyncio.sleep(chance.expovariate(TAPS))
        chat = WRITERS + number
        person = {"id": chat, "is_bot": False, "first_name": "x", "language_code": "vi"}
        where = {"id": chat, "type": "private", "first_name": "x"}
        said = {"message_id": 1, "date": int(time.time()), "chat": where, "from": person, "text": "/start"}
        tapped[chat] = time.monotonic()
        await inbox.accept("telegram", as_raws(channel, [{"update_id": number + 1, "message": said}]))


def _workers(report: Report, folder: Path, new: NewDatabase, people: int) -> None:
    """Two processes `work` share one rate."""
    with server(SLOW) as telegram, contextlib.ExitStack() as stack:
        opened = open_for(new(), folder / "secrets", people)
        begun = time.perf_counter()
        pids = [stack.enter_context(sender(opened, folder, telegram, SLOW)).pid for _ in range(2)]
        database = Database(opened.address)
        while database.read_now(unsettled):
            time.sleep(0.2)
        memory = max(peak(pid) for pid in pids)
        database.close()
        row = _row(telegram, "postgresql", f"two workers at {SLOW}/s", SLOW)
    report.rows.append({**row, "p99": "", "seconds": _two(time.perf_counter() - begun)})
    report.goals.append(Goal("two workers: turned away", row["turned"], at_most=0))
    report.goals.append(Goal("two workers: share of the limit", row["share"], at_least=0.9))
    if memory:
        report.goals.append(Goal("memory of a sender, MB", memory, at_most=150))


def _peer(report: Report, what: str, run: Callable[[str, int, int], None], rate: int, people: int) -> None:
    with server(rate) as telegram:
        try:
            run(telegram.address, rate, people)
        except ImportError as error:
            report.notes.append(f"{what} left out: {error.name} is not installed")
            return
        report.rows.append({**_row(telegram, "none", f"{what} at {rate}/s", rate), "p99": "", "seconds": ""})


def _row(telegram: Server, store: str, what: str, rate: int) -> dict[str, Any]:
    arrived = telegram.report()
    moments = arrived["moments"]
    span = (moments[-1] - moments[0]) if len(moments) > 1 else 1.0
    share = (len(moments) - 1) / span / rate
    turned = arrived["turned_away"]
    return {"store": store, "what": what, "sent": len(moments), "share": round(share, 4), "turned": turned}


def _two(seconds: float) -> float:
    return round(seconds, 2)
