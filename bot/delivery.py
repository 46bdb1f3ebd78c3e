"""Messages out: claim what is due, send it at the platform's pace, record what became of it.

Replies may go out a second time after a crash or an unclear answer, never a third; everything else goes out
once, and where nobody can know whether it arrived the ledger says `uncertain`.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.limiter import Limiter
from bot.outbox import AGAIN, COPIES, Claimed, Outcome, claim, read_payload, record, recover
from bot.quiet import NEVER, QuietHours
from handlers.messages import Channel, Message, Rejected, RetryLater, Unknown, Unreachable, plan
from handlers.questions import invitation
from handlers.world import World
from storage.database import Database, clock
from storage.models import Address, Person
from storage.models import Delivery as Row
from surveys.rounds import INVITE

log = structlog.get_logger()

LANES = 128  # sends under way at once; also the most that a crash can leave uncertain
PATIENCE = 20.0  # seconds a claimed message waits for its slot; the lease has room for the send after it
TICK = 1.0  # seconds between looks when nobody rings
GATHER = 0.01  # seconds in which outcomes gather before they are written together


class Delivery:
    """Sends what one channel owes."""

    def __init__(
        self, database: Database, world: World, channel: Channel, limiter: Limiter, quiet: QuietHours = NEVER
    ) -> None:
        self._database = database
        self._world = world
        self._channel = channel
        self._limiter = limiter
        self._quiet = quiet
        self._owner = secrets.token_hex(8)
        self._bell = asyncio.Event()
        self._outcomes: list[Outcome] = []
        self._settled = asyncio.Event()
        self._lanes: set[asyncio.Task[None]] = set()

    def ring(self) -> None:
        """Something is due."""
        self._bell.set()

    async def run(self) -> None:
        """Send until cancelled; then finish what is under way and record it."""
        alone = self._database.dialect == "sqlite"  # one process at a time: whoever claimed before is gone
        await self._database.write(lambda connection: recover(connection, clock(connection), owners_gone=alone))
        recorder = asyncio.create_task(self._record())
        try:
            while True:
                self._bell.clear()
                begun = time.monotonic()
                try:
                    claimed = await self._claimed()
                except SQLAlchemyError as error:
                    log.error("outbox_unavailable", error=type(error).__name__)
                    claimed = []
                for row in claimed:
                    lane = asyncio.create_task(self._send(row, begun))
                    self._lanes.add(lane)
                    lane.add_done_callback(self._lane_done)
                if not claimed:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(TICK):  # wait_for can swallow a cancellation (bpo-37658)
                            await self._bell.wait()
        finally:
            if self._lanes:
                await asyncio.wait(self._lanes, timeout=30)
            recorder.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await recorder
            await self._flush()

    async def _claimed(self) -> list[Claimed]:
        """Claim; when that is cancelled half-way, what it took is given back: nobody will send it."""
        claiming = asyncio.create_task(self._claim())
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            rows = await claiming  # before the list is named: a flush may put another in its place meanwhile
            self._outcomes.extend(_unsent(row, 0) for row in rows)
            raise

    async def _claim(self) -> list[Claimed]:
        room = LANES - len(self._lanes)
        if room <= 0:
            return []

        quiet = self._quiet.at(datetime.now(UTC))

        def job(connection: Connection) -> list[Claimed]:
            if not alone:
                recover(connection, clock(connection))
            return claim(connection, self._channel.name, self._owner, room, replies_only=quiet)

        alone = self._database.dialect == "sqlite"
        return await self._database.write(job)

    def _lane_done(self, lane: asyncio.Task[None]) -> None:
        self._lanes.discard(lane)
        self._bell.set()

    async def _send(self, row: Claimed, claimed_at: float) -> None:
        if await self._in_time(row, claimed_at):
            outcome = await self._attempt(row)
        else:
            outcome = _unsent(row, 0)
        self._outcomes.append(outcome)
        self._settled.set()

    async def _in_time(self, row: Claimed, claimed_at: float) -> bool:
        """Wait for a slot; False when the lease might end before a send does: after a long pause, or frozen."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._limiter.slot(row.urgency)
        except TimeoutError:
            return False
        return time.monotonic() - claimed_at < PATIENCE + TICK

    async def _attempt(self, row: Claimed) -> Outcome:
        begun = False
        try:
            message: Message | str | None = read_payload(row, self._world.letters)
            if message is None:
                message = await self._database.write(lambda connection: self._written(connection, row))
            if isinstance(message, str):
                return Outcome(row.id, "cancelled", message)
            for part in plan(message, self._channel.capabilities):
                await self._channel.send(row.address, part)
                begun = True
        except RetryLater as error:
            if error.flooded:
                self._limiter.pause(error.after)
            return _unclear(row, "sent in part", error.after) if begun else _unsent(row, error.after)
        except Unreachable as error:
            return Outcome(row.id, "unreachable", str(error))
        except Rejected as error:
            return Outcome(row.id, "rejected", str(error))
        except Unknown as error:
            return _unclear(row, str(error), 1)
        except SQLAlchemyError as error:  # the message could not be written
            log.error("outbox_unavailable", error=type(error).__name__)
            return _unsent(row, TICK)
        except Exception as error:
            log.error("send_failed", kind=row.kind, error=type(error).__name__)
            return Outcome(row.id, "uncertain", type(error).__name__)
        return Outcome(row.id, "sent")

    def _written(self, connection: Connection, row: Claimed) -> Message | str:
        """The message of a row that holds none, in the person's language; or why it is not to be sent any more.

        Hours may lie between owing and sending: a person may have stopped since, a round may have closed.
        """
        self._world.refresh(connection)
        entry = self._world.rounds.get(row.round_id or 0)
        if entry is None:
            return "round closed"
        person = connection.execute(
            select(Person.language, Person.consent, Person.stopped).where(Person.id == row.person_id)
        ).first()
        if person is None or person.stopped or not person.consent:
            return "person stopped"
        again = row.kind != INVITE
        return invitation(self._world, row.channel, row.address, person.language, entry, again=again)

    async def _record(self) -> None:
        while True:
            await self._settled.wait()
            await asyncio.sleep(GATHER)
            self._settled.clear()
            try:
                await self._flush()
            except SQLAlchemyError as error:
                log.error("outbox_unavailable", error=type(error).__name__)
                await asyncio.sleep(TICK)
                self._settled.set()

    async def _flush(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return
        try:
            await self._database.write(lambda connection: self._write(connection, outcomes))
        except BaseException:
            self._outcomes = [*outcomes, *self._outcomes]
            raise
        self._bell.set()

    def _write(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        record(connection, self._owner, outcomes, clock(connection))
        lost = [outcome.id for outcome in outcomes if outcome.state == "unreachable"]
        if lost:
            stop_writing_to(connection, lost)


def _unsent(row: Claimed, after: float) -> Outcome:
    """Surely not sent: due again, and the attempt does not count."""
    return Outcome(row.id, "pending", "not sent yet", datetime.now(UTC) + timedelta(seconds=after), unsent=True)


def _unclear(row: Claimed, reason: str, after: float) -> Outcome:
    """It may have arrived: a reply goes out once more, anything else never again."""
    if row.kind in AGAIN and row.attempts < COPIES:
        return Outcome(row.id, "pending", reason, datetime.now(UTC) + timedelta(seconds=after))
    return Outcome(row.id, "uncertain", reason)


def stop_writing_to(connection: Connection, deliveries: Sequence[int]) -> None:
    """A block changes the person's address, not only the message; a word from there undoes it."""
    for row in connection.execute(select(Row.channel, Row.address).where(Row.id.in_(deliveries))).all():
        connection.execute(
            update(Address)
            .where(Address.channel == row.channel, Address.address == row.address)
            .values(reachable=False)
        )
