"""The units that a round asks, read from the tables of places."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, or_, select

from storage.tables import Round, RoundUnit, Unit
from surveys.json_values import Json
from surveys.labels import labels

CountedUnit = Literal["household", "person"]  # what a round takes one ballot of
COUNTS = labels("counts", get_args(CountedUnit))
WHOLE = 0  # the number of what stands for all units of a round; no unit has it


@dataclass(frozen=True, slots=True)
class Turnout:
    """A unit, and how many ballots came back from it and everything below it."""

    id: int
    level: str
    code: str
    name: str
    households: int | None
    ballots: int = 0
    parent: int | None = None  # the id of the unit above it

    @property
    def key(self) -> str:
        """What names the unit to the outside: its code, and for a hamlet the commune's code and its name."""
        return f"{self.code}/{self.name}" if self.level == "hamlet" else self.code

    @property
    def coverage(self) -> Fraction | None:
        """Ballots over households; above 1 where the register is too small."""
        return Fraction(self.ballots, self.households) if self.households else None

    def to_json(self) -> Json:
        return {
            "unit": self.key,
            "id": self.id,
            "name": self.name,
            "level": self.level,
            "households": self.households,
            "ballots": self.ballots,
            "coverage": float(self.coverage) if self.coverage is not None else None,
        }


class _Place(NamedTuple):
    id: int
    level: str
    code: str
    name: str
    parent_id: int | None
    households: int | None


def round_units(connection: Connection, round_id: int) -> list[Turnout]:
    """The units that a round asks and everything below them, each parent before its children.

    A unit whose own number of households is not known has that of its hamlets, where all of those are known.
    """
    columns = (Unit.id, Unit.level, Unit.code, Unit.name, Unit.parent_id, Unit.households)
    read = select(*columns)
    opens = connection.execute(select(Round.opens_at).where(Round.id == round_id)).scalar_one()
    targets = select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)
    layer = [_Place(*row) for row in connection.execute(read.where(Unit.id.in_(targets)))]
    found: dict[int, _Place] = {}
    while layer:
        found |= {row.id: row for row in layer}
        below = read.where(
            Unit.parent_id.in_([row.id for row in layer]),
            or_(Unit.valid_to.is_(None), Unit.valid_to > opens.date()),
        )
        layer = [place for row in connection.execute(below) if (place := _Place(*row)).id not in found]
    children: dict[int | None, list[_Place]] = defaultdict(list)
    for row in sorted(found.values(), key=lambda row: (row.code, _natural(row.name))):
        children[row.parent_id if row.parent_id in found else None].append(row)
    return list(_arranged(None, children))


def with_whole(units: Sequence[Turnout], name: str) -> list[Turnout]:
    """The units below one that stands for all of them; of a single unit and what is below it, just those."""
    tops = [unit for unit in units if unit.parent is None]
    if len(tops) < 2:
        return list(units)
    known = [unit.households for unit in tops]
    households = None if None in known else sum(number or 0 for number in known)
    whole = Turnout(WHOLE, "round", "", name, households)
    return [whole, *(replace(unit, parent=WHOLE) if unit.parent is None else unit for unit in units)]


def _arranged(parent: int | None, children: Mapping[int | None, Sequence[_Place]]) -> Iterator[Turnout]:
    for row in children.get(parent, ()):
        below = list(_arranged(row.id, children))
        known = [unit.households for unit in below if unit.parent == row.id]
        households = row.households
        if households is None and known and None not in known:
            households = sum(number or 0 for number in known)
        yield Turnout(row.id, row.level, row.code, row.name, households, parent=parent)
        yield from below


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key by which Ấp 2 comes before Ấp 10."""
    parts = re.split(r"(\d+)", name)  # text, digits, text, …
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
