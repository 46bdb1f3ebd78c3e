"""The row that all senders of a bot share: slots are reserved by one statement, a pause reaches everybody.

Moments are microseconds since 1970 by the database's clock, the one that all machines agree on. A reservation is
a single statement in a transaction of its own on PostgreSQL, so that a process frozen half-way holds nobody up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, extract, func, literal, update

from storage.database import clock, insert_into
from storage.tables import Pace

SECOND = 1_000_000  # in the row's unit
FARTHEST = 30 * SECOND  # nobody reserves so far ahead: a later slot comes from a clock that was set back


@dataclass(frozen=True, slots=True)
class Reserved:
    """Slots at an even pace from `start`; `now` is the database's clock when they were reserved."""

    start: float  # seconds
    now: float
    count: int
    paused: bool  # they lie behind a pause that the platform asked for


def reserve(connection: Connection, channel: str, count: int, interval: float) -> Reserved:
    """Take the next `count` slots, `interval` seconds apart."""
    now = _now(connection)
    greatest: Callable[..., Any] = func.max if connection.dialect.name == "sqlite" else func.greatest
    # After a rest the pace starts anew: slots not used are not saved up for a burst.
    free = case((Pace.next_slot > now + FARTHEST, now), else_=greatest(Pace.next_slot, now))
    span = round(count * interval * SECOND)
    row = connection.execute(
        update(Pace)
        .where(Pace.channel == channel)
        .values(next_slot=greatest(free, Pace.paused_until) + span)
        .returning(Pace.next_slot, Pace.paused_until, now.label("now"))
    ).first()
    if row is None:
        _begin(connection, channel)
        return reserve(connection, channel, count, interval)
    start = row.next_slot - span
    return Reserved(start / SECOND, row.now / SECOND, count, paused=row.paused_until > row.now)


def pause(connection: Connection, channel: str, seconds: float) -> None:
    """Nobody sends for so long; a shorter pause does not end a longer one."""
    _begin(connection, channel)
    until = _now(connection) + round(seconds * SECOND)
    connection.execute(
        update(Pace).where(Pace.channel == channel, Pace.paused_until < until).values(paused_until=until)
    )


def _begin(connection: Connection, channel: str) -> None:
    row = {"channel": channel, "next_slot": 0, "paused_until": 0}
    connection.execute(insert_into(connection, Pace).values(row).on_conflict_do_nothing())


def _now(connection: Connection) -> ColumnElement[int]:
    if connection.dialect.name == "sqlite":
        return literal(int(clock(connection).timestamp() * SECOND), BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * SECOND, BigInteger)
