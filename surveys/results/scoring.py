"""Scores of a round from counts: values in, values out; no database, no clock.

Two arithmetics stand side by side: the official one (ballots satisfied over ballots returned, against the
mark) and what can be concluded from it (does the interval reach the mark, miss it, or straddle it).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys.json_values import Json
from surveys.results.counts import Scored, Tally, UnitCounts
from surveys.results.estimates import Estimate, Sample, as_number, estimate
from surveys.results.mode_effects import ModeScore, ModeWarning, mode_scores, mode_warnings
from surveys.results.verdicts import MarkScore, judge, judge_coverage
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
            "marks": [mark.to_json() for mark in self.marks],
            "note": self.note,
        }


def coverage_only(units: Iterable[Turnout], rule: Rule, counts: CountedUnit = "household") -> tuple[UnitScore, ...]:
    """Before the close: how many ballots came back, never what they say."""
    return tuple(UnitScore(unit, (judge_coverage(unit, rule, counts),), _note(unit)) for unit in units)


def score(
    questions: Sequence[Scored], units: Sequence[UnitCounts], rule: Rule, counts: CountedUnit = "household"
) -> tuple[UnitScore, ...]:
    """Each unit's score, in the order given.

    In a round that counts persons households are not the population: no correction, no weights, no bound.
    """
    below: dict[int | None, list[UnitCounts]] = defaultdict(list)
    for unit in units:
        below[unit.unit.parent].append(unit)
    return tuple(_score(questions, unit, _hamlets(unit, below), rule, counts) for unit in units)


def _hamlets(counted: UnitCounts, below: Mapping[int | None, Sequence[UnitCounts]]) -> list[UnitCounts]:
    """The lowest units below one: its strata. A unit without any is its own."""
    parts = below.get(counted.unit.id, ())
    return [hamlet for part in parts for hamlet in _hamlets(part, below)] if parts else [counted]


def _score(
    questions: Sequence[Scored],
    counted: UnitCounts,
    hamlets: Sequence[UnitCounts],
    rule: Rule,
    counts: CountedUnit,
) -> UnitScore:
    unit, total = counted.unit, counted.total
    population = unit.households if counts == "household" else None
    strata = [(hamlet.total, hamlet.unit.households if counts == "household" else None) for hamlet in hamlets]

    def estimated(pick: Callable[[Tally, int | None], Sample]) -> Estimate:
        return estimate(pick(total, population), [pick(tally, households) for tally, households in strata])

    def satisfied(name: str) -> Estimate:
        return estimated(lambda tally, households: tally.sample(name, households))

    content = sum(question.role == "content" for question in questions)
    closing = next((question.name for question in questions if question.role == "overall"), None)
    scores = tuple(_question(question, total, satisfied(question.name)) for question in questions)
    mean = estimated(lambda tally, households: tally.content_sample(content, households))
    overall = next((one.estimate for one in scores if one.question.name == closing), Estimate())
    judged = {
        "overall": [overall],
        "content_mean": [mean],
        "each_content": [one.estimate for one in scores if one.question.role == "content"],
    }
    return UnitScore(
        unit,
        marks=(*(judge(mark, judged[mark.of]) for mark in rule.marks), judge_coverage(unit, rule, counts)),
        note=_note(unit, unit.ballots - sum(tally.ballots for tally, _ in strata)),
        questions=scores,
        content_mean=mean,
        overall=overall,
        all_satisfied=estimated(lambda tally, households: tally.all_sample(content, households)),
        if_all_silent_dissatisfied=_silent_bound(total, closing, population),
        by_mode=mode_scores(counted.by_mode, content, closing),
        mode_warnings=() if unit.level == "hamlet" else mode_warnings(counted.by_mode, content, closing),
    )


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
