"""Who is in charge of what: an official of their unit and everything below it, and of nothing else."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import overload

from sqlalchemy import Connection, select

from storage.models import RoundUnit, Staff, Unit
from surveys.errors import SurveyError

RUNS = ("official",)  # roles that may set up, send, pause, remind and close
WATCHES = ("official", "staff")  # roles that may see how sending goes


@dataclass(frozen=True, slots=True)
class Official:
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

    def must_run(self, connection: Connection, units: Collection[int]) -> None:
        """Raises `SurveyError` unless this person may set up and send a round in all of these units."""
        self._must(connection, units, able=self.runs)

    def must_watch(self, connection: Connection, units: Collection[int]) -> None:
        """Raises `SurveyError` unless this person may see whom a round in these units reaches."""
        self._must(connection, units, able=self.watches)

    def _must(self, connection: Connection, units: Collection[int], *, able: bool) -> None:
        if not able:
            raise SurveyError(f"{self.name} có vai trò {self.role} nên không làm được việc này")
        if self.unit_id is None:
            return
        foreign = sorted(set(units) - subtree(connection, self.unit_id))
        if foreign:
            name = connection.scalar(select(Unit.name).where(Unit.id == foreign[0]))
            raise SurveyError(f"{self.name} không phụ trách {name} nên không làm được việc này")


OFFICIAL = (Staff.id, Staff.name, Staff.role, Staff.unit_id)  # the columns of one


@overload
def find_official(connection: Connection, name: str) -> Official: ...
@overload
def find_official(connection: Connection, name: str, *, known: bool) -> Official | None: ...
def find_official(connection: Connection, name: str, *, known: bool = True) -> Official | None:
    """Somebody of the staff by name. Raises `SurveyError` when there is none and must be (`known`)."""
    row = connection.execute(select(*OFFICIAL).where(Staff.name == plain_name(name))).first()
    if row is None and known:
        raise SurveyError(f"không có cán bộ nào tên “{name}”; xem: langnghe staff list")
    return Official(*row) if row is not None else None


def plain_name(name: str) -> str:
    """As names are stored, whatever the spaces and the keyboard: ế as one letter or as three."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def subtree(connection: Connection, unit_id: int) -> frozenset[int]:
    """A unit and everything below it."""
    below = select(Unit.id).where(Unit.id == unit_id).cte("below", recursive=True)
    below = below.union(select(Unit.id).join(below, Unit.parent_id == below.c.id))
    return frozenset(connection.scalars(select(below.c.id)))


def targets(connection: Connection, round_id: int) -> list[int]:
    """The units that a round asks, as it was set up."""
    query = select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id).order_by(RoundUnit.unit_id)
    return list(connection.scalars(query))


def rounds_in_charge(connection: Connection, official: Official) -> list[int]:
    """The rounds of which every unit is theirs."""
    if official.unit_id is None:
        return list(connection.scalars(select(RoundUnit.round_id).distinct()))
    own = subtree(connection, official.unit_id)
    asked: dict[int, set[int]] = {}
    for round_id, unit_id in connection.execute(select(RoundUnit.round_id, RoundUnit.unit_id)):
        asked.setdefault(round_id, set()).add(unit_id)
    return [round_id for round_id, units in asked.items() if units <= own]
