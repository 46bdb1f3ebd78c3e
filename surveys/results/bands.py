"""Bands: of a hamlet where few are dissatisfied everybody may know "từ 90 % trở lên", never how many.

A hamlet's band follows from its number of ballots: the highest step that it reaches with as many dissatisfied as are
called few, and all blanks of its group beside them. So a band says that they are few, which is why the hamlet is
withheld, and nothing more. What bands say together with the sum of their group is looked at here.
"""

from collections.abc import Mapping, Set
from fractions import Fraction

from surveys.results.cells import UNPLACED, VALUES, Cells

STEPS = (90, 85, 80, 70, 60, 50)  # in per cent; a hamlet too small for the lowest has no band


def step(ballots: int, few: int) -> int | None:
    """The highest step that a hamlet reaches with so few of its ballots not satisfied."""
    return next((step for step in STEPS if ballots * (100 - step) // 100 >= few), None)


def bands(rows: Mapping[int, Cells], small: int) -> dict[int, Fraction]:
    """The bands of a group of hamlets; none where they would tell more than that few are dissatisfied.

    Each says: fewer than `small` are dissatisfied. A hamlet large enough for one and without has that many at least.
    Where this and the group's sum leave too few values, nobody has a band; nor where one hamlet less with a band
    would be such a case, so that what is hidden has company; nor where over a quarter are dissatisfied.
    """
    able = _able(rows, small)
    having = {id for id in able if rows[id][1] < small}
    dissatisfied = sum(row[1] for row in rows.values())
    beyond = dissatisfied - small * len(able.keys() - having)  # what those without a band must have
    if (
        4 * dissatisfied > sum(map(sum, rows.values()))
        or (len(having) < len(able) and beyond < VALUES - 1)
        or 0 <= beyond - small < VALUES - 1
    ):
        return {}
    return {id: Fraction(able[id], 100) for id in having}


def crowded(group: Mapping[int, Cells], every: Mapping[int, Cells], small: int) -> bool:
    """Whether the bands would say nearly all: so many are dissatisfied that each of the group has the most it can.

    Also where the unit above has as many as all its hamlets together with bands could have, whatever they have.
    """
    if 0 <= _most(every, _able(every, small).keys(), small) < VALUES:
        return True
    able = _able(group, small).keys()
    return all(group[id][1] < small for id in able) and _most(group, able, small) < VALUES


def _most(rows: Mapping[int, Cells], able: Set[int], small: int) -> int:
    """How many more could be dissatisfied if all that can have a band had one."""
    return sum((small - 1 if id in able else sum(row)) - row[1] for id, row in rows.items())


def _able(rows: Mapping[int, Cells], small: int) -> dict[int, int]:
    """The hamlets large enough for a band, and which; it must hold even if all blanks of the group were one's."""
    few = small - 1 + sum(row[2] for row in rows.values())
    found = {id: step(sum(row), few) for id, row in rows.items() if id != UNPLACED}
    return {id: band for id, band in found.items() if band is not None}
