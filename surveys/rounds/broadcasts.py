"""Owing everybody in a round's units one message, in one statement: all of it or nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, literal, or_, select, true, update

from storage.tables import Address, Delivery, Interview, Muted, Participation, Person, RoundUnit, Unit
from surveys.rounds.delivery_states import REMINDERS, WAITING, DeliveryKind, DeliveryState
from surveys.rounds.send_policy import Windows
from surveys.rounds.states import PartState

URGENCY = 2  # yields to replies and notices
# Why a delivery is held.
PAUSED = "paused"
WAVE = "first wave"


def broadcast(
    connection: Connection,
    round_id: int,
    kind: DeliveryKind,
    now: datetime,
    *,
    unfinished: bool = False,
    held: str = "",
    windows: Windows | None = None,
) -> int:
    """One delivery of this kind for each person who agreed, lives in the round's units and can be written to.

    `unfinished`: only those who have not handed in a ballot and may be reminded. `held`: why they are not to be
    sent yet. `windows`: where people may be written to now. The message is written when it is sent, in the person's
    language. Returns the number of people.
    """
    values: list[Any] = [
        literal(round_id),
        literal(kind.value),
        Person.id,
        Address.channel,
        Address.address,
        literal(URGENCY),
        literal(DeliveryState.HELD.value if held else DeliveryState.PENDING.value),
        literal(held),
        literal(0),
        literal(now, Delivery.due_at.type),
        literal(""),
    ]
    people = (
        select(*values)
        .join(Address, Address.person_id == Person.id)
        .where(Person.consent.is_(True), Person.stopped.is_(False), lives_in(round_id), first_address(windows, now))
    )
    if unfinished:
        people = people.where(
            ~exists().where(
                Interview.round_id == round_id, Interview.person_id == Person.id, Interview.state == PartState.SUBMITTED
            ),
            ~exists().where(Muted.round_id == round_id, Muted.person_id == Person.id),
            ~exists().where(
                Participation.round_id == round_id,
                Participation.household_id == Person.household_id,
                Participation.state == PartState.SUBMITTED,
            ),
        )
    columns = "round_id kind person_id channel address urgency state reason attempts due_at owner".split()
    statement = insert(Delivery).from_select(columns, people)
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def mute(connection: Connection, round_id: int, person_id: int, now: datetime) -> None:
    """No more reminders of this round for this person; the next round invites them again."""
    known = exists().where(Muted.round_id == round_id, Muted.person_id == person_id)
    new = select(literal(round_id), Person.id).where(Person.id == person_id, ~known)
    connection.execute(insert(Muted).from_select(["round_id", "person_id"], new))
    connection.execute(
        update(Delivery)
        .where(
            Delivery.round_id == round_id,
            Delivery.kind.in_(REMINDERS),
            Delivery.person_id == person_id,
            Delivery.state.in_(WAITING),
        )
        .values(state=DeliveryState.CANCELLED, reason="muted", settled_at=now)
    )


def lives_in(round_id: int) -> ColumnElement[bool]:
    """In a unit of the round, or in one right below it: a province's commune, a commune's hamlet."""
    asked = select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)
    below = select(Unit.id).where(Unit.parent_id.in_(asked))
    return or_(Person.unit_id.in_(asked), Person.hamlet_id.in_(asked), Person.unit_id.in_(below))


def may_write(address: Any, windows: Windows | None, now: datetime) -> ColumnElement[bool]:
    """Whether its channel lets us write to this address now, unasked."""
    if windows is None:
        return true()
    heard = func.coalesce(address.heard_at, address.since)
    return or_(
        address.channel.in_([name for name, window in windows.items() if window is None]),
        *(
            and_(address.channel == name, heard > now - window)
            for name, window in windows.items()
            if window is not None
        ),
    )


def first_address(windows: Windows | None, now: datetime) -> ColumnElement[bool]:
    """A person with several addresses is written to once, at the one used first of those that can be reached now."""
    older = Address.__table__.alias("older")
    earlier = or_(
        older.c.since < Address.since,
        and_(older.c.since == Address.since, older.c.channel < Address.channel),
        and_(
            older.c.since == Address.since,
            older.c.channel == Address.channel,
            older.c.address < Address.address,
        ),
    )
    preferred = exists().where(
        older.c.person_id == Address.person_id, older.c.reachable, may_write(older.c, windows, now), earlier
    )
    return and_(Address.reachable, may_write(Address, windows, now), ~preferred)
