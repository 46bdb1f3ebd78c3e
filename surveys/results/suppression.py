"""What a table may not show: cells so small that neighbours could tell who answered what.

A unit's answers to one question are a row of three cells: satisfied, not satisfied, blank. How many ballots came
back is known to everybody, and so is the row of the unit above. A row is withheld whole, and with it as many
others that nothing withheld follows from what is shown:

1. sensitive rows: see `few_ballots` and `small_cells`
2. everything below a withheld row
3. while the rows withheld under one unit are a single one, or together small in a cell in which their unit is
   not: one row more, that of the fewest ballots

Then each withheld cell can take several values (a test tries them all). Where a whole unit gave one and the same
answer, that is what its own published row says, and nothing below it can be kept from it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from surveys.results.estimates import Estimate
from surveys.results.scoring import QuestionScore, UnitScore
from surveys.rules.rule_sets import COVERAGE

SMALL = 10  # what is smaller is withheld, if nobody says otherwise
LEAST = 5  # and no setting may go below this
ALL = "all_satisfied"
UNPLACED = -1  # stands for the ballots of a unit that name no part of it

Cells = tuple[int, ...]  # the ballots of one row: satisfied, not satisfied, blank
Sensitive = Callable[[UnitScore, Cells, int], bool]  # a unit, its row, and what is small


def few_ballots(unit: UnitScore, cells: Cells, small: int) -> bool:
    """For staff: the answers of a hamlet that sent only few ballots."""
    return unit.unit.level == "hamlet" and 0 < sum(cells) < small


def small_cells(unit: UnitScore, cells: Cells, small: int) -> bool:
    """For everybody: few ballots from anywhere; of a hamlet also few of one answer, or all of the same."""
    ballots = sum(cells)
    if unit.unit.level != "hamlet":
        return 0 < ballots < small
    return ballots > 0 and (max(cells) == ballots or any(0 < cell < small for cell in cells))


def for_staff(scores: Sequence[UnitScore], small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores without the answers of hamlets that sent only few ballots."""
    return suppress(scores, few_ballots, small)


def for_everybody(scores: Sequence[UnitScore], small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores as they may be published: no small cell, no hamlet of one mind by its name, no small mode."""
    return tuple(_without_modes(unit, small) for unit in suppress(scores, small_cells, small))


def suppress(scores: Sequence[UnitScore], sensitive: Sensitive, small: int = SMALL) -> tuple[UnitScore, ...]:
    """The scores with what may not be shown taken out; parents come before what is below them."""
    if small < LEAST:
        raise ValueError(f"cells below {LEAST} are always suppressed")
    if not scores:
        return ()
    withheld: dict[int, list[str]] = defaultdict(list)
    for name in [*(question.question.name for question in scores[0].questions), ALL]:
        rows = {unit.unit.id: _cells(unit, name) for unit in scores}
        for id in hidden(scores, rows, sensitive, small):
            withheld[id].append(name)
    return tuple(_without(unit, withheld[unit.unit.id]) if unit.unit.id in withheld else unit for unit in scores)


def _without_modes(unit: UnitScore, small: int) -> UnitScore:
    if unit.unit.level != "hamlet" and all(mode.ballots >= small for _, mode in unit.by_mode):
        return unit
    return replace(unit, by_mode=(), mode_warnings=())


def hidden(scores: Sequence[UnitScore], rows: Mapping[int, Cells], sensitive: Sensitive, small: int) -> set[int]:
    """The units whose row of one table is withheld: the three steps above, from the top down."""
    gone: set[int] = set()
    below: dict[int | None, list[UnitScore]] = defaultdict(list)
    for unit in scores:
        below[unit.unit.parent].append(unit)
        if unit.unit.parent not in rows and sensitive(unit, rows[unit.unit.id], small):
            gone.add(unit.unit.id)
    for parent in scores:
        children = below[parent.unit.id]
        if parent.unit.id in gone:
            gone.update(unit.unit.id for unit in children)
        elif children:
            chosen = {unit.unit.id for unit in children if sensitive(unit, rows[unit.unit.id], small)}
            apart = {unit.unit.id: rows[unit.unit.id] for unit in children}
            gone |= _complemented(rows[parent.unit.id], apart, chosen, small)
    return gone


def _complemented(whole: Cells, rows: Mapping[int, Cells], chosen: Set[int], small: int) -> set[int]:
    """The chosen rows and as many more as keep them from being worked out of the whole."""
    # Ballots of the unit itself, without a hamlet, are a row too: it follows from the others if those are shown.
    unplaced = tuple(cell - sum(part) for cell, *part in zip(whole, *rows.values(), strict=True))
    every = {**rows, UNPLACED: unplaced}
    gone = {id for id in chosen if any(every[id])} | ({UNPLACED} if 0 < sum(unplaced) < small else set())
    others = sorted((id for id in every if id not in gone and any(every[id])), key=lambda id: sum(every[id]))
    while gone and others:
        together = [sum(every[id][place] for id in gone) for place in range(len(whole))]
        if len(gone) > 1 and all(cell >= min(small, total) for cell, total in zip(together, whole, strict=True)):
            break
        gone.add(others.pop(0))
    return gone - {UNPLACED}


def _cells(unit: UnitScore, table: str) -> Cells:
    if table == ALL:
        share = unit.all_satisfied.rate if unit.all_satisfied else None
        every = int(share * unit.unit.ballots) if share is not None else 0
        return (every, unit.unit.ballots - every, 0)
    question = next(one for one in unit.questions if one.question.name == table)
    return (question.satisfied or 0, question.not_satisfied or 0, question.blank or 0)


def _without(unit: UnitScore, tables: Sequence[str]) -> UnitScore:
    """A unit's score without these tables and whatever is made of them."""
    content = any(one.question.role == "content" and one.question.name in tables for one in unit.questions)
    closing = any(one.question.role == "overall" and one.question.name in tables for one in unit.questions)
    return replace(
        unit,
        questions=tuple(
            QuestionScore(one.question, None, None, None, Estimate()) if one.question.name in tables else one
            for one in unit.questions
        ),
        content_mean=Estimate() if content else unit.content_mean,
        overall=Estimate() if closing else unit.overall,
        all_satisfied=Estimate() if ALL in tables else unit.all_satisfied,
        if_all_silent_dissatisfied=None if closing else unit.if_all_silent_dissatisfied,
        by_mode=(),
        mode_warnings=(),
        marks=tuple(mark for mark in unit.marks if mark.mark == COVERAGE),
        suppressed=tuple(tables),
    )
