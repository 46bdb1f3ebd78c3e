"""Who is in charge of what: an official of their unit and everything below it, and of nothing else."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import overload

from sqlalchemy import Connection, select

from storage.tables import RoundUnit, Staff, Unit
from surveys.errors import SurveyError

RUNS = ("official",)  # roles that may set up, send, pause, remind and close
WATCHES = ("official", "staff")  # roles that may see how sending goes


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff, in charge of a unit and all below it; of everything where it is None."""

    id: int
    name: str
    role: str
    unit_id: int | None

    @property
    def runs(self) -> bool:
        return self.role in RUNS

    @property
    def watches(self) -> bool:
        return self.role in WATCHES

    def may_run(self, connection: Connection, units: Collection[int]) -> bool:
        """Whether this person may set up, send and close a round in all of these units."""
        return self.runs and not self._foreign(connection, units)

    def must_run(self, connection: Connection, units: Collection[int]) -> None:
        """Raises `SurveyError` unless this person may set up and send a round in all of these units."""
        self._must(connection, units, able=self.runs)

    def must_watch(self, connection: Connection, units: Collection[int]) -> None:
        """Raises `SurveyError` unless this person may see whom a round in these units reaches."""
        self._must(connection, units, able=self.watches)

    def _must(self, connection: Connection, units: Collection[int], *, able: bool) -> None:
        if not able:
            raise SurveyError(f"{self.name} có vai trò {self.role} nên không làm được việc này")
        if foreign := self._foreign(connection, units):
            name = connection.scalar(select(Unit.name).where(Unit.id == foreign[0]))
            raise SurveyError(f"{self.name} không phụ trách {name} nên không làm được việc này")

    def _foreign(self, connection: Connection, units: Collection[int]) -> list[int]:
        return [] if self.unit_id is None else sorted(set(units) - subtree(connection, self.unit_id))


@dataclass(frozen=True, slots=True)
class Pair:
    """The two who close a round, by name, and whether each has an account of the staff."""

    names: tuple[str, str]
    accounts: bool


STAFF_COLUMNS = (Staff.id, Staff.name, Staff.role, Staff.unit_id)  # the columns of one


@overload
def find_staff_member(connection: Connection, name: str) -> StaffMember: ...
@overload
def find_staff_member(connection: Connection, name: str, *, known: bool) -> StaffMember | None: ...
def find_staff_member(connection: Connection, name: str, *, known: bool = True) -> StaffMember | None:
    """Somebody of the staff by name, whatever the spaces, the keyboard and capital letters.

    Raises `SurveyError` when there is none and must be (`known`). Of names that differ only in capital letters, as
    they could once be added, it has to be the one as it is stored.
    """
    found = officials_called(connection, name)
    if len(found) > 1:
        found = [official for official in found if official.name == plain_name(name)]
    if not found and known:
        raise SurveyError(f"không có cán bộ nào tên “{name}”; xem: langnghe staff list")
    return found[0] if found else None


def officials_called(connection: Connection, name: str) -> list[StaffMember]:
    """Who of the staff has this name; capital letters do not tell two people apart."""
    staff = [StaffMember(*row) for row in connection.execute(select(*STAFF_COLUMNS).order_by(Staff.id))]
    return [official for official in staff if _folded(official.name) == _folded(name)]


def closing_pair(connection: Connection, units: Collection[int], by: str, witness: str) -> Pair:
    """The two who close a round in these units: different accounts of the staff, each of which may run it.

    Where no account may, since nobody was added yet, the operator's two names do. Raises `SurveyError`.
    """
    first, second = plain_name(by), plain_name(witness)
    if not first or not second or _folded(first) == _folded(second):
        raise SurveyError("đóng đợt cần hai người khác nhau: --by NGƯỜI_MỘT --with NGƯỜI_HAI")
    accounts = [find_staff_member(connection, name, known=False) for name in (first, second)]
    for account in accounts:
        if account is not None:
            account.must_run(connection, units)
    if None in accounts and _anybody_runs(connection, units):
        nobody = (first, second)[accounts.index(None)]
        raise SurveyError(
            f"“{nobody}” không có tài khoản nên không đóng được đợt này; "
            f'thêm tài khoản: langnghe staff add "{nobody}" --role official --unit MÃ_XÃ'
        )
    names = [account.name if account else name for account, name in zip(accounts, (first, second), strict=True)]
    return Pair((names[0], names[1]), None not in accounts)


def _anybody_runs(connection: Connection, units: Collection[int]) -> bool:
    runs = [StaffMember(*row) for row in connection.execute(select(*STAFF_COLUMNS).where(Staff.role.in_(RUNS)))]
    return any(official.may_run(connection, units) for official in runs)


def plain_name(name: str) -> str:
    """As names are stored, whatever the spaces and the keyboard: ế as one letter or as three."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _folded(name: str) -> str:
    return plain_name(name).casefold()


def subtree(connection: Connection, unit_id: int) -> frozenset[int]:
    """A unit and everything below it."""
    below = select(Unit.id).where(Unit.id == unit_id).cte("below", recursive=True)
    below = below.union(select(Unit.id).join(below, Unit.parent_id == below.c.id))
    return frozenset(connection.scalars(select(below.c.id)))


def targets(connection: Connection, round_id: int) -> list[int]:
    """The units that a round asks, as it was set up."""
    query = select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id).order_by(RoundUnit.unit_id)
    return list(connection.scalars(query))


def rounds_in_charge(connection: Connection, official: StaffMember) -> list[int]:
    """The rounds of which every unit is theirs."""
    if official.unit_id is None:
        return list(connection.scalars(select(RoundUnit.round_id).distinct()))
    own = subtree(connection, official.unit_id)
    asked: dict[int, set[int]] = {}
    for round_id, unit_id in connection.execute(select(RoundUnit.round_id, RoundUnit.unit_id)):
        asked.setdefault(round_id, set()).add(unit_id)
    return [round_id for round_id, units in asked.items() if units <= own]
