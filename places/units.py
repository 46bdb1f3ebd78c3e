"""The territory: all units, read from the database once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Self

from sqlalchemy import Connection, select

from places.names import NameIndex
from places.place import FormerName, Level, Place
from places.shipped import load_shipped
from storage.tables.territory import FormerUnit, Unit

__all__ = ["FormerName", "Level", "Place", "Territory", "load_shipped"]


class Territory:
    """All units and how they lie in each other; built once, never changed."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        self._by_id = {place.id: place for place in self.places}
        self._children: dict[int | None, list[Place]] = {}
        self._by_code: dict[str, list[Place]] = {}
        for place in sorted(self.places, key=_natural):
            self._children.setdefault(place.parent_id, []).append(place)
            if place.level != "hamlet":
                self._by_code.setdefault(place.code, []).append(place)

    @classmethod
    def read(cls, conn: Connection) -> Self:
        """The territory as the database has it now, units no longer in force included."""
        former: dict[int, list[FormerName]] = {}
        for row in conn.execute(select(FormerUnit).order_by(FormerUnit.unit_id, FormerUnit.id)):
            former.setdefault(row.unit_id, []).append(
                FormerName(row.code, row.name, row.district, row.province, row.whole, row.until)
            )
        rows = conn.execute(select(Unit).order_by(Unit.id)).all()
        places = {row.id: Place(**row._mapping, former=tuple(former.get(row.id, ()))) for row in rows}
        return cls([replace(place, province=_province(place, places)) for place in places.values()])

    @cached_property
    def names(self) -> NameIndex:
        """Every name that a province or commune of today is or was known by."""
        return NameIndex(place for place in self.places if place.level != "hamlet" and place.in_force())

    def __getitem__(self, unit_id: int) -> Place:
        return self._by_id[unit_id]

    def get(self, unit_id: int | None) -> Place | None:
        """The unit with this id, or None."""
        return None if unit_id is None else self._by_id.get(unit_id)

    def by_code(self, code: str, on: date | None = None) -> Place | None:
        """The province or commune that carries a code on a day; without a day, the one with no end set."""
        return next((place for place in self._by_code.get(code, ()) if place.in_force(on)), None)

    def children(self, unit_id: int | None, on: date | None = None) -> list[Place]:
        """The units directly below one (below None: the provinces), "Ấp 2" before "Ấp 10"."""
        return [place for place in self._children.get(unit_id, ()) if place.in_force(on)]

    def hamlets(self, commune_id: int) -> list[Place]:
        """The hamlets of a commune."""
        return [place for place in self.children(commune_id) if place.level == "hamlet"]

    def communes(self) -> list[Place]:
        """All communes in force, in the order of their codes."""
        found = [place for place in self.places if place.level == "commune" and place.in_force()]
        return sorted(found, key=lambda place: place.code)

    def path(self, unit_id: int) -> tuple[Place, ...]:
        """The unit itself and everything that it lies in, up to the province."""
        return tuple(_upwards(self._by_id[unit_id], self._by_id))

    def below(self, unit_id: int) -> list[Place]:
        """The unit itself and everything in it."""
        found = [self._by_id[unit_id]]
        for place in found:  # grows while it is walked through
            found += self.children(place.id)
        return found

    def covers(self, ancestor_id: int, unit_id: int) -> bool:
        """Whether a unit is the other one or lies in it."""
        return unit_id in self._by_id and any(place.id == ancestor_id for place in self.path(unit_id))

    def households(self, unit_id: int) -> int | None:
        """Households of a unit: its own figure, else the sum of those known below it, else None."""
        own = self._by_id[unit_id].households
        if own is not None:
            return own
        known = [count for child in self.children(unit_id) if (count := self.households(child.id)) is not None]
        return sum(known) if known else None


def _upwards(place: Place, places: Mapping[int, Place]) -> Iterator[Place]:
    current: Place | None = place
    while current is not None:
        yield current
        current = None if current.parent_id is None else places.get(current.parent_id)


def _province(place: Place, places: Mapping[int, Place]) -> str:
    *_, top = _upwards(place, places)
    return top.name if top.level == "province" else ""


def _natural(place: Place) -> tuple[str, list[tuple[int, str]]]:
    """Order of code, then of name, with numbers as numbers."""
    parts = place.name.split()
    return place.code, [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
