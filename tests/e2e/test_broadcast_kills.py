"""kill -9 while a round goes out: nobody is missed without a word, nobody is invited twice, no reply comes thrice.

LANGNGHE_BROADCAST_KILLS sets how often (a dozen; at night 1,000), LANGNGHE_SEED which moments; a failure names the
seed. The long form adds processes frozen past their lease, more crashes of PostgreSQL, a network that fails, the
production rate.
"""

import asyncio
import contextlib
import random
import time
from pathlib import Path

import pytest
from rings import SEED, how_often
from sqlalchemy import select
from swarm import Server, Swarm, Torment, own_server
from verdict import judge

from benchmarks.broadcast_round import open_for, unsettled
from bot.delivery.ledger import LEASE
from standin import Fault, TelegramStandIn
from storage.database import Database
from storage.tables import Delivery

KILLS = how_often("LANGNGHE_BROADCAST_KILLS", test=0, night=1000)
ONE, MANY = ("run",), ("run", "work", "work", "work", "work")
SILENT, LONG = 12.0, LEASE.total_seconds() + 2  # seconds of a freeze: taken for dead; past its lease
NETWORK = [(Fault.status(502), 0.1), (Fault.cut_before, 0.02), (Fault.cut_after, 0.02)]
FLOODED = 500  # messages from one 429 to the next

pytestmark = pytest.mark.kills


async def test_one_process_on_sqlite_is_killed_again_and_again(tmp_path: Path):
    await send_a_round("sqlite", tmp_path, Torment(KILLS or 12), rate=60)


async def test_four_workers_are_killed_and_frozen_and_one_never_comes_back(tmp_path: Path):
    freezes = [LONG, *[SILENT] * 5] if KILLS else [SILENT]
    torment = Torment(KILLS or 10, freezes=freezes, crashes=10 if KILLS else 1, forsaken=True)
    await send_a_round("postgresql", tmp_path, torment, rate=120)


@pytest.mark.night
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
async def test_a_network_that_fails_while_they_are_killed(store: str, tmp_path: Path):
    torment = Torment(max(1, KILLS // 20), between=40, freezes=[SILENT] if store == "postgresql" else [6])
    await send_a_round(store, tmp_path, torment, rate=120, faulty=True)


@pytest.mark.night
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
async def test_at_the_production_rate(store: str, tmp_path: Path):
    await send_a_round(store, tmp_path, Torment(max(1, KILLS // 50), between=60, freezes=[SILENT]), rate=30)


async def send_a_round(store: str, folder: Path, torment: Torment, *, rate: int, faulty: bool = False) -> None:
    """Send it to enough people that there is always something to send, and judge by what phones received."""
    people = range(1, 16 + int(torment.kills * torment.between * (2.6 if faulty else 1.8)))
    chance, begun = random.Random(f"{SEED} {store} {rate} {faulty}"), time.monotonic()
    blocked = frozenset(chance.sample(people, len(people) * 3 // 10)) if faulty else frozenset[int]()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(own_server()) if store == "postgresql" else None
        url = server.url if server else f"sqlite:///{folder}/langnghe.db"
        async with TelegramStandIn(chance=random.Random(SEED)) as telegram:
            telegram.acquaint(people)
            for person in blocked:
                telegram.state.chats[person].blocked = True
            spoil(telegram, faulty)
            await asyncio.to_thread(open_for, url, folder / "secrets", len(people))
            swarm = Swarm(folder, url, telegram, MANY if server else ONE, chance, rate)
            async with swarm.running():
                await torture(swarm, torment, server)
                waited = await settled(swarm, url)
                await swarm.thawed()
                listed = swarm.members[0].command("round", "recipients", "1", "--state", "uncertain", "--json")
            told = swarm.members[0].rows(Delivery.address, Delivery.kind, Delivery.state, Delivery.reason)
            verdict = judge(telegram, told, people, blocked)
            violations = telegram.violations
    print(
        f"seed {SEED}, {store}, {rate}/s{', failing network' if faulty else ''}: {torment.kills} kills, "
        f"{len(torment.freezes)} freezes, {torment.crashes} crashes: {verdict}; "
        f"claims of the dead settled after {waited:.1f} s; {telegram.floods} × 429 for pace; "
        f"{time.monotonic() - begun:.0f} s"
    )
    assert not verdict.wrongs, f"seed {SEED}: {len(verdict.wrongs)} wrongs: {verdict.wrongs[:5]}"
    assert (verdict.invited, verdict.duplicates, verdict.missed) == (len(people), 0, 0), f"seed {SEED}"
    assert len(listed["recipients"]) == verdict.states["uncertain"], f"seed {SEED}"
    assert violations == []


def spoil(telegram: TelegramStandIn, faulty: bool) -> None:
    telegram.fail("sendMessage", Fault.latency(0.03, 0.02), times=None)
    if faulty:
        for fault, probability in NETWORK:
            telegram.fail("sendMessage", fault, times=None, probability=probability)
        flood = Fault.status(429, retry_after=1)
        telegram.fail("sendMessage", flood, times=None, probability=1 / FLOODED)


async def torture(swarm: Swarm, torment: Torment, server: Server | None) -> None:
    """People write all the while."""
    writing = asyncio.create_task(swarm.people_write())
    await swarm.suffer(torment, server)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)


async def settled(swarm: Swarm, url: str) -> float:
    """Wait until everything is sent; how long it took until what was claimed at first was settled or taken over."""
    database, begun = Database(url), time.monotonic()
    claimed = select(Delivery.id).where(Delivery.state == "claimed")
    try:
        held = set(database.read_now(lambda connection: connection.scalars(claimed).all()))
        await swarm.until(
            lambda: held.isdisjoint(database.read_now(lambda connection: connection.scalars(claimed).all())),
            "what the dead had claimed is not taken over",
            look=0.2,
        )
        waited = time.monotonic() - begun
        await swarm.telegram.idle(60)
        await swarm.until(lambda: not database.read_now(unsettled), "not everything is settled", 900, look=0.2)
        return waited
    finally:
        database.close()
