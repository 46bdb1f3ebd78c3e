"""Bands: of a hamlet where few are dissatisfied everybody may know "từ 90 % trở lên", never how many.

A hamlet's band follows from its number of ballots: the highest step that it reaches with as many dissatisfied as are
called few. So a band says that they are few, which is why the hamlet is withheld, and nothing more. What bands say
together with the sum of their group is looked at here.
"""

from collections.abc import Mapping, Set
from fractions import Fraction

from surveys.results.cells import UNPLACED, VALUES, Cells

STEPS = (90, 85, 80, 70, 60, 50)  # in per cent; a hamlet too small for the lowest has no band


def step(ballots: int, small: int) -> int | None:
    """The band of a hamlet in which few are dissatisfied."""
    return next((step for step in STEPS if ballots * (100 - step) // 100 >= small - 1), None)


def bands(rows: Mapping[int, Cells], small: int) -> dict[int, Fraction]:
    """The bands of a group of hamlets; none where they would tell more than that few are dissatisfied.

    Each says: fewer than `small` are dissatisfied. A hamlet large enough for one and without has that many at least.
    Where this and the group's sum leave too few values, nobody has a band; nor where one hamlet less with a band
    would be such a case, so that what is hidden has company; nor where over a quarter are dissatisfied.
    """
    able, having = _able(rows, small), _having(rows, small)
    dissatisfied = sum(row[1] for row in rows.values())
    beyond = dissatisfied - small * len(able - having)  # what those without a band must have
    if (
        4 * dissatisfied > sum(map(sum, rows.values()))
        or (able != having and beyond < VALUES - 1)
        or 0 <= beyond - small < VALUES - 1
    ):
        return {}
    return {id: Fraction(step(sum(rows[id]), small) or 0, 100) for id in having}


def crowded(group: Mapping[int, Cells], every: Mapping[int, Cells], small: int) -> bool:
    """Whether the bands would say nearly all: so many are dissatisfied that each of the group has the most it can.

    Also where the unit above has as many as all its hamlets together with bands could have, whatever they have; and
    where few of a hamlet are dissatisfied but so many blank that it misses its band, which would say how many.
    """
    if 0 <= _most(every, _able(every, small), small) < VALUES:
        return True
    able = _able(group, small)
    if any(group[id][1] < small for id in able - _having(group, small)):
        return True
    return able == _having(group, small) and _most(group, able, small) < VALUES


def _most(rows: Mapping[int, Cells], able: Set[int], small: int) -> int:
    """How many more could be dissatisfied if all that can have a band had one."""
    return sum((small - 1 if id in able else sum(row)) - row[1] for id, row in rows.items())


def _able(rows: Mapping[int, Cells], small: int) -> set[int]:
    return {id for id, row in rows.items() if id != UNPLACED and step(sum(row), small)}


def _having(rows: Mapping[int, Cells], small: int) -> set[int]:
    return {
        id
        for id in _able(rows, small)
        if rows[id][1] < small and 100 * rows[id][0] >= (step(sum(rows[id]), small) or 0) * sum(rows[id])
    }
