"""The delivery ledger's rows: owe a message, claim what is due, record what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, insert, literal, or_, select, update

from bot.delivery.heartbeats import is_dead
from handlers.messages import Message
from handlers.tickets.notifications import OUTBOX
from handlers.visit import Visit
from storage.database import clock
from storage.tables import Address, Delivery
from storage.tables.delivery import LEASE as LEASE
from surveys.rounds.delivery_states import GOING, WAITING, DeliveryKind, DeliveryState
from surveys.secrecy.cipher import Cipher

URGENCY = {"reply": 0, "notice": 1, "broadcast": 2}
RESENDABLE = (DeliveryKind.REPLY,)  # kinds of which a second copy does no harm; all others are sent once
MAX_COPIES = 2  # of those, at most
# Telegram asks for one message a second to a chat, and bears a burst. Somebody who taps through a whole
# questionnaire, some seventeen messages, must not wait.
CHAT_BURST, CHAT_WINDOW, CHAT_PAUSE = 20, timedelta(seconds=20), timedelta(seconds=1)


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
    recent: int = 0  # messages that this chat got in the last seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed message: a final state, or `pending` again after so many seconds."""

    id: int
    state: DeliveryState
    reason: str = ""
    after: float = 0.0  # seconds
    unsent: bool = False  # surely not sent: the attempt does not count
    held: bool = False  # the chat is flooded: everything that waits for it waits so long
    address: str = ""  # the chat moved there


def owe_replies(connection: Connection, visits: Sequence[Visit], now: datetime) -> int:
    """Store the replies of these visits, to be sent once this transaction is committed."""
    rows = [
        {
            "round_id": None,
            "kind": DeliveryKind.REPLY,
            "person_id": visit.person.id,
            "channel": visit.inbound.channel,
            "address": visit.inbound.address,
            "urgency": URGENCY[message.urgency],
            "payload": visit.shared.message_cipher.encrypt(OUTBOX, message.to_dict()),
            "state": DeliveryState.PENDING,
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
_PENDING = literal(DeliveryState.PENDING.value, literal_execute=True)
_CLAIMED = literal(DeliveryState.CLAIMED.value, literal_execute=True)
_EARLIER = Delivery.__table__.alias("earlier")
# One address gets its messages in order: a later one waits until the earlier is settled. Behind OFFSET PostgreSQL
# asks the index for each row, instead of joining the whole ledger with itself.
_BLOCKED = exists(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.channel == Delivery.channel,
        _EARLIER.c.address == Delivery.address,
        _EARLIER.c.state.in_(GOING),
        _EARLIER.c.urgency == Delivery.urgency,
        _EARLIER.c.id < Delivery.id,
    )
    .offset(0)
    .correlate(Delivery)
)
_COLUMNS = [getattr(Delivery, name) for name in Claimed.__slots__ if name != "recent"]


def claim(connection: Connection, channel: str, owner: str, limit: int, *, replies_only: bool = False) -> list[Claimed]:
    """Take what is due, replies first, one at a time for each address; nobody else can take it until the lease
    ends. On PostgreSQL several processes claim side by side."""
    now = clock(connection)
    due = (
        select(Delivery.id, Delivery.address)
        .where(Delivery.channel == channel, Delivery.state == _PENDING, Delivery.due_at <= now, ~_BLOCKED)
        .order_by(Delivery.urgency, Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if replies_only:
        due = due.where(Delivery.urgency == 0)
    found = connection.execute(due).all()
    if not found:
        return []
    recent = _recent(connection, channel, [row.address for row in found], now)
    crowded = {
        address: last + CHAT_PAUSE
        for address, (count, last) in recent.items()
        if count >= CHAT_BURST and last > now - CHAT_PAUSE
    }
    for address, until in crowded.items():
        _hold(connection, channel, address, until)
    ids = [row.id for row in found if row.address not in crowded]
    rows = connection.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == DeliveryState.PENDING)
        .values(state=DeliveryState.CLAIMED, owner=owner, lease_until=now + LEASE, attempts=Delivery.attempts + 1)
        .returning(*_COLUMNS)
    ).all()
    claimed = [replace(Claimed(*row), recent=recent.get(row.address, (0, now))[0]) for row in rows]
    return sorted(claimed, key=lambda row: (row.urgency, row.id))


def _recent(
    connection: Connection, channel: str, addresses: Sequence[str], now: datetime
) -> dict[str, tuple[int, datetime]]:
    """How many messages these chats got in the last seconds, and when the last of them."""
    rows = connection.execute(
        select(Delivery.address, func.count(), func.max(Delivery.settled_at))
        .where(
            Delivery.channel == channel,
            Delivery.address.in_(addresses),
            Delivery.state == DeliveryState.SENT,
            Delivery.settled_at > now - CHAT_WINDOW,
        )
        .group_by(Delivery.address)
    ).all()
    return {address: (count, last or now) for address, count, last in rows}


def _hold(connection: Connection, channel: str, address: str, until: datetime) -> None:
    """Nothing goes to this chat before that moment."""
    waiting = Delivery.state == DeliveryState.PENDING, Delivery.due_at < until
    connection.execute(
        update(Delivery).where(Delivery.channel == channel, Delivery.address == address, *waiting).values(due_at=until)
    )


# A process that was only silent may still tell what became of what is listed as uncertain meanwhile.
_MINE = and_(Delivery.id == bindparam("key"), Delivery.owner == bindparam("key_owner"))
_SETTLE = (
    update(Delivery)
    .where(_MINE, or_(Delivery.state == DeliveryState.CLAIMED, Delivery.state == DeliveryState.UNCERTAIN))
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        settled_at=bindparam("settled_at"),
        payload=None,
        owner="",
        # Of what was sent it stays: it tells when the sending began, and so which words came before.
        lease_until=case((bindparam("state") == "sent", Delivery.lease_until), else_=None),
    )
)
_RETURN = (
    update(Delivery)
    .where(_MINE, Delivery.state == DeliveryState.CLAIMED)
    .values(
        state=DeliveryState.PENDING,
        reason=bindparam("reason"),
        due_at=bindparam("due_at"),
        attempts=Delivery.attempts - bindparam("unsent"),
        owner="",
        lease_until=None,
    )
)


