"""APScheduler is only the clock: it wakes due work, and the rows say what is due."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection, delete

from bot.inbox.states import EventState
from handlers.shared import SharedState
from handlers.tickets.reminders import tidy as tidy_help
from handlers.tickets.reminders import wake as wake_requests
from storage.database import Database
from storage.retention import blur_timestamps
from storage.tables import Delivery, Event, ShortCode, StaffCode, StaffSession
from surveys.closing.closing import wake as finish_closes
from surveys.privacy.erasure import scrub
from surveys.rounds.delivery_states import DeliveryKind
from surveys.rounds.lifecycle import wake as advance_rounds
from surveys.rounds.send_policy import Sending

log = structlog.get_logger()

CLOSES = 60  # seconds between looks for a close that a crash cut off
SCRUBS = 10  # seconds between looks for deletions that left bytes
DUE = 5  # seconds between looks at what rounds want
INBOX_KEPT = timedelta(days=8)  # Telegram's numbers start anew after a week of silence; until then they tell twins
REPLIES_KEPT = timedelta(days=1)  # settled replies hold nothing; they are only counted


def start_clock(
    database: Database, shared: SharedState, wake: Callable[[], None], sending: Sending
) -> AsyncIOScheduler:
    """Wake the delivery every second, see what rounds are due every few, tidy up every hour."""
    vault = shared.vault
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})

    async def clean() -> None:
        await database.write(tidy)
        if database.dialect == "sqlite":
            await database.read(checkpoint)

    async def rounds() -> None:
        for done in await database.write(
            lambda connection: advance_rounds(connection, vault, datetime.now(UTC), sending)
        ):
            log.info("round_due", done=done)
            wake()

    async def requests() -> None:
        if await database.write(lambda connection: wake_requests(connection, shared, datetime.now(UTC))):
            wake()

    async def closes() -> None:
        # on a thread of its own: it takes its transactions itself, step by step
        for done in await asyncio.to_thread(finish_closes, database, vault, datetime.now(UTC)):
            log.info("close_finished", round=done)

    async def scrubs() -> None:
        if done := await asyncio.to_thread(scrub, database, datetime.now(UTC)):
            log.info("deletions_finished", number=done)

    scheduler.add_job(wake, "interval", seconds=1)
    scheduler.add_job(_until_stopped(scrubs), "interval", seconds=SCRUBS)
    scheduler.add_job(_until_stopped(closes), "interval", seconds=CLOSES, next_run_time=datetime.now(UTC))
    scheduler.add_job(_until_stopped(rounds), "interval", seconds=DUE, next_run_time=datetime.now(UTC))
    scheduler.add_job(_until_stopped(requests), "interval", seconds=DUE, next_run_time=datetime.now(UTC))
    scheduler.add_job(
        _until_stopped(clean), "interval", hours=1, next_run_time=datetime.now(UTC) + timedelta(minutes=1)
    )
    scheduler.start()
    return scheduler


def _until_stopped(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A job that the end of the program cuts off has not failed."""

    async def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await job()

    return run


def tidy(connection: Connection) -> None:
    """Delete what has served its purpose."""
    now = datetime.now(UTC)
    blur_timestamps(connection, now)
    tidy_help(connection, now)
    connection.execute(delete(Event).where(Event.state != EventState.NEW, Event.received_at < now - INBOX_KEPT))
    connection.execute(
        delete(Delivery).where(Delivery.kind == DeliveryKind.REPLY, Delivery.settled_at < now - REPLIES_KEPT)
    )
    connection.execute(delete(ShortCode).where(ShortCode.expires_at < now))
    connection.execute(delete(StaffCode).where(StaffCode.expires_at < now))
    connection.execute(delete(StaffSession).where(StaffSession.expires_at < now))


def checkpoint(connection: Connection) -> None:
    """Fold SQLite's write-ahead log into the file and empty it, so that overwritten bytes are gone there too."""
    connection.rollback()
    connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
