"""Units and their history as values."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "commune", "hamlet"]


@dataclass(frozen=True, slots=True)
class FormerName:
    """A unit that a merger put into today's: what people may still call the place."""

    code: str
    name: str
    district: str
    province: str
    whole: bool  # False: other units got a part of it
    until: date

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.district, self.province) if part)
        return f"{self.name} ({where})" if where else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """A province, commune or hamlet, in force from `valid_from` up to, not including, `valid_to`."""

    id: int
    level: Level
    code: str  # re-used by law, so no key without a date; a hamlet has its commune's
    name: str
    parent_id: int | None
    households: int | None  # None: not known
    sample: bool  # made-up data of the demo
    valid_from: date
    valid_to: date | None = None
    province: str = ""  # name of the province it lies in
    office: str = ""
    hours: str = ""
    phone: str = ""
    helpers: str = ""
    former: tuple[FormerName, ...] = ()

    def in_force(self, on: date | None = None) -> bool:
        """Whether it exists on that day; without a day, whether no end is set."""
        if on is None:
            return self.valid_to is None
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
