"""Scores of a round from counts: values in, values out; no database, no clock.

Two arithmetics stand side by side: the official one (ballots satisfied over ballots returned, against the
mark) and what can be concluded from it (does the interval reach the mark, miss it, or straddle it).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from surveys.json_values import Json
from surveys.results.careful import Spread, widest
from surveys.results.counts import Scored, Tally, UnitCounts
from surveys.results.estimates import Estimate, Sample, as_number, estimate
from surveys.results.grouping import Withheld
from surveys.results.mode_effects import ModeScore, ModeWarning, mode_scores, mode_warnings
from surveys.results.strata import CONTENT, Made, Strata, parts_of, strata_of
from surveys.results.verdicts import MarkScore, judge, judge_coverage, more_careful
from surveys.rounds.states import Mode
from surveys.rounds.units import CountedUnit, Turnout
from surveys.rules.rule_sets import Rule

CROWDED = "Số phiếu nhiều hơn số hộ trong sổ; cần xem lại số hộ."
NO_REGISTER = "Chưa có số hộ nên chưa tính được độ phủ."


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question in one unit. Counts are None where they are suppressed."""

    question: Scored
    satisfied: int | None
    not_satisfied: int | None
    blank: int | None  # left out, or an answer that is neither
    estimate: Estimate

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def label(self) -> str:
        return self.question.label

    @property
    def role(self) -> str:
        return self.question.role

    @property
    def rate(self) -> Fraction | None:
        return self.estimate.rate

    @property
    def low(self) -> float | None:
        return self.estimate.low

    @property
    def high(self) -> float | None:
        return self.estimate.high

    @property
    def rate_answered(self) -> Fraction | None:
        """Over the ballots that said one or the other."""
        if self.satisfied is None or self.not_satisfied is None or not self.satisfied + self.not_satisfied:
            return None
        return Fraction(self.satisfied, self.satisfied + self.not_satisfied)

    def to_json(self) -> Json:
        return {
            "name": self.question.name,
            "label": self.question.label,
            "role": self.question.role,
            "satisfied": self.satisfied,
            "not_satisfied": self.not_satisfied,
            "blank": self.blank,
            "rate_answered": as_number(self.rate_answered),
            **self.estimate.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """What a unit's score was made from, to make it anew with other strata."""

    questions: Sequence[Scored]
    counted: UnitCounts
    rule: Rule
    counts: CountedUnit

    @property
    def content(self) -> list[str]:
        return [question.name for question in self.questions if question.role == "content"]


@dataclass(frozen=True, slots=True)
class Together:
    """What several withheld units of one parent, and its ballots without a hamlet, say to a question: their sum."""

    name: str
    units: tuple[str, ...]  # their keys
    unplaced: int  # ballots without a hamlet among them
    satisfied: int
    not_satisfied: int
    blank: int

    @property
    def ballots(self) -> int:
        return self.satisfied + self.not_satisfied + self.blank

    @property
    def rate(self) -> Fraction:
        return Fraction(self.satisfied, self.ballots)

    def to_json(self) -> Json:
        return {
            "name": self.name,
            "units": list(self.units),
            "unplaced": self.unplaced,
            "ballots": self.ballots,
            "satisfied": self.satisfied,
            "not_satisfied": self.not_satisfied,
            "blank": self.blank,
            "rate": float(self.rate),
        }


@dataclass(frozen=True, slots=True)
class UnitScore:
    """Everything about one unit; before the close nothing but its coverage."""

    unit: Turnout
    marks: tuple[MarkScore, ...]
    note: str = ""
    questions: tuple[QuestionScore, ...] = ()
    content_mean: Estimate | None = None
    overall: Estimate | None = None
    all_satisfied: Estimate | None = None
    if_all_silent_dissatisfied: Fraction | None = None
    by_mode: tuple[tuple[Mode, ModeScore], ...] = ()
    mode_warnings: tuple[ModeWarning, ...] = ()
    suppressed: tuple[str, ...] = ()  # what is withheld since too few gave an answer: see `surveys.results.suppression`
    bands: Mapping[str, Fraction] = field(default_factory=dict)  # question -> the rate is at least this
    collapsed: tuple[str, ...] = ()  # tables whose estimates take the withheld units below as one stratum
    together: tuple[Together, ...] = ()  # the sums of the withheld units below
    basis: Basis | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> int:
        return self.unit.id

    @property
    def key(self) -> str:
        return self.unit.key

    @property
    def name(self) -> str:
        return self.unit.name

    @property
    def level(self) -> str:
        return self.unit.level

    @property
    def households(self) -> int | None:
        return self.unit.households

    @property
    def ballots(self) -> int:
        return self.unit.ballots

    @property
    def coverage(self) -> Fraction | None:
        return self.unit.coverage

    def to_json(self) -> Json:
        return {
            **self.unit.to_json(),
            "questions": [question.to_json() for question in self.questions],
            "content_mean": self.content_mean and self.content_mean.to_json(),
            "overall": self.overall and self.overall.to_json(),
            "all_satisfied": self.all_satisfied and self.all_satisfied.to_json(),
            "if_all_silent_dissatisfied": as_number(self.if_all_silent_dissatisfied),
            "by_mode": {mode: score.to_json() for mode, score in self.by_mode},
            "mode_warnings": [warning.to_json() for warning in self.mode_warnings],
            "suppressed": list(self.suppressed),
            "bands": {name: float(least) for name, least in self.bands.items()},
            "collapsed": list(self.collapsed),
            "together": [one.to_json() for one in self.together],
            "marks": [mark.to_json() for mark in self.marks],
            "note": self.note,
        }


def coverage_only(units: Iterable[Turnout], rule: Rule, counts: CountedUnit = "household") -> tuple[UnitScore, ...]:
    """Before the close: how many ballots came back, never what they say."""
    return tuple(UnitScore(unit, (judge_coverage(unit, rule, counts),), _note(unit)) for unit in units)


def score(
    questions: Sequence[Scored],
    units: Sequence[UnitCounts],
    rule: Rule,
    counts: CountedUnit = "household",
) -> tuple[UnitScore, ...]:
    """Each unit's score, in the order given.

    In a round that counts persons households are not the population: no correction, no weights, no bound.
    """
    below = parts_of(units)
    return tuple(_score(Basis(questions, unit, rule, counts), strata_of(unit, below, {}, counts)) for unit in units)


def collapsed(scores: Sequence[UnitScore], withheld: Mapping[str, Withheld]) -> tuple[UnitScore, ...]:
    """The same units with the estimates that are made of what each table withholds as one stratum."""
    made: Made = {}
    below = parts_of([one.basis.counted for one in scores if one.basis])

    def anew(one: UnitScore) -> UnitScore:
        if one.basis is None:
            return one
        strata = strata_of(one.basis.counted, below, withheld, one.basis.counts, made)
        return _score(one.basis, strata) if strata.by_table else one

    return tuple(map(anew, scores))


def _score(basis: Basis, strata: Strata) -> UnitScore:
    counted, rule, closing = basis.counted, basis.rule, _closing(basis.questions)
    unit, total, content = counted.unit, counted.total, len(basis.content)
    population = unit.households if basis.counts == "household" else None

    wide: dict[Estimate, Estimate] = {}  # what public verdicts stand on

    def estimated(table: str, pick: Callable[[Tally, int | None], Sample]) -> Estimate:
        held = strata.of(table)
        found = estimate(pick(total, population), [pick(tally, households) for tally, households in held])
        if groups := strata.groups.get(table):
            apart = {id(group.tally) for group in groups}
            single = [pick(tally, households) for tally, households in held if id(tally) not in apart]
            wide[found] = widest(found, single, [Spread(pick(group.tally, None), group.parts) for group in groups])
        return found

    def satisfied(name: str) -> Estimate:
        return estimated(name, lambda tally, households: tally.sample(name, households))

    scores = tuple(_question(question, total, satisfied(question.name)) for question in basis.questions)
    mean = estimated(CONTENT, lambda tally, households: tally.content_sample(content, households))
    overall = next((one.estimate for one in scores if one.question.name == closing), Estimate())
    judged = {
        "overall": [overall],
        "content_mean": [mean],
        "each_content": [one.estimate for one in scores if one.question.role == "content"],
    }
    marks = [judge(mark, judged[mark.of]) for mark in rule.marks]
    careful = [judge(mark, [wide.get(one, one) for one in judged[mark.of]]) for mark in rule.marks]
    return UnitScore(
        unit,
        marks=(*more_careful(marks, careful), judge_coverage(unit, rule, basis.counts)),
        note=_note(unit, strata.unplaced),
        questions=scores,
        content_mean=mean,
        overall=overall,
        all_satisfied=estimated(CONTENT, lambda tally, households: tally.all_sample(content, households)),
        if_all_silent_dissatisfied=_silent_bound(total, closing, population),
        by_mode=mode_scores(counted.by_mode, content, closing),
        mode_warnings=() if unit.level == "hamlet" else mode_warnings(counted.by_mode, content, closing),
        collapsed=strata.collapsed,
        basis=basis,
    )


def _closing(questions: Sequence[Scored]) -> str | None:
    return next((question.name for question in questions if question.role == "overall"), None)


def _question(question: Scored, total: Tally, estimated: Estimate) -> QuestionScore:
    satisfied = total.satisfied.get(question.name, 0)
    not_satisfied = total.not_satisfied.get(question.name, 0)
    blank = total.ballots - satisfied - not_satisfied
    return QuestionScore(question, satisfied, not_satisfied, blank, estimated)


def _silent_bound(total: Tally, closing: str | None, households: int | None) -> Fraction | None:
    """Satisfied over all households: the overall rate if every silent household were dissatisfied."""
    if not closing or not households:
        return None
    return Fraction(total.satisfied.get(closing, 0), max(households, total.ballots))


def _note(unit: Turnout, unplaced: int = 0) -> str:
    notes = []
    if not unit.households:
        notes.append(NO_REGISTER)
    elif unit.ballots > unit.households:
        notes.append(CROWDED)
    if unplaced:
        notes.append(f"{unplaced} phiếu chưa rõ ấp nên không nằm trong ước lượng theo ấp.")
    return " ".join(notes)
