"""The strata of a unit's estimates: its lowest units, and of what a table withholds one for each group.

Survey practice collapses small strata. Here it is what keeps an estimate from being an equation about a withheld
hamlet: households and ballots of the group are summed up, and only their sum is known anyway.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.results.cells import UNPLACED
from surveys.results.counts import Tally, UnitCounts
from surveys.results.grouping import Withheld
from surveys.rounds.units import CountedUnit

CONTENT = "all_satisfied"  # the table of what is made of all content questions together: their mean, and who likes all

Stratum = tuple[Tally, int | None]  # its ballots, and how many households it has, where that is known
Made = dict[tuple[int, frozenset[int]], Stratum]  # strata of groups, for tables that withhold the same
Below = Mapping[int | None, Sequence[UnitCounts]]


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of one unit: those of a table where it withholds something, else its lowest units."""

    plain: Sequence[Stratum]
    by_table: Mapping[str, Sequence[Stratum]]
    unplaced: int  # ballots that no table's strata hold

    def of(self, table: str) -> Sequence[Stratum]:
        return self.by_table.get(table, self.plain)

    @property
    def collapsed(self) -> tuple[str, ...]:
        return tuple(self.by_table)


def parts_of(units: Sequence[UnitCounts]) -> Below:
    """The units right below each."""
    below: dict[int | None, list[UnitCounts]] = defaultdict(list)
    for unit in units:
        below[unit.unit.parent].append(unit)
    return below


def strata_of(
    unit: UnitCounts, below: Below, withheld: Mapping[str, Withheld], counts: CountedUnit, made: Made | None = None
) -> Strata:
    """The strata of a unit for each table; a unit that has no parts is its own."""
    made = {} if made is None else made

    def known(strata: Sequence[Stratum]) -> list[Stratum]:
        return [(tally, households if counts == "household" else None) for tally, households in strata]

    plain = list(_strata(unit, below, Withheld(), made))
    by_table = {
        table: known(list(_strata(unit, below, held, made)))
        for table, held in withheld.items()
        if unit.unit.id not in held.gone and _collapses(unit, below, held)
    }
    held_in = [plain, *by_table.values()]
    unplaced = unit.total.ballots - max(sum(tally.ballots for tally, _ in strata) for strata in held_in)
    return Strata(known(plain), by_table, unplaced)


def _collapses(unit: UnitCounts, below: Below, held: Withheld) -> bool:
    return unit.unit.id in held.groups or any(_collapses(part, below, held) for part in below.get(unit.unit.id, ()))


def _strata(unit: UnitCounts, below: Below, held: Withheld, made: Made) -> Iterator[Stratum]:
    parts = below.get(unit.unit.id, ())
    if not parts:
        yield unit.total, unit.unit.households
        return
    group = held.groups.get(unit.unit.id, frozenset())
    for part in parts:
        if part.unit.id not in group:
            yield from _strata(part, below, held, made)
    if group:
        key = unit.unit.id, group
        if key not in made:
            made[key] = _together(unit, parts, group)
        yield made[key]


def _together(unit: UnitCounts, parts: Sequence[UnitCounts], group: frozenset[int]) -> Stratum:
    """The members of a group as one stratum; ballots without a part count for its households."""
    members = [part for part in parts if part.unit.id in group]
    known = [part.unit.households for part in members]
    return group_tally(unit, parts, group), None if None in known else sum(number or 0 for number in known)


def group_tally(unit: UnitCounts, parts: Sequence[UnitCounts], group: frozenset[int]) -> Tally:
    """The ballots of a group's members together."""
    tally = sum((part.total for part in parts if part.unit.id in group), Tally())
    return tally + (unit.total - sum((part.total for part in parts), Tally())) if UNPLACED in group else tally
