"""Our way in, as `run` has it: a committed inbox, groups of events in one transaction, replies owed in the ledger."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from benchmarks.presses import Press, updates
from benchmarks.standin_process import StandIn
from bot.channels.raw import Raw
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.raw_events import as_raws
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from bot.gc_tuning import freeze
from bot.inbox.inbox import Inbox
from handlers.dispatch import dispatch
from handlers.messages import Choice, Inbound
from handlers.shared import OpenRound, SharedState
from handlers.storing import load, store
from handlers.tokens import sign_token
from handlers.visit import Visit
from storage.database import Database
from storage.tables import Ballot
from storage.tables import Delivery as Owed
from surveys.organisation import Organisation
from surveys.secrecy.vault import Vault

POLL = 100  # updates that getUpdates gives at once
NOBODY = StandIn("http://127.0.0.1:9/bot", "7000000001:bench")  # nothing is sent there


def run(address: str, secrets: Path, pressed: Sequence[Press], telegram: StandIn | None) -> float:
    """Seconds from the first update to the last answer stored and reply owed; with `telegram`, to the last sent."""
    database = Database(address)
    try:
        shared = SharedState(Vault(secrets), Organisation("bench"))
        open_round = _meet(database, shared, sorted({press.person for press in pressed}))

        def token(press: Press) -> str:
            body = f"pick:{open_round.id}:{press.index}:{press.option}"
            return sign_token(shared.key, "telegram", str(press.person), body)

        events = list(updates(open_round.form, pressed, token))
        freeze()  # as `run` does
        seconds = asyncio.run(_take(database, shared, events, telegram))
        _check(database, shared, len(pressed))
        return seconds
    finally:
        gc.unfreeze()
        gc.collect()  # for whoever is measured next
        database.close()


def _meet(database: Database, shared: SharedState, people: Sequence[int]) -> OpenRound:
    """Everybody follows a link, agrees and names a hamlet: the first question stands. Not measured."""
    with database.transaction() as connection:
        shared.refresh(connection)
        open_round = next(iter(shared.rounds.values()))
        now = datetime.now(UTC)
        said = [Inbound("telegram", str(one), "", "start", now, start_payload=open_round.code) for one in people]
        for _ in range(3):
            visits = load(connection, shared, said, now)
            for visit in visits:
                dispatch(visit)
            store(connection, visits)
            said = [
                Inbound("telegram", visit.inbound.address, "", "choice", now, choice=_first(visit).token)
                for visit in visits
            ]
    return open_round


def _first(visit: Visit) -> Choice:
    return next(choice for choice in visit.replies[-1].choices if not choice.aside)


async def _take(
    database: Database, shared: SharedState, events: Sequence[dict[str, Any]], telegram: StandIn | None
) -> float:
    where = telegram or NOBODY
    channel = TelegramChannel(where.token, where.base_url)
    await channel.open()
    delivery = Delivery(database, shared, channel, Limiter(10_000))
    inbox = Inbox(database, shared, {"telegram": channel}, wake=delivery.wake)
    raws = as_raws(channel, events)
    sending = asyncio.create_task(delivery.run()) if telegram else None
    begun = time.perf_counter()
    fetching = asyncio.create_task(_fetch(inbox, raws))
    handled = 0
    while handled < len(raws):
        handled += await inbox.work("telegram")
    await fetching
    if sending is not None:
        await _all_sent(database)
    seconds = time.perf_counter() - begun
    if sending is not None:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
    await channel.close()
    return seconds


async def _all_sent(database: Database) -> None:
    while await database.read(_waiting):  # noqa: ASYNC110 (a database rings no bell)
        await asyncio.sleep(0.01)


def _waiting(connection: Connection) -> int:
    waiting = select(func.count()).where(Owed.state.in_(("pending", "claimed")))
    return connection.execute(waiting).scalar_one()


async def _fetch(inbox: Inbox, raws: Sequence[Raw]) -> None:
    """As polling does: the next updates are asked for once these are committed."""
    for start in range(0, len(raws), POLL):
        await inbox.accept("telegram", raws[start : start + POLL])


def _check(database: Database, shared: SharedState, events: int) -> None:
    with database.transaction() as connection:
        ballots = connection.execute(select(Ballot.round_id, Ballot.tag, Ballot.answers)).all()
        stored = sum(len(shared.rounds[row.round_id].cipher.decrypt(bytes(row.tag), row.answers)) for row in ballots)
        owed = connection.execute(select(func.count()).where(Owed.state.in_(("pending", "sent")))).scalar_one()
    if (stored, owed) != (events, events):
        raise RuntimeError(f"{events} events gave {stored} answers and {owed} replies")
