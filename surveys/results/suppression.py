"""What may be told of a round: two views and no third. In both, nothing told is a function of a withheld cell.

*Officials* read a unit's answers from `small` ballots on, whatever they say. *Everybody* reads the same, but of a
hamlet whose smaller answer has fewer than `small` ballots only a band (`surveys.results.bands`). Where all of a unit's
ballots say "chưa hài lòng" to a question it is withheld in both. How many ballots came is always known.

What is withheld below one unit is told as a sum, and is one stratum in each estimate of that unit
(`surveys.results.grouping`, `surveys.results.strata`). What is made of several questions is withheld with any of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveys.results.cells import UNPLACED, Cells
from surveys.results.counts import Tally, UnitCounts
from surveys.results.estimates import Estimate
from surveys.results.grouping import Choice, Placed, Sensitive, Withheld, withhold
from surveys.results.scoring import QuestionScore, Together, UnitScore, collapsed
from surveys.results.strata import CONTENT, group_tally, parts_of
from surveys.results.told_modes import with_modes
from surveys.rules.rule_sets import COVERAGE

__all__ = ["Cells", "Sensitive", "few_ballots", "for_everybody", "for_staff", "hidden", "small_cells", "suppress"]

SMALL = 10  # what is smaller is withheld, if nobody says otherwise
LEAST = 5  # and no setting may go below this

Tables = dict[str, Withheld]


def few_ballots(unit: Placed, cells: Cells, small: int) -> bool:
    """For officials: few ballots, or all of them dissatisfied."""
    return 0 < sum(cells) < small or 0 < cells[1] == sum(cells)


def small_cells(unit: Placed, cells: Cells, small: int) -> bool:
    """For everybody: also a hamlet where few are satisfied or few are not."""
    return few_ballots(unit, cells, small) or (
        unit.unit.level == "hamlet" and sum(cells) > 0 and min(cells[0], cells[1]) < small
    )


def for_staff(scores: Sequence[UnitScore], small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores as officials read them."""
    return suppress(scores, few_ballots, small)


def for_everybody(scores: Sequence[UnitScore], small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores as they may be published: bands, no small mode, and verdicts that hold whatever is withheld."""
    return suppress(scores, small_cells, small)


def suppress(scores: Sequence[UnitScore], sensitive: Sensitive, small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores with what may not be shown taken out, and estimates made anew; parents come before what is below."""
    if small < LEAST:
        raise ValueError(f"cells below {LEAST} are always suppressed")
    if not scores or scores[0].basis is None:
        return tuple(scores)
    basis, units = scores[0].basis, [one.basis.counted for one in scores if one.basis]
    public = sensitive is small_cells
    tables = _tables(units, basis.content, [one.name for one in basis.questions], small, public)
    told = collapsed(scores, tables)
    below = parts_of(units)
    told = tuple(
        replace(_without(one, tables), together=_together(counted, below, tables))
        for one, counted in zip(told, units, strict=True)
    )
    return with_modes(told, small, public=public)


def hidden(scores: Sequence[Placed], rows: Mapping[int, Cells], sensitive: Sensitive, small: int) -> set[int]:
    """The units whose row of one table is withheld."""
    return set(withhold(scores, rows, Choice(sensitive, small, sensitive is small_cells)).gone)


def _tables(
    units: Sequence[UnitCounts], content: Sequence[str], questions: Sequence[str], small: int, public: bool
) -> Tables:
    """What each table withholds. Everybody sees none of what officials do not: they can put both views together."""
    theirs = _tables(units, content, questions, small, False) if public else {}
    choice = Choice(small_cells if public else few_ballots, small, public)
    found: Tables = {}
    sizes = {unit.unit.id: (unit.unit.ballots, 0, 0) for unit in units}
    by_numbers = withhold(units, sizes, Choice(_few, small, by_numbers=True)).groups if public else {}
    for name in questions:
        rows = {unit.unit.id: _answers(unit.total, name) for unit in units}
        few = withhold(units, rows, Choice(few_ballots, small, by_numbers=True)).gone if public else frozenset()
        found[name] = withhold(units, rows, choice, few, theirs.get(name, Withheld()).gone)
    rows = {unit.unit.id: _likes_all(unit, len(content), public) for unit in units}
    also = frozenset().union(*(found[name].gone for name in content))
    shares = replace(choice, sensitive=_small_shares) if public else choice
    found[CONTENT] = replace(withhold(units, rows, shares, also, theirs.get(CONTENT, Withheld()).gone), bands={})
    return {name: replace(held, few=by_numbers, public=True) for name, held in found.items()} if public else found


def _answers(tally: Tally, question: str) -> Cells:
    satisfied = tally.satisfied.get(question, 0)
    dissatisfied = tally.not_satisfied.get(question, 0)
    return satisfied, dissatisfied, tally.ballots - satisfied - dissatisfied


def _few(_unit: Placed, cells: Cells, small: int) -> bool:
    return 0 < sum(cells) < small


def _small_shares(unit: Placed, cells: Cells, small: int) -> bool:
    few = min(cells[0], cells[1]) if unit.unit.level == "hamlet" else sum(cells)
    return sum(cells) > 0 and few < small


def _likes_all(unit: UnitCounts, content: int, public: bool) -> Cells:
    """Who is satisfied in all of the content, and who is not; that nobody is, is no answer of anybody's to hide."""
    every = unit.total.content.get(content, 0) if content else 0
    others = unit.total.ballots - every
    return (every, others, 0) if public else (every, 0, others)


def _together(
    unit: UnitCounts, below: Mapping[int | None, Sequence[UnitCounts]], tables: Tables
) -> tuple[Together, ...]:
    parts = below.get(unit.unit.id, ())
    sums = []
    for name, held in tables.items():
        group = held.groups.get(unit.unit.id)
        if not group or name == CONTENT:
            continue
        tally = group_tally(unit, parts, group)
        unplaced = unit.unit.ballots - sum(part.unit.ballots for part in parts) if UNPLACED in group else 0
        satisfied, dissatisfied, blank = _answers(tally, name)
        keys = tuple(part.unit.key for part in parts if part.unit.id in group)
        sums.append(Together(name, keys, unplaced, satisfied, dissatisfied, blank))
    return tuple(sums)


def _without(unit: UnitScore, tables: Tables) -> UnitScore:
    """A unit's score without what is withheld of it and whatever is made of that."""
    id = unit.unit.id
    gone = tuple(name for name, held in tables.items() if id in held.gone)
    if not gone:
        return unit
    closing = any(one.question.role == "overall" and one.question.name in gone for one in unit.questions)
    return replace(
        unit,
        questions=tuple(
            QuestionScore(one.question, None, None, None, Estimate()) if one.question.name in gone else one
            for one in unit.questions
        ),
        content_mean=Estimate() if CONTENT in gone else unit.content_mean,
        overall=Estimate() if closing else unit.overall,
        all_satisfied=Estimate() if CONTENT in gone else unit.all_satisfied,
        if_all_silent_dissatisfied=None if closing else unit.if_all_silent_dissatisfied,
        by_mode=(),
        mode_warnings=(),
        marks=tuple(mark for mark in unit.marks if mark.mark == COVERAGE),
        suppressed=gone,
        bands={name: held.bands[id] for name, held in tables.items() if id in held.bands},
    )
