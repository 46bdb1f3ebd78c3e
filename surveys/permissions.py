"""Who may do what, and where: commands, chats and pages all ask here, and nobody else compares a role.

What each role may do is the table of `surveys/roles.py`. The operator at the command line, who names no account, is
not asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from places.units import Territory
from storage.tables import RoundUnit, Staff, Unit
from surveys.errors import SurveyError
from surveys.roles import ALLOWED, Deed, Role


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff, in charge of a unit and all below it; of everything where it is None."""

    id: int
    name: str
    role: Role
    unit_id: int | None

    def role_allows(self, deed: Deed) -> bool:
        """Whether their role has this deed somewhere: for what a screen offers. `may` says whether here."""
        return deed in ALLOWED[self.role]


STAFF_COLUMNS = (Staff.id, Staff.name, Staff.role, Staff.unit_id)  # the columns of one


def read_member(row: Sequence[Any]) -> StaffMember:
    """A row of `STAFF_COLUMNS`. Raises `SurveyError` for a role that there is not, which only SQL can have written."""
    staff_id, name, role, unit_id = row
    return StaffMember(staff_id, name, read_role(name, role), unit_id)


def read_role(name: str, role: str) -> Role:
    """The role of an account. Raises `SurveyError` naming the account and the mend."""
    try:
        return Role(role)
    except ValueError:
        known = ", ".join(Role)
        raise SurveyError(f"tài khoản “{name}” có vai trò lạ “{role}”; sửa cột role của bảng staff: {known}") from None


def may(connection: Connection, member: StaffMember, deed: Deed, units: Collection[int]) -> bool:
    """Whether somebody may do this in all of these units; in none, whether their role has it."""
    return member.role_allows(deed) and not _foreign(connection, member, units)


def may_around(territory: Territory, member: StaffMember, deed: Deed, unit_id: int | None) -> bool:
    """Whether somebody may do this for a person of a unit: below theirs, or around it, as a commune is around a
    hamlet. A person from nowhere is everybody's."""
    return member.role_allows(deed) and is_around(territory, member.unit_id, unit_id)


def is_around(territory: Territory, own: int | None, unit_id: int | None) -> bool:
    """Whether one of two units holds the other; None is everywhere."""
    return own is None or unit_id is None or territory.covers(own, unit_id) or territory.covers(unit_id, own)


def require_permission(connection: Connection, member: StaffMember, deed: Deed, units: Collection[int]) -> None:
    """Raises `SurveyError` unless somebody may do this in all of these units: it names them, and why not."""
    if not member.role_allows(deed):
        able = ", ".join(role for role in Role if deed in ALLOWED[role]) or "chỉ người vận hành"
        raise SurveyError(
            f"{member.name} có vai trò {member.role} nên không làm được việc này: {deed.words} (làm được: {able})"
        )
    if foreign := _foreign(connection, member, units):
        name = connection.scalar(select(Unit.name).where(Unit.id == foreign[0]))
        raise SurveyError(f"{member.name} không phụ trách {name} nên không làm được việc này: {deed.words}")


def anybody_may(connection: Connection, deed: Deed, units: Collection[int]) -> bool:
    """Whether there is an account that may do this in all of these units."""
    able = [role.value for role in Role if deed in ALLOWED[role]]
    rows = connection.execute(select(*STAFF_COLUMNS).where(Staff.role.in_(able)))
    return any(may(connection, read_member(row), deed, units) for row in rows)


def _foreign(connection: Connection, member: StaffMember, units: Collection[int]) -> list[int]:
    return [] if member.unit_id is None else sorted(set(units) - subtree(connection, member.unit_id))


def subtree(connection: Connection, unit_id: int) -> frozenset[int]:
    """A unit and everything below it."""
    below = select(Unit.id).where(Unit.id == unit_id).cte("below", recursive=True)
    below = below.union(select(Unit.id).join(below, Unit.parent_id == below.c.id))
    return frozenset(connection.scalars(select(below.c.id)))


def targets(connection: Connection, round_id: int) -> list[int]:
    """The units that a round asks, as it was set up."""
    query = select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id).order_by(RoundUnit.unit_id)
    return list(connection.scalars(query))


def rounds_in_charge(connection: Connection, member: StaffMember, deed: Deed) -> list[int]:
    """The rounds with which they may do this: of which every unit is theirs."""
    if not member.role_allows(deed):
        return []
    if member.unit_id is None:
        return list(connection.scalars(select(RoundUnit.round_id).distinct()))
    own = subtree(connection, member.unit_id)
    asked: dict[int, set[int]] = {}
    for round_id, unit_id in connection.execute(select(RoundUnit.round_id, RoundUnit.unit_id)):
        asked.setdefault(round_id, set()).add(unit_id)
    return [round_id for round_id, units in asked.items() if units <= own]
