"""A helper of the digital group brings a household the ballot, on the helper's own phone.

1. the household's card is shown; somebody of it is there and agrees: `begin_visit` marks that, and opens a screen
   for this one ballot (`surveys/ballots/kiosks.py`)
2. they answer there by themselves, or the helper reads aloud; the draft is sealed, as a kiosk's is
3. handed in, nothing of the screen is left: the helper sees that it was, and never what

Which households a helper visited is kept so that some of them can be asked again (`surveys/ballots/back_checks.py`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, select

from places.register.households import Known, lock_households
from storage.database import insert_into
from storage.tables import Assisted, Household, Participation, Round, Staff
from surveys.ballots.kiosks import open_for
from surveys.ballots.participation import handed_in
from surveys.ballots.states import How, Result
from surveys.permissions import StaffMember, may
from surveys.roles import Deed
from surveys.rounds.states import Mode, PartState, RoundState
from surveys.rounds.units import round_units

PART = and_(Participation.round_id == Assisted.round_id, Participation.household_id == Assisted.household_id)
HELPED = and_(
    Participation.mode == Mode.ASSISTED, Participation.state == PartState.SUBMITTED
)  # handed in on such a visit
Refused = Literal["not_helper", "elsewhere", "closed", "void", "taken", "denied", "too_many"]


@dataclass(frozen=True, slots=True)
class Visited:
    """A household that a helper visited, and whether its ballot was handed in on that visit."""

    round_id: int
    household_id: int
    unit_id: int
    number: str
    sent: bool


def refusal(connection: Connection, helper: StaffMember, round_id: int, household: Known) -> Refused | None:
    """Why this helper may not help this household in a round; None when they may."""
    if not helper.role_allows(Deed.HELP_AT_DOORSTEP):
        return "not_helper"
    if not may(connection, helper, Deed.HELP_AT_DOORSTEP, [household.unit_id]):
        return "elsewhere"
    if household.void:
        return "void"
    row = connection.execute(select(Round.state, Round.counts).where(Round.id == round_id)).first()
    if row is None or row.state != RoundState.OPEN or row.counts != "household":
        return "closed"
    if household.unit_id not in {unit.id for unit in round_units(connection, round_id)}:
        return "elsewhere"
    if handed_in(connection, round_id, household.id):
        return "taken"
    said = select(Assisted.result).where(Assisted.round_id == round_id, Assisted.household_id == household.id)
    return "denied" if connection.scalar(said) == Result.DENIED else None


def begin_visit(
    connection: Connection, helper: StaffMember, round_id: int, household_id: int, how: How, per_day: int, now: datetime
) -> str | Refused:
    """Mark that somebody of the household is there and agrees; the token of a one-time link to its screen.

    Whoever helps a household last is its helper. One helper's visits are counted one after the other, so that two
    chats cannot go past `per_day`.
    """
    household = lock_households(connection, [household_id]).get(household_id)
    if household is None:
        return "void"
    if refused := refusal(connection, helper, round_id, household):
        return refused
    connection.execute(select(Staff.id).where(Staff.id == helper.id).with_for_update())
    visited = {each.household_id for each in visited_today(connection, helper, now)}
    if len(visited - {household_id}) >= per_day:
        return "too_many"
    marked = {"helper": helper.name, "day": now, "how": how}
    connection.execute(
        insert_into(connection, Assisted)
        .values(round_id=round_id, household_id=household_id, **marked)
        .on_conflict_do_update(index_elements=["round_id", "household_id"], set_=marked)
    )
    return open_for(connection, round_id, household_id, household.unit_id, now).token


def visited_today(connection: Connection, helper: StaffMember, now: datetime) -> list[Visited]:
    """The households of a helper's day, by number."""
    rows = connection.execute(
        select(Assisted.round_id, Household.id, Household.unit_id, Household.number, HELPED.label("sent"))
        .join(Household, Household.id == Assisted.household_id)
        .outerjoin(Participation, PART)
        .where(Assisted.helper == helper.name, Assisted.day == now)
        .order_by(Household.number, Assisted.round_id)
    )
    return [Visited(row.round_id, row.id, row.unit_id, row.number, bool(row.sent)) for row in rows]
