"""Which processes send, and which of them are silent: theirs is taken over by the others."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute

from storage.database import insert_into
from storage.tables import Sender

BEAT = 2.0  # seconds between signs of life
SILENT = timedelta(seconds=10)  # a process that was not heard of for so long is taken for dead
KEPT = timedelta(days=1)


def beat(connection: Connection, owner: str, channel: str, now: datetime) -> int:
    """Give a sign of life; returns how many processes are alive, this one included."""
    row = {"owner": owner, "channel": channel, "seen_at": now}
    statement = insert_into(connection, Sender).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["owner"], set_={"seen_at": now}))
    connection.execute(delete(Sender).where(Sender.seen_at < now - KEPT))
    alive = select(func.count()).where(Sender.channel == channel, Sender.seen_at > now - SILENT)
    return connection.execute(alive).scalar_one()


def sign_off(connection: Connection, owner: str) -> None:
    """This process sends no more and has given back what it had claimed."""
    connection.execute(delete(Sender).where(Sender.owner == owner))


def is_dead(owner: InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether the process behind this column is taken for dead."""
    alive = select(Sender.owner).where(Sender.seen_at > now - SILENT)
    return owner.not_in(alive)
