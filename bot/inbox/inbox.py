"""Events in: stored before the platform is told, handled once, in order for each person, in groups.

1. `accept`: raw events are committed to the inbox; the same event twice is one row
2. `work`: a batch of rows, at most one for each address, is handled in one transaction: answers stored, replies
   owed, payloads emptied, rows done
3. an event that cannot be read or handled is quarantined and the next one goes on
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, exists, literal, or_, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels.raw import Raw
from bot.delivery.ledger import owe_replies
from bot.inbox import screens
from bot.inbox.screens import UnknownCode as UnknownCode
from bot.inbox.states import EventState
from handlers.dispatch import dispatch
from handlers.messages import Channel, Inbound, Message, Unreadable
from handlers.shared import SharedState
from handlers.storing import load, store
from handlers.visit import Visit
from storage.database import Database, clock, insert_into
from storage.tables import Event
from surveys.secrecy.cipher import Cipher, CipherError
from vietnamese.folding import clean_json

log = structlog.get_logger()

BATCH = 200  # events in one transaction: the commit costs as much as some fifty of them
INBOX = b"inbox"  # where a sealed payload stands
TICK = 1.0  # seconds between looks when nobody rings


class Inbox:
    """The way in, shared by polling, webhooks, pages and the console."""

    def __init__(
        self,
        database: Database,
        shared: SharedState,
        channels: Mapping[str, Channel],
        *,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._shared = shared
        self._channels = channels
        self._wake = wake  # wakes the delivery
        self._woken = asyncio.Event()

    async def accept(self, channel: str, raws: Sequence[Raw]) -> None:
        """Commit raw events. When this returns, they survive anything."""
        if raws:
            await self._database.write(lambda connection: keep(connection, channel, raws, self._shared.message_cipher))
            self._woken.set()

    async def run(self) -> None:
        """Handle what waits, until cancelled."""
        while True:
            self._woken.clear()
            try:
                while any([await self.work(name) for name in self._channels]):
                    pass
            except SQLAlchemyError as error:
                log.error("inbox_unavailable", error=type(error).__name__)
                await asyncio.sleep(TICK)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):  # wait_for can swallow a cancellation (bpo-37658)
                    await self._woken.wait()

    async def work(self, channel: str) -> int:
        """Handle one batch of a channel; returns the number of events."""
        try:
            handled = await self._database.write(lambda connection: self._batch(connection, channel, BATCH))
        except Exception as error:
            # One of them cannot be stored: each alone, so that only that one is put aside.
            log.warning("batch_failed", channel=channel, error=type(error).__name__)
            handled = await self._one_by_one(channel)
        if handled:
            self._wake()
        return handled

    async def converse(self, channel: str, raws: Sequence[Raw]) -> list[Message]:
        """Store and handle these events of one address in one transaction; what we say to the last of them."""

        def job(connection: Connection) -> list[Message]:
            new = keep(connection, channel, raws, self._shared.message_cipher)
            replies: list[Message] = []
            now = clock(connection)
            self._shared.refresh(connection, now)
            for row in new:
                visits = self._handle(connection, channel, [row], now, pulled=True)
                replies = [reply for visit in visits for reply in visit.replies]
            return replies

        return await self._database.write(job)

    async def current(self, channel: str, address: str, code: str = "", language: str = "") -> Message:
        """What stands on somebody's screen; writes nothing. `code` is a round's, as a link carries it.

        Raises `UnknownCode`.
        """

        return await self._database.write(
            lambda connection: screens.current(connection, self._shared, channel, address, code, language)
        )

    async def question_at(self, channel: str, address: str, code: str, at: int) -> Message | None:
        """The question with this number in the form of a round, as somebody answered it; writes nothing.

        None where it was not asked, or where the ballot is in.
        """
        return await self._database.write(
            lambda connection: screens.question_at(connection, self._shared, channel, address, code, at)
        )

    async def _one_by_one(self, channel: str) -> int:
        for handled in range(BATCH):
            if not await self._oldest(channel):
                return handled
        return BATCH

    async def _oldest(self, channel: str) -> int:
        """Handle the oldest event alone; when it cannot be handled it is put aside, that one and no other."""
        tried = 0

        def job(connection: Connection) -> int:
            nonlocal tried
            rows = waiting(connection, channel, 1)
            tried = rows[0].id if rows else 0
            return self._take(connection, channel, rows)

        try:
            return await self._database.write(job)
        except Exception as error:
            # A lock, a full disk or a lost server is no fault of the event: it waits.
            if not tried or isinstance(error, OperationalError) or getattr(error, "connection_invalidated", False):
                raise
            name = type(error).__name__
            log.error("event_quarantined", channel=channel, error=name)
            await self._database.write(lambda connection: settle(connection, [], {tried: name}))
            return 1

    def _batch(self, connection: Connection, channel: str, limit: int) -> int:
        return self._take(connection, channel, waiting(connection, channel, limit))

    def _take(self, connection: Connection, channel: str, rows: Sequence[Any]) -> int:
        if rows:
            now = clock(connection)
            self._shared.refresh(connection, now)
            self._handle(connection, channel, rows, now)
        return len(rows)

    def _handle(
        self, connection: Connection, channel: str, rows: Sequence[Any], now: datetime, *, pulled: bool = False
    ) -> list[Visit]:
        bad: dict[int, str] = {}
        readable: list[tuple[int, Inbound]] = []
        for row in rows:
            try:
                payload = row.payload and self._shared.message_cipher.decrypt(INBOX, row.payload)
                inbound = self._channels[channel].read(payload)
                readable.append((row.id, replace(inbound, received_at=row.received_at)))
            except (Unreadable, CipherError) as error:
                bad[row.id] = str(error)[:60] or type(error).__name__
        visits: list[Visit] = []
        while readable:
            fresh, readable = self._visits(connection, readable, bad, now)
            visits += fresh
            store(connection, fresh)
        if not pulled:
            owe_replies(connection, visits, now)
        settle(connection, [row.id for row in rows if row.id not in bad], bad)
        for reason in bad.values():
            log.warning("event_quarantined", channel=channel, error=reason)
        return visits

    def _visits(
        self,
        connection: Connection,
        readable: Sequence[tuple[int, Inbound]],
        bad: dict[int, str],
        now: datetime,
    ) -> tuple[list[Visit], list[tuple[int, Inbound]]]:
        """Answer these events; those of a person or a household that is in twice come back for another go."""
        visits: dict[int, Visit] = {}
        houses: set[int] = set()  # a household's ballot may be in the hands of several phones
        again: list[tuple[int, Inbound]] = []
        loaded = load(connection, self._shared, [inbound for _, inbound in readable], now)
        for (number, inbound), visit in zip(readable, loaded, strict=True):
            house = visit.person.household_id
            if visit.person.id in visits or house in houses:
                again.append((number, inbound))
                continue
            houses |= {house} if house is not None else set()
            visits[visit.person.id] = visit
            visit.capabilities = self._channels[inbound.channel].capabilities
            try:
                dispatch(visit)
            except Exception as error:
                if isinstance(error, SQLAlchemyError):
                    raise  # the transaction is spoiled for the others too
                bad[number] = type(error).__name__
                visit.reset()
                visit.say(Message(text=visit.text("help.error")))
        return list(visits.values()), again


def keep(connection: Connection, channel: str, raws: Sequence[Raw], message_cipher: Cipher) -> list[Any]:
    """Put raw events into the inbox, sealed; returns the rows that were not there before, in order."""
    now = clock(connection)
    rows = [
        {
            "channel": channel,
            "event_key": raw.key[:64],
            "address": raw.address[:64],
            "payload": _storable(raw.payload, message_cipher),
            "state": EventState.NEW,
            "reason": "",
            "received_at": now,
        }
        for raw in raws
    ]
    statement = insert_into(connection, Event).on_conflict_do_nothing(index_elements=["channel", "event_key"])
    new = connection.execute(
        statement.returning(Event.id, Event.payload, Event.received_at, sort_by_parameter_order=False), rows
    ).all()
    return sorted(new, key=lambda row: row.id)


def _storable(payload: Any, message_cipher: Cipher) -> Any:
    """The payload, sealed, without what a database refuses; None, to be quarantined, for one nested beyond reason."""
    try:
        return None if payload is None else message_cipher.encrypt_text(INBOX, clean_json(payload))
    except RecursionError:
        return None


# In the statement's text: with a parameter in its place no store could use the index of new rows.
_NEW = literal(EventState.NEW.value, literal_execute=True)
_EARLIER = Event.__table__.alias("earlier")
# Behind OFFSET PostgreSQL asks the index for each row; else, of a backlog that it has no statistics of, it compares
# every row with every other: 20 s a batch at 10,000 rows.
_FIRST = ~exists(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.channel == Event.channel,
        _EARLIER.c.address == Event.address,
        _EARLIER.c.state == _NEW,
        _EARLIER.c.id < Event.id,
    )
    .offset(0)
    .correlate(Event)
)


def waiting(connection: Connection, channel: str, limit: int) -> list[Any]:
    """The oldest unhandled event of each address, and those of nobody known, locked until this transaction ends."""
    rows = connection.execute(
        select(Event.id, Event.payload, Event.received_at)
        .where(Event.channel == channel, Event.state == _NEW, or_(Event.address == "", _FIRST))
        .order_by(Event.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Event)
    ).all()
    return list(rows)


_EMPTY: dict[str, Any] = {"payload": None, "address": ""}
_PUT_ASIDE = (
    update(Event)
    .where(Event.id == bindparam("key"), Event.state == EventState.NEW)
    .values(state=EventState.QUARANTINED, reason=bindparam("why"), **_EMPTY)
)


def settle(connection: Connection, done: Sequence[int], quarantined: Mapping[int, str]) -> None:
    """Rows are done or put aside; either way the payload, which may hold an answer, and the address are emptied."""
    if done:
        connection.execute(update(Event).where(Event.id.in_(done)).values(state=EventState.DONE, **_EMPTY))
    if quarantined:
        rows = [{"key": number, "why": why} for number, why in quarantined.items()]
        connection.execute(_PUT_ASIDE, rows)
