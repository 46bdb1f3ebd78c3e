"""Which units of one table are withheld, and with whom: one unit's answers must not follow from its neighbours'.

A table holds one row of cells for each unit: satisfied, not satisfied, blank. What is withheld below one unit, and
its ballots that name no part of it, are one group and are told as their sum. The steps, from the top down:

1. the units whose rows are sensitive; everything below a withheld unit is withheld with it
2. ballots without a part, where anything is withheld beside them or they are few themselves
3. while the group is a single one, or has few ballots: the next smallest unit. Who joins here follows from numbers of
   ballots alone, which everybody knows
4. where the group says too little (nobody blank, nobody dissatisfied) while the unit above says more: the next
   smallest again; in the public view all units at once, for there the choice of one more would tell of the others

Step 4 keeps the way of choosing from telling what the choice hides: see ADR 0015.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from surveys.results.bands import bands, crowded
from surveys.results.cells import UNPLACED, VALUES, Cells
from surveys.rounds.units import Turnout


class Placed(Protocol):
    """Whatever is about a unit."""

    @property
    def unit(self) -> Turnout: ...


Sensitive = Callable[[Placed, Cells, int], bool]  # a unit, its row, and what is small


@dataclass(frozen=True, slots=True)
class Withheld:
    """What one table does not show; `groups` are told as their sums: unit above -> members, UNPLACED among them."""

    gone: frozenset[int] = frozenset()
    groups: Mapping[int, frozenset[int]] = field(default_factory=dict)
    bands: Mapping[int, Fraction] = field(default_factory=dict)  # of hamlets, in the public view
    few: Mapping[int, frozenset[int]] = field(default_factory=dict)  # groups that follow from numbers of ballots alone
    public: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """How a view chooses: which rows are sensitive, how many ballots are few, and whether it is the public one."""

    sensitive: Sensitive
    small: int
    public: bool = False
    by_numbers: bool = False  # the first three steps only: what follows from numbers of ballots

    @property
    def least(self) -> int:
        """Satisfied and not satisfied ballots of a group: with fewer it says too little."""
        return self.small + VALUES - 1 if self.public else VALUES - 1

    def one_sided(self, row: Cells) -> bool:
        """Whether many answered and nearly all are dissatisfied: the choice itself would say so if it took few."""
        satisfied, dissatisfied, _ = row
        if self.public:
            return satisfied < self.small <= dissatisfied and sum(row) >= 2 * self.small
        return dissatisfied == sum(row) >= self.small


def withhold(
    units: Sequence[Placed],
    rows: Mapping[int, Cells],
    choice: Choice,
    also: Set[int] = frozenset(),
    within: Set[int] = frozenset(),
) -> Withheld:
    """The four steps, for units of which each parent comes before what is below it.

    `also` is withheld in any case; where not all of `within` come out withheld, all units of that parent are.
    """

    def chosen(among: Iterable[Placed]) -> set[int]:
        return {
            one.unit.id
            for one in among
            if one.unit.id in also or choice.sensitive(one, rows[one.unit.id], choice.small)
        }

    below: dict[int | None, list[Placed]] = defaultdict(list)
    for one in units:
        below[one.unit.parent].append(one)
    gone = chosen(one for one in units if one.unit.parent not in rows)
    groups: dict[int, frozenset[int]] = {}
    told: dict[int, Fraction] = {}
    for above in units:
        parts = below[above.unit.id]
        if above.unit.id in gone:
            gone.update(part.unit.id for part in parts)
        elif parts:
            hamlets = any(part.unit.level == "hamlet" for part in parts)  # of others only their size is sensitive
            way = replace(choice, public=choice.public and hamlets)
            every = _sending(rows[above.unit.id], {part.unit.id: rows[part.unit.id] for part in parts})
            group, all_of_them = _group(rows[above.unit.id], every, chosen(parts), way)
            if within & every.keys() - group:
                group, all_of_them = frozenset(every), True
            if group:
                gone |= group - {UNPLACED}
                groups[above.unit.id] = group
                told |= bands({id: every[id] for id in group}, way.small) if way.public and not all_of_them else {}
    return Withheld(frozenset(gone), groups, told)


def _sending(whole: Cells, rows: Mapping[int, Cells]) -> dict[int, Cells]:
    """The rows that have ballots, those of no part among them."""
    unplaced = tuple(cell - sum(part) for cell, *part in zip(whole, *rows.values(), strict=True))
    return {id: row for id, row in {**rows, UNPLACED: unplaced}.items() if any(row)}


def _group(whole: Cells, every: Mapping[int, Cells], chosen: Set[int], choice: Choice) -> tuple[frozenset[int], bool]:
    """Steps 2 to 4 below one unit, and whether step 4 took all."""
    group = {id for id in chosen if id in every}
    if UNPLACED in every and (group or sum(every[UNPLACED]) < choice.small):
        group.add(UNPLACED)
    if not group:
        return frozenset(), False
    others = sorted(every.keys() - group, key=lambda id: (sum(every[id]), id))

    def large() -> bool:
        sizes = [sum(every[id]) for id in group]
        return len(sizes) > 1 and sum(sizes) >= choice.small and sum(sizes) - max(sizes) >= VALUES - 1

    def says(*least: int) -> bool:
        return all(
            sum(every[id][place] for id in group) >= min(few, total)
            for place, (few, total) in enumerate(zip(least, whole, strict=True))
        )

    answers = (choice.least, choice.least)
    _join(group, others, large)
    if any(choice.one_sided(every[id]) for id in group if id != UNPLACED):
        return frozenset(every), True
    if choice.by_numbers:
        return frozenset(group), False
    if not choice.public:
        _join(group, others, lambda: says(*answers, VALUES))
        return frozenset(group), False
    if not says(0, 0, VALUES) or 0 < whole[2] < VALUES:
        group = set(every)
    if not says(*answers, 0) or crowded({id: every[id] for id in group}, every, choice.small):
        return frozenset(every), True
    return frozenset(group), False


def _join(group: set[int], others: list[int], enough: Callable[[], bool]) -> None:
    while others and not enough():
        group.add(others.pop(0))
