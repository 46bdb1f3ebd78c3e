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
class Group:
    """A stratum of withheld units: its ballots, and the strata that officials may make of them."""

    tally: Tally
    parts: Sequence[tuple[int, int]]  # ballots and households


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of one unit: those of a table where it withholds something, else its lowest units."""

    plain: Sequence[Stratum]
    by_table: Mapping[str, Sequence[Stratum]]
    groups: Mapping[str, Sequence[Group]]  # of these tables, in the public view
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
    groups = {table: list(_groups(unit, below, withheld[table], made)) for table in by_table if withheld[table].public}
    held_in = [plain, *by_table.values()]
    unplaced = unit.total.ballots - max(sum(tally.ballots for tally, _ in strata) for strata in held_in)
    return Strata(known(plain), by_table, groups, unplaced)


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


def _groups(unit: UnitCounts, below: Below, held: Withheld, made: Made) -> Iterator[Group]:
    """The groups among the strata of a unit. Officials take those of few ballots together: numbers tell which."""
    parts = below.get(unit.unit.id, ())
    group = held.groups.get(unit.unit.id, frozenset())
    for part in parts:
        if part.unit.id not in group:
            yield from _groups(part, below, held, made)
    if group:
        few = held.few.get(unit.unit.id, frozenset())
        tally = made[unit.unit.id, group][0] if (unit.unit.id, group) in made else group_tally(unit, parts, group)
        members = [part.unit for part in parts if part.unit.id in group and part.unit.ballots]
        sizes = [(one.ballots, one.households or 0) for one in members if one.id not in few]
        unplaced = tally.ballots - sum(one.ballots for one in members)
        small = [one for one in members if one.id in few]
        if small:
            extra = unplaced if UNPLACED in few else 0
            sizes.append((sum(one.ballots for one in small) + extra, sum(one.households or 0 for one in small)))
            unplaced -= extra
        yield Group(tally, [*sizes, (unplaced, 0)] if unplaced else sizes)


def _together(unit: UnitCounts, parts: Sequence[UnitCounts], group: frozenset[int]) -> Stratum:
    """The members of a group as one stratum; ballots without a part count for its households."""
    members = [part for part in parts if part.unit.id in group]
    known = [part.unit.households for part in members]
    return group_tally(unit, parts, group), None if None in known else sum(number or 0 for number in known)


def group_tally(unit: UnitCounts, parts: Sequence[UnitCounts], group: frozenset[int]) -> Tally:
    """The ballots of a group's members together."""
    tally = sum((part.total for part in parts if part.unit.id in group), Tally())
    return tally + (unit.total - sum((part.total for part in parts), Tally())) if UNPLACED in group else tally
