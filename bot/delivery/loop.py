"""Messages out: claim what is due, send it at the platform's pace, record what became of it.

Replies may go out a second time after a crash or an unclear answer, never a third; everything else goes out
once, and where nobody can know whether it arrived the ledger says `uncertain`.

One turn is one transaction: what became of the last messages is recorded, the next are claimed. They are claimed
just before their slots, so that a claim says "it may be under way", and a crash leaves few of them in doubt.
"""

import asyncio
import contextlib
import secrets

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import shared_rate
from bot.delivery.heartbeats import BEAT, beat, sign_off
from bot.delivery.ledger import MAX_COPIES, RESENDABLE, Claimed, Outcome, claim, record, recover
from bot.delivery.rate_limiter import Limiter, Paused
from bot.delivery.rendering import write
from handlers.fitting import plan
from handlers.messages import Channel, Message, Moved, Rejected, RetryLater, Unknown, Unreachable
from handlers.shared import SharedState
from storage.database import Database, clock
from surveys.rounds.delivery_states import DeliveryState
from surveys.rounds.quiet_hours import NEVER, QuietHours

log = structlog.get_logger()

MAX_IN_FLIGHT = 256  # sends under way at once; also the most that a crash can leave uncertain
CLAIM_TIMEOUT = (
    5.0  # seconds from a claim to its send; a process frozen for longer may have been given up by the others
)
TICK = 1.0  # seconds between looks when nobody rings
SHORTEST = 0.01  # seconds between turns when there is more to send than slots
FLUSH_DELAY = 0.02  # seconds in which outcomes gather before they are written together
REPLIES = 16  # may be claimed although the slots ahead are taken: they overtake the broadcasts waiting there
SHUTDOWN_TIMEOUT = 30.0  # seconds for what is under way when we stop


