"""Everything that is kept about a person, for the person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.tables import (
    Address,
    Assisted,
    Consent,
    Delivery,
    GuideProgress,
    Holder,
    Household,
    Interview,
    Participation,
    Person,
    Round,
    Ticket,
    TicketLine,
    Unit,
)
from surveys.json_values import Json

HIDDEN = "Câu trả lời chỉ người trả lời xem được, trong cuộc trò chuyện và đến khi đóng đợt; ở đây không có."


def export_person(connection: Connection, person_id: int) -> Json:
    """Everything that is kept about a person, as plain values; answers lie apart and are not among it."""
    person = connection.execute(select(Person.__table__).where(Person.id == person_id)).one()
    units = select(Unit.id, Unit.name).where(Unit.id.in_([person.unit_id or 0, person.hamlet_id or 0]))
    names = {row.id: row.name for row in connection.execute(units)}
    return {
        "person": person.id,
        "language": person.language,
        "consent": person.consent,
        "commune": names.get(person.unit_id),
        "hamlet": names.get(person.hamlet_id),
        "stopped": person.stopped,
        "since": person.created_at.isoformat(),
        "last_seen": person.seen_at.isoformat(),
        "addresses": _rows(
            connection,
            select(Address.channel, Address.address, Address.reachable, Address.since, Address.heard_at).where(
                Address.person_id == person_id
            ),
        ),
        "consents": _rows(
            connection,
            select(Consent.version, Consent.language, Consent.given, Consent.channel, Consent.at)
            .where(Consent.person_id == person_id)
            .order_by(Consent.id),
        ),
        "households": _rows(
            connection,
            select(Unit.name.label("hamlet"), Household.number.label("household"), Holder.since)
            .join(Household, Household.id == Holder.household_id)
            .join(Unit, Unit.id == Household.unit_id)
            .where(Holder.person_id == person_id),
        ),
        "rounds": _rows(
            connection,
            select(
                Interview.round_id.label("round"),
                Round.name,
                Unit.name.label("unit"),
                Interview.state,
                Interview.mode,
                Interview.started_at,
                Interview.submitted_at,
            )
            .join(Round, Round.id == Interview.round_id)
            .join(Unit, Unit.id == Interview.unit_id)
            .where(Interview.person_id == person_id)
            .order_by(Interview.round_id),
        ),
        "household_rounds": _rows(
            connection,
            select(Participation.round_id.label("round"), Round.name, Participation.state, Participation.mode)
            .join(Round, Round.id == Participation.round_id)
            .join(Holder, Holder.household_id == Participation.household_id)
            .where(Holder.person_id == person_id)
            .order_by(Participation.round_id),
        ),
        "household_visits": _rows(
            connection,
            select(Assisted.round_id.label("round"), Round.name, Assisted.helper, Assisted.day, Assisted.how)
            .add_columns(Assisted.result)
            .join(Round, Round.id == Assisted.round_id)
            .join(Holder, Holder.household_id == Assisted.household_id)
            .where(Holder.person_id == person_id)
            .order_by(Assisted.round_id),
        ),
        "help": _rows(
            connection,
            select(Ticket.id.label("request"), Ticket.state, TicketLine.by_staff, TicketLine.text, TicketLine.at)
            .join(TicketLine, TicketLine.ticket_id == Ticket.id)
            .where(Ticket.person_id == person_id)
            .order_by(TicketLine.id),
        ),
        "guides": _rows(
            connection,
            select(GuideProgress.guide, GuideProgress.step, GuideProgress.done, GuideProgress.seen_at).where(
                GuideProgress.person_id == person_id
            ),
        ),
        "messages": _rows(
            connection,
            select(Delivery.kind, Delivery.round_id.label("round"), Delivery.state, Delivery.settled_at)
            .where(Delivery.person_id == person_id)
            .order_by(Delivery.id),
        ),
        "note": HIDDEN,
    }


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[Json]:
    rows = connection.execute(query).mappings()
    return [{key: _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
