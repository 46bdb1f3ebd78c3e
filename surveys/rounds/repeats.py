"""Rounds that come again every year: when one is over, the next is made and waits for its time."""

import re
from datetime import date, datetime

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from storage.tables import Reminder, Round, RoundUnit, Unit
from surveys.local_time import VIETNAM
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.rounds import new_code
from surveys.rounds.states import ANSWERS_OPEN, RoundState

YEARLY = "yearly"


def repeat_due(connection: Connection, now: datetime) -> list[tuple[int, int]]:
    """Make the next round of each repeated one that is over. Returns (the old one, the new one).

    The repetition moves on to the copy by a conditional update: whoever comes second finds nothing to do, and a
    process that was down for long makes the one whose time is still to come.
    """
    over = or_(
        Round.state.in_(ANSWERS_OPEN),
        and_(Round.state.in_((RoundState.SCHEDULED, RoundState.OPEN)), Round.closes_at <= now),
    )
    made = []
    for row in read_rounds(connection, select_rounds().where(Round.repeat == YEARLY, over).order_by(Round.id)):
        claimed = connection.execute(
            update(Round).where(Round.id == row.id, Round.repeat == YEARLY).values(repeat=None)
        ).rowcount
        if claimed == 1:
            made.append((row.id, _copy(connection, row, now)))
    return made


def _copy(connection: Connection, row: RoundRow, now: datetime) -> int:
    """The same round some years later: scheduled, or a draft where its units or its rule will not be in force."""
    years = 1
    while years_later(row.closes_at, years) <= now:
        years += 1
    opens, closes = years_later(row.opens_at, years), years_later(row.closes_at, years)
    units = connection.scalars(select(RoundUnit.unit_id).where(RoundUnit.round_id == row.id)).all()
    gone = connection.scalar(select(exists().where(Unit.id.in_(units), Unit.valid_to <= opens.date())))
    ends = row.rule_definition.get("valid_to")
    outdated = bool(ends) and date.fromisoformat(str(ends)) < opens.astimezone(VIETNAM).date()
    number = connection.execute(
        insert(Round)
        .values(
            name=_next_name(connection, row, opens),
            code=new_code(),
            state=RoundState.DRAFT if gone or outdated else RoundState.SCHEDULED,
            created_at=now,
            opens_at=opens,
            closes_at=closes,
            repeat=YEARLY,
            follows=row.id,
            form_id=row.form_id,
            rule=row.rule,
            rule_definition=row.rule_definition,
            counts=row.counts,
            self_declared=row.self_declared,
            sample=row.sample,
        )
        .returning(Round.id)
    ).scalar_one()
    connection.execute(insert(RoundUnit), [{"round_id": number, "unit_id": unit} for unit in units])
    reminders = connection.execute(select(Reminder.number, Reminder.due_at).where(Reminder.round_id == row.id)).all()
    if reminders:
        rows = [{"round_id": number, "number": each, "due_at": years_later(due, years)} for each, due in reminders]
        connection.execute(insert(Reminder), rows)
    return number


def years_later(moment: datetime, years: int) -> datetime:
    """The same day and hour in Vietnam; 28 February where there is no 29th."""
    local = moment.astimezone(VIETNAM)
    if (local.month, local.day) == (2, 29):
        local = local.replace(day=28)
    return local.replace(year=local.year + years).astimezone(moment.tzinfo)


def _next_name(connection: Connection, row: RoundRow, opens: datetime) -> str:
    """The name with the new year in place of the old one; a taken name gets a number."""
    old, new = row.opens_at.astimezone(VIETNAM).year, opens.astimezone(VIETNAM).year
    name = re.sub(rf"\b{old}\b", str(new), row.name)
    if name == row.name:
        name = f"{row.name[:190]} ({new})"
    free, number = name, 2
    while connection.scalar(select(exists().where(Round.name == free))):
        free, number = f"{name[:190]} ({number})", number + 1
    return free
