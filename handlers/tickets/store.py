"""Requests for a person's help: opened, taken, answered, closed; who is told, and when they are reminded.

Neither side learns the other's address: both write to the program, which hides phone numbers on the way.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from handlers.shared import SharedState
from handlers.staff.chat_links import chat_digest
from handlers.tickets.states import TicketState
from places.units import Territory
from storage.tables import Address, Duty, Person, Staff, StaffChat, Ticket, TicketLine
from surveys.permissions import STAFF_COLUMNS, StaffMember, may_around, read_member
from surveys.roles import Deed
from vietnamese.masking import mask_everything, mask_mobiles, shortened

WAITS = timedelta(hours=2)  # before those who may take a request are reminded
URGENT_WAITS = timedelta(minutes=10)
TAKEN_WAITS = timedelta(hours=24)  # before who took it is reminded
RESTS = timedelta(days=7)  # an answered request that nobody adds to closes itself
KEPT = timedelta(days=90)  # then a closed request is deleted with its words
REMINDERS = 3  # at most, each waiting longer
LONGEST = 3000  # characters of one message


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A `ticket` row."""

    id: int
    person_id: int
    unit_id: int | None
    state: TicketState
    urgent: bool
    staff_id: int | None
    channel: str
    address: str
    opened_at: datetime
    due_at: datetime | None
    reminded: int = 0
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketReceiver:
    """A chat in which somebody on duty is told of requests."""

    channel: str
    address: str
    person_id: int
    language: str
    member: StaffMember


_TICKET = tuple(getattr(Ticket, name) for name in TicketRow.__slots__)


def _read(row: Row[*tuple[Any, ...]]) -> TicketRow:
    values = row._asdict()
    return TicketRow(**values | {"state": TicketState(values["state"])})


def number(ticket_id: int) -> str:
    """What people call a request."""
    return f"{ticket_id % 10_000:04d}"


def resident_words(text: str) -> str:
    """What a resident wrote, without phone numbers, numbers of papers, links and names that are announced."""
    return mask_everything(text, longest=LONGEST)


def staff_words(text: str) -> str:
    """What somebody of the staff wrote, without mobile numbers."""
    return shortened(mask_mobiles(text.strip()), LONGEST)


def find(connection: Connection, ticket_id: int) -> TicketRow | None:
    """A request, locked until this transaction ends: nobody changes it between the look and the deed."""
    row = connection.execute(select(*_TICKET).where(Ticket.id == ticket_id).with_for_update()).first()
    return _read(row) if row is not None else None


def current(connection: Connection, person_id: int) -> TicketRow | None:
    """The request of somebody that is not closed, locked like one that was found."""
    mine = select(*_TICKET).where(Ticket.person_id == person_id, Ticket.state != TicketState.CLOSED)
    row = connection.execute(mine.order_by(Ticket.opened_at.desc()).limit(1).with_for_update()).first()
    return _read(row) if row is not None else None


def transcript(connection: Connection, ticket_id: int) -> Sequence[Any]:
    """The messages of a request: by_staff, text, at."""
    lines = select(TicketLine.by_staff, TicketLine.text, TicketLine.at).where(TicketLine.ticket_id == ticket_id)
    return connection.execute(lines.order_by(TicketLine.id)).all()


def opened(ticket: TicketRow) -> Any:
    """The statement that stores a new request."""
    return insert(Ticket).values(**asdict(ticket))


def change(connection: Connection, ticket: TicketRow) -> None:
    """Store what became of a request at once: the next event of the same batch must see it."""
    connection.execute(update(Ticket).where(Ticket.id == ticket.id).values(**asdict(ticket)))


def said(ticket: TicketRow, text: str, now: datetime, *, by_staff: bool = False) -> Any:
    """The statement that adds a message."""
    return insert(TicketLine).values(ticket_id=ticket.id, by_staff=by_staff, text=text, at=now)


def patience(ticket: TicketRow) -> timedelta:
    """How long it may wait before the next reminder."""
    first = URGENT_WAITS if ticket.urgent else TAKEN_WAITS if ticket.staff_id is not None else WAITS
    return first * int(3**ticket.reminded)


