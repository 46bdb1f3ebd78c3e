"""The delivery ledger's rows: owe a message, claim what is due, record what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, literal, select, update

from handlers.messages import Message
from handlers.visit import Visit
from storage.database import clock
from storage.models import Delivery
from surveys.sealing import Seal

OUTBOX = b"delivery"  # where a sealed payload stands
URGENCY = {"reply": 0, "notice": 1, "broadcast": 2}
LEASE = timedelta(seconds=60)  # a send takes at most 35 s; the rest is waiting for a slot
AGAIN = ("reply",)  # kinds of which a second copy does no harm; all others are sent once
COPIES = 2  # of those, at most


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may send now."""

    id: int
    round_id: int | None
    kind: str
    person_id: int
    channel: str
    address: str
    urgency: int
    payload: dict[str, Any] | None
    attempts: int  # this one included


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed message: a final state, or `pending` again from `due_at`."""

    id: int
    state: str
    reason: str = ""
    due_at: datetime | None = None
    unsent: bool = False  # surely not sent: the attempt does not count


def owe_replies(connection: Connection, visits: Sequence[Visit], now: datetime) -> int:
    """Store the replies of these visits, to be sent once this transaction is committed."""
    rows = [
        {
            "round_id": None,
            "kind": "reply",
            "person_id": visit.person.id,
            "channel": visit.inbound.channel,
            "address": visit.inbound.address,
            "urgency": URGENCY[message.urgency],
            "payload": visit.world.letters.close(OUTBOX, message.to_dict()),
            "state": "pending",
            "reason": "",
            "attempts": 0,
            "due_at": now,
            "owner": "",
        }
        for visit in visits
        for message in visit.replies
    ]
    if rows:
        connection.execute(insert(Delivery), rows)
    return len(rows)


# In the statement's text: with a parameter in its place no store could use the index of waiting rows.
_PENDING = literal("pending", literal_execute=True)
_EARLIER = Delivery.__table__.alias("earlier")
# One address gets its messages in order: a later one waits until the earlier is settled. Behind OFFSET PostgreSQL
# asks the index for each row, instead of joining the whole ledger with itself.
_BLOCKED = exists(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.channel == Delivery.channel,
        _EARLIER.c.address == Delivery.address,
        _EARLIER.c.state.in_(("pending", "claimed")),
        _EARLIER.c.urgency == Delivery.urgency,
        _EARLIER.c.id < Delivery.id,
    )
    .offset(0)
    .correlate(Delivery)
)
_COLUMNS = [getattr(Delivery, name) for name in Claimed.__slots__]


def claim(connection: Connection, channel: str, owner: str, limit: int, *, replies_only: bool = False) -> list[Claimed]:
    """Take what is due, replies first, one at a time for each address; nobody else can take it until the lease
    ends. On PostgreSQL several processes claim side by side."""
    now = clock(connection)
    due = (
        select(Delivery.id)
        .where(Delivery.channel == channel, Delivery.state == _PENDING, Delivery.due_at <= now, ~_BLOCKED)
        .order_by(Delivery.urgency, Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if replies_only:
        due = due.where(Delivery.urgency == 0)
    ids = connection.execute(due).scalars().all()
    if not ids:
        return []
    rows = connection.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == "pending")
        .values(state="claimed", owner=owner, lease_until=now + LEASE, attempts=Delivery.attempts + 1)
        .returning(*_COLUMNS)
    ).all()
    return sorted((Claimed(*row) for row in rows), key=lambda row: (row.urgency, row.id))


_SETTLE = (
    update(Delivery)
    .where(Delivery.id == bindparam("key"), Delivery.owner == bindparam("key_owner"), Delivery.state == "claimed")
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        settled_at=bindparam("settled_at"),
        payload=None,
        owner="",
        lease_until=None,
    )
)
_RETURN = (
    update(Delivery)
    .where(Delivery.id == bindparam("key"), Delivery.owner == bindparam("key_owner"), Delivery.state == "claimed")
    .values(
        state="pending",
        reason=bindparam("reason"),
        due_at=bindparam("due_at"),
        attempts=Delivery.attempts - bindparam("unsent"),
        owner="",
        lease_until=None,
    )
)


def record(connection: Connection, owner: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write outcomes; a row that somebody else has taken over since is left to them. Payloads are emptied."""
    settled = [
        {"key": each.id, "key_owner": owner, "state": each.state, "reason": each.reason, "settled_at": now}
        for each in outcomes
        if each.due_at is None
    ]
    returned = [
        {
            "key": each.id,
            "key_owner": owner,
            "reason": each.reason,
            "due_at": each.due_at,
            "unsent": int(each.unsent),
        }
        for each in outcomes
        if each.due_at is not None
    ]
    for statement, rows in ((_SETTLE, settled), (_RETURN, returned)):
        if rows:
            connection.execute(statement, rows)


def recover(connection: Connection, now: datetime, *, owners_gone: bool = False) -> int:
    """Settle what a process that died had claimed. Returns the number of rows.

    A reply goes out again unless it already has its second copy; anything else may have arrived, is never sent
    again blindly, and is listed as uncertain. `owners_gone`: no other process can be alive (SQLite, at start).
    """
    stranded = Delivery.state == "claimed"
    if not owners_gone:
        stranded = stranded & (Delivery.lease_until < now)
    again = connection.execute(
        update(Delivery)
        .where(stranded, Delivery.kind.in_(AGAIN), Delivery.attempts < COPIES)
        .values(state="pending", owner="", lease_until=None, due_at=now, reason="process ended")
    ).rowcount
    uncertain = connection.execute(
        update(Delivery)
        .where(stranded)
        .values(
            state="uncertain",
            owner="",
            lease_until=None,
            settled_at=now,
            payload=None,
            reason="process ended",
        )
    ).rowcount
    return again + uncertain


def read_payload(row: Claimed, letters: Seal) -> Message | None:
    """The stored message; None for one that is written when it is sent. Raises `SealBroken`."""
    return Message.from_dict(letters.open(OUTBOX, row.payload)) if row.payload is not None else None