class Delivery:
    """Sends what one channel owes."""

    def __init__(
        self,
        database: Database,
        shared: SharedState,
        channel: Channel,
        limiter: Limiter,
        quiet: QuietHours = NEVER,
        *,
        owner: str = "",
    ) -> None:
        self._database = database
        self._shared = shared
        self._channel = channel
        self._limiter = limiter
        self._quiet = quiet
        self._owner = owner or secrets.token_hex(8)
        self._alone = database.dialect == "sqlite"  # one process at a time: whoever claimed before is gone
        self._woken = asyncio.Event()
        self._outcomes: list[Outcome] = []
        self._pause = 0.0  # seconds that everybody shall wait
        self._flooded: dict[str, float] = {}  # chats that were told to wait, and until when
        self._beaten = -BEAT
        self._gathering = False
        self._in_flight: set[asyncio.Task[None]] = set()
        limiter.bind(self.wake)

    def wake(self) -> None:
        """Something is due."""
        self._woken.set()

    async def run(self) -> None:
        """Send until cancelled; then finish what is under way and record it."""
        if self._alone:
            await self._database.write(
                lambda connection: recover(connection, clock(connection), owners_gone=True, channel=self._channel.name)
            )
        try:
            while True:
                self._woken.clear()
                try:
                    wait = await self._turn()
                except SQLAlchemyError as error:
                    log.error("outbox_unavailable", error=type(error).__name__)
                    wait = TICK
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):  # wait_for can swallow a cancellation (bpo-37658)
                        await self._woken.wait()
        finally:
            self._limiter.release()
            if self._in_flight:
                await asyncio.wait(self._in_flight, timeout=SHUTDOWN_TIMEOUT)
            with contextlib.suppress(SQLAlchemyError):  # the others take over what we could not write
                await self._database.write(self._end)

    async def _turn(self) -> float:
        """Record and claim; returns for how long nothing more can be done unless the bell rings."""
        now = asyncio.get_running_loop().time()
        free = MAX_IN_FLIGHT - len(self._in_flight)
        room = min(self._limiter.room(now), free)
        replies = 0 if self._limiter.paused(now) else min(REPLIES, free)
        claimed = await self._claimed(room, replies)
        for row, message in claimed:
            self._start(row, message, now)
        if self._limiter.wanting:
            await self._reserve()
        if not free or len(claimed) < room:
            return TICK
        return min(TICK, max(SHORTEST, self._limiter.resumes(asyncio.get_running_loop().time())))

    async def _claimed(self, room: int, replies: int) -> list[tuple[Claimed, Message | Outcome]]:
        """One transaction. When that is cancelled half-way, what it took is given back: nobody will send it."""
        outcomes, self._outcomes = self._outcomes, []
        seconds, self._pause = self._pause, 0.0
        now = asyncio.get_running_loop().time()
        beats = now - self._beaten >= BEAT

        def job(connection: Connection) -> list[tuple[Claimed, Message | Outcome]]:
            moment = clock(connection)
            record(connection, self._owner, outcomes, moment)
            if seconds:
                shared_rate.pause(connection, self._channel.name, seconds)
            if beats and not self._alone:
                self._limiter.alone = beat(connection, self._owner, self._channel.name, moment) < 2
                recover(connection, moment)
            if not room and not replies:
                return []
            only = not room or self._quiet.at(moment)
            rows = claim(connection, self._channel.name, self._owner, room or replies, replies_only=only)
            return write(connection, self._shared, rows, moment)

        writing, stopped = asyncio.create_task(self._database.write(job)), False
        try:
            await asyncio.wait([writing])
        except asyncio.CancelledError:
            stopped = True
            await asyncio.wait([writing])
        if writing.exception():
            self._outcomes = [*outcomes, *self._outcomes]
            self._pause = max(self._pause, seconds)
        elif stopped:
            self._outcomes.extend(_unsent(row, 0) for row, _ in writing.result())
        if stopped:
            raise asyncio.CancelledError
        self._beaten = now if beats and not writing.exception() else self._beaten
        return writing.result()

    async def _reserve(self) -> None:
        count, interval = self._limiter.wanting, self._limiter.interval
        name = self._channel.name
        reserved = await self._database.apart(lambda connection: shared_rate.reserve(connection, name, count, interval))
        self._limiter.grant(reserved, asyncio.get_running_loop().time())

    def _start(self, row: Claimed, message: Message | Outcome, claimed_at: float) -> None:
        if isinstance(message, Outcome):
            self._settle(message)
            return
        slot = self._limiter.queue(row.urgency)
        lane = asyncio.create_task(self._send(row, message, slot, claimed_at))
        self._in_flight.add(lane)
        lane.add_done_callback(self._in_flight.discard)

    async def _send(self, row: Claimed, message: Message, slot: asyncio.Future[None], claimed_at: float) -> None:
        outcome = await self._attempt(row, message, slot, claimed_at)
        if outcome.held:
            outcome = self._waits(row, outcome)
        self._settle(outcome)

    def _settle(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        if not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_later(FLUSH_DELAY, self._gathered)

    def _gathered(self) -> None:
        self._gathering = False
        self._woken.set()

    async def _attempt(self, row: Claimed, message: Message, slot: asyncio.Future[None], claimed_at: float) -> Outcome:
        loop = asyncio.get_running_loop()
        begun, address, moved = False, row.address, ""
        parts = list(plan(message, self._channel.capabilities))
        try:
            while parts:
                async with asyncio.timeout_at(claimed_at + CLAIM_TIMEOUT):
                    await slot
                if loop.time() > claimed_at + CLAIM_TIMEOUT:  # frozen, or a clock that slept
                    raise TimeoutError
                try:
                    await self._channel.send(moved or address, parts[0])
                    begun = True
                    del parts[0]
                except Moved as error:
                    if moved:
                        raise Rejected("chat moved twice") from None
                    moved = error.address
                if parts:  # each is a message to the platform
                    claimed_at = loop.time()
                    slot = self._limiter.queue(row.urgency)
                    self._woken.set()
        except (TimeoutError, Paused):
            return _unclear(row, "sent in part", 0) if begun else _unsent(row, 0)
        except RetryLater as error:
            if begun:
                return _unclear(row, "sent in part", error.after)
            return _unsent(row, error.after, held=error.flooded)
        except Unreachable as error:
            return Outcome(row.id, DeliveryState.UNREACHABLE, str(error))
        except Rejected as error:
            return Outcome(row.id, DeliveryState.REJECTED, str(error))
        except Unknown as error:
            return _unclear(row, str(error), 1)
        except Exception as error:
            log.error("send_failed", kind=row.kind, error=type(error).__name__)
            return Outcome(row.id, DeliveryState.UNCERTAIN, type(error).__name__)
        return Outcome(row.id, DeliveryState.SENT, address=moved)

    def _waits(self, row: Claimed, outcome: Outcome) -> Outcome:
        """The platform asked for a pause: of this chat, when it got something lately; else of everybody.

        When two chats are asked at once it was meant for everybody too.
        """
        now = asyncio.get_running_loop().time()
        self._flooded = {chat: until for chat, until in self._flooded.items() if until > now}
        self._flooded[row.address] = now + outcome.after
        if row.recent and len(self._flooded) < 2:
            return outcome
        self._limiter.pause(outcome.after, now)
        self._pause = max(self._pause, outcome.after)
        self._woken.set()
        return outcome

    def _end(self, connection: Connection) -> None:
        record(connection, self._owner, self._outcomes, clock(connection))
        sign_off(connection, self._owner)


def _unsent(row: Claimed, after: float, *, held: bool = False) -> Outcome:
    """Surely not sent: due again, and the attempt does not count."""
    return Outcome(row.id, DeliveryState.PENDING, "not sent yet", after, unsent=True, held=held)


def _unclear(row: Claimed, reason: str, after: float) -> Outcome:
    """It may have arrived: a reply goes out once more, anything else never again."""
    if row.kind in RESENDABLE and row.attempts < MAX_COPIES:
        return Outcome(row.id, DeliveryState.PENDING, reason, after)
    return Outcome(row.id, DeliveryState.UNCERTAIN, reason)