def receivers_for(
    connection: Connection, shared: SharedState, ticket: TicketRow, *, everybody: bool = False
) -> list[TicketReceiver]:
    """Whom to tell: who took it; else the hamlet's digital group, unless it is urgent; else all who may take it."""
    receivers = [
        receiver for receiver in on_duty(connection, shared) if may_take(shared.territory, receiver.member, ticket)
    ]
    if ticket.staff_id is not None:
        return [receiver for receiver in receivers if receiver.member.id == ticket.staff_id]
    group = [receiver for receiver in receivers if receiver.member.role_allows(Deed.HELP_AT_DOORSTEP)]
    desk = [receiver for receiver in receivers if receiver not in group]
    if ticket.urgent and not everybody:  # rather the commune's desk than neighbours
        return desk or receivers
    near = [receiver for receiver in group if receiver.member.unit_id == ticket.unit_id]
    return receivers if everybody else near or desk or receivers


def on_duty(connection: Connection, shared: SharedState) -> list[TicketReceiver]:
    """All chats on duty that are still somebody's of the staff."""
    linked = {tuple(row) for row in connection.execute(select(StaffChat.digest, StaffChat.staff_id))}
    rows = connection.execute(
        select(Duty.channel, Duty.address, Duty.person_id, Person.language, *STAFF_COLUMNS)
        .join(Staff, Staff.id == Duty.staff_id)
        .join(Person, Person.id == Duty.person_id)
        .order_by(Staff.id)
    )
    receivers = [TicketReceiver(*row[:4], read_member(row[4:])) for row in rows]
    return [
        receiver
        for receiver in receivers
        if (chat_digest(shared.key, receiver.channel, receiver.address), receiver.member.id) in linked
    ]


def may_take(territory: Territory, member: StaffMember, ticket: TicketRow) -> bool:
    """Whether somebody may take a request: from their unit, or from the commune around it."""
    return may_around(territory, member, Deed.ANSWER_TICKETS, ticket.unit_id)


def open_to(connection: Connection, shared: SharedState, member: StaffMember) -> list[TicketRow]:
    """The requests that somebody of the staff has or may take: the urgent, the unanswered, the oldest first."""
    rows = connection.execute(
        select(*_TICKET)
        .where(Ticket.state != TicketState.CLOSED)
        .order_by(Ticket.urgent.desc(), Ticket.state == TicketState.ANSWERED, Ticket.opened_at)
    )
    return [ticket for ticket in (_read(row) for row in rows) if may_see(shared.territory, member, ticket)]


def may_see(territory: Territory, member: StaffMember, ticket: TicketRow) -> bool:
    """Theirs, or nobody's yet and for them to take."""
    if ticket.staff_id is not None:
        return ticket.staff_id == member.id and member.role_allows(Deed.ANSWER_TICKETS)
    return may_take(territory, member, ticket)


def may_tell(connection: Connection, shared: SharedState, ticket: TicketRow, now: datetime) -> bool:
    """Whether who asked can be told now, where they asked; else they come back for the answer."""
    able = shared.able(ticket.channel)
    if not able.window:
        return able.can_push
    here = Address.channel == ticket.channel, Address.address == ticket.address
    try_text = connection.execute(select(func.coalesce(Address.heard_at, Address.since)).where(*here)).scalar()
    return try_text is not None and try_text > now - able.window


def unread(connection: Connection, shared: SharedState, person_id: int) -> list[Any]:
    """The answers that could not be sent to somebody, since they wrote last: id, text."""
    here = and_(Address.channel == Ticket.channel, Address.address == Ticket.address)
    try_text = func.coalesce(Address.heard_at, Address.since).label("heard_at")
    rows = connection.execute(
        select(Ticket.id, Ticket.channel, TicketLine.text, TicketLine.at, Person.seen_at, try_text)
        .join(TicketLine, TicketLine.ticket_id == Ticket.id)
        .join(Person, Person.id == Ticket.person_id)
        .outerjoin(Address, here)
        .where(Ticket.person_id == person_id, TicketLine.by_staff)
        .order_by(TicketLine.id)
    ).all()
    return [row for row in rows if _untold(shared, row)]


def _untold(shared: SharedState, row: Any) -> bool:
    able = shared.able(row.channel)
    if not able.can_push:
        return bool(row.at > row.seen_at)
    return able.window is not None and row.heard_at is not None and bool(row.at >= row.heard_at + able.window)


def overdue(connection: Connection, now: datetime) -> list[TicketRow]:
    """The requests whose reminder, or whose end, is due."""
    rows = select(*_TICKET).where(Ticket.state != TicketState.CLOSED, Ticket.due_at <= now).order_by(Ticket.id)
    return [_read(row) for row in connection.execute(rows.with_for_update(skip_locked=True))]


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete what was closed long ago. Returns how many."""
    return connection.execute(
        delete(Ticket).where(Ticket.state == TicketState.CLOSED, Ticket.closed_at < now - KEPT)
    ).rowcount
