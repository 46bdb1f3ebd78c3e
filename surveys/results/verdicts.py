"""Marks judged: does the official arithmetic reach them, and what can be concluded.

The official word compares exact fractions. The verdict looks at the interval: reached, not reached, or not
established where it straddles the mark. Coverage is counted, not estimated, and judged apart by the quota.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, get_args

from surveys.json_values import Json
from surveys.labels import labels
from surveys.results.estimates import Estimate, as_number
from surveys.rounds.units import CountedUnit, Turnout
from surveys.rules.rule_sets import COVERAGE, Mark, Of, Rule

_DUST = 1e-12  # what rounding may do to a bound: 0.95 must not miss 95 % by it
Verdict = Literal["reached", "not_reached", "not_established"]
VERDICTS = labels("verdict", get_args(Verdict))


@dataclass(frozen=True, slots=True)
class MarkScore:
    """One mark in one unit. Without ballots, or without a number of households, it has no value."""

    mark: str
    threshold: Fraction
    strict: bool  # more than the threshold, not just the threshold
    value: Fraction | None
    official: bool
    verdict: Verdict
    of: Of | Literal["coverage"] = "coverage"

    def to_json(self) -> Json:
        return {
            "mark": self.mark,
            "of": self.of,
            "threshold": float(self.threshold),
            "strict": self.strict,
            "value": as_number(self.value),
            "official": self.official,
            "verdict": self.verdict,
        }


def judge(mark: Mark, estimates: Sequence[Estimate]) -> MarkScore:
    """A mark against what it is of; of several questions the lowest must reach it."""
    rates = [one.rate for one in estimates if one.rate is not None]
    lows = [one.low for one in estimates if one.low is not None]
    highs = [one.high for one in estimates if one.high is not None]
    if not rates or not lows or not highs:
        return MarkScore(mark.name, mark.at_least, mark.strict, None, False, "not_established", mark.of)
    official = _reaches(min(rates), mark.at_least, mark.strict)
    verdict: Verdict = "not_established"
    if _reaches(min(lows), float(mark.at_least), mark.strict, _DUST):
        verdict = "reached"
    elif not _reaches(min(highs), float(mark.at_least), mark.strict, _DUST):
        verdict = "not_reached"
    return MarkScore(mark.name, mark.at_least, mark.strict, min(rates), official, verdict, mark.of)


def more_careful(marks: Sequence[MarkScore], others: Sequence[MarkScore]) -> tuple[MarkScore, ...]:
    """The marks, not established where the others, judged by wider intervals, say otherwise."""
    theirs = {mark.mark: mark.verdict for mark in others}
    return tuple(
        replace(mark, verdict="not_established") if theirs.get(mark.mark, mark.verdict) != mark.verdict else mark
        for mark in marks
    )


def judge_coverage(unit: Turnout, rule: Rule, counts: CountedUnit) -> MarkScore:
    """Ballots against the quota of households. Persons are never held against households."""
    value = unit.coverage
    if value is None or counts == "person":
        return MarkScore(COVERAGE, rule.quota, rule.quota_strict, value, False, "not_established")
    official = _reaches(value, rule.quota, rule.quota_strict)
    verdict: Verdict = "reached" if official else "not_reached"
    return MarkScore(COVERAGE, rule.quota, rule.quota_strict, value, official, verdict)


def _reaches(
    value: Fraction | float, threshold: Fraction | float, strict: bool, dust: Fraction | float = Fraction(0)
) -> bool:
    return value > threshold + dust if strict else value >= threshold - dust