def record(connection: Connection, owner: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write outcomes; a row that somebody else has taken over since is left to them. Payloads are emptied."""
    settled, returned = [], []
    for each in outcomes:
        mine = {"key": each.id, "key_owner": owner, "reason": each.reason}
        if each.state == DeliveryState.PENDING:
            due = now + timedelta(seconds=each.after)
            returned.append({**mine, "due_at": due, "unsent": int(each.unsent)})
        else:
            settled.append({**mine, "state": each.state, "settled_at": now})
    for statement, rows in ((_SETTLE, settled), (_RETURN, returned)):
        if rows:
            connection.execute(statement, rows)
    for each in outcomes:
        if each.held or each.address or each.state == DeliveryState.UNREACHABLE:
            _update_address(connection, each, now)


def _update_address(connection: Connection, outcome: Outcome, now: datetime) -> None:
    """What a send taught about the chat, not only about the message; a word from there makes it reachable again."""
    row = connection.execute(select(Delivery.channel, Delivery.address).where(Delivery.id == outcome.id)).first()
    if row is None:
        return
    if outcome.held:
        _hold(connection, row.channel, row.address, now + timedelta(seconds=outcome.after))
        return
    here = Address.channel == row.channel, Address.address == row.address
    if outcome.state == DeliveryState.UNREACHABLE:
        connection.execute(update(Address).where(*here).values(reachable=False))
        broadcasts = Delivery.state.in_(WAITING), Delivery.kind.not_in(RESENDABLE)
        connection.execute(
            update(Delivery)
            .where(Delivery.channel == row.channel, Delivery.address == row.address, *broadcasts)
            .values(state=DeliveryState.UNREACHABLE, reason=outcome.reason, settled_at=now)
        )
        return
    taken = select(Address.address).where(Address.channel == row.channel, Address.address == outcome.address)
    if connection.execute(taken).first() is None:
        connection.execute(update(Address).where(*here).values(address=outcome.address))
    waiting = or_(Delivery.state.in_(WAITING), Delivery.id == outcome.id)
    connection.execute(
        update(Delivery)
        .where(Delivery.channel == row.channel, Delivery.address == row.address, waiting)
        .values(address=outcome.address)
    )


def recover(connection: Connection, now: datetime, *, owners_gone: bool = False, channel: str = "") -> int:
    """Settle what a process that died had claimed. Returns the number of rows.

    A reply goes out again unless it already has its second copy; anything else may have arrived, is never sent
    again blindly, and is listed as uncertain. `owners_gone`: no other process can be alive (SQLite, at start).
    `channel`: only what was to go there; the others may be sending already.
    """
    stranded = Delivery.state == _CLAIMED
    if channel:
        stranded = stranded & (Delivery.channel == channel)
    if not owners_gone:
        stranded = stranded & ((Delivery.lease_until < now) | is_dead(Delivery.owner, now))
    again = connection.execute(
        update(Delivery)
        .where(stranded, Delivery.kind.in_(RESENDABLE), Delivery.attempts < MAX_COPIES)
        .values(state=DeliveryState.PENDING, owner="", lease_until=None, due_at=now, reason="process ended")
    ).rowcount
    uncertain = connection.execute(
        update(Delivery)
        .where(stranded)
        .values(state=DeliveryState.UNCERTAIN, lease_until=None, settled_at=now, payload=None, reason="process ended")
    ).rowcount
    return again + uncertain


def read_payload(row: Claimed, message_cipher: Cipher) -> Message | None:
    """The stored message; None for one that is written when it is sent. Raises `CipherError`."""
    return Message.from_dict(message_cipher.decrypt(OUTBOX, row.payload)) if row.payload is not None else None
