"""Indicators judged: what each piece of evidence says, and what they say together. Values in, values out.

Residents' answers establish a share, by their interval against the threshold. For an indicator that a commune has or
has not they are a sign, and a document decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

Verdict = Literal["met", "not_met", "not_established", "no_evidence"]
VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "not_established", "no_evidence")
_DUST = 1e-12  # what rounding may do to a bound


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: its kind, a sentence, which way it points, and its figures."""

    kind: Literal["residents", "choices", "round", "note", "helpers", "part", "pillars"]
    text: str
    verdict: Verdict
    detail: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "verdict": self.verdict, **self.detail}


def judge_share(at_least: Fraction | None, low: float | None, high: float | None) -> Verdict:
    """An interval against a threshold; without a threshold, or without an interval, nothing is established."""
    if at_least is None or low is None or high is None:
        return "not_established"
    if low >= float(at_least) - _DUST:
        return "met"
    return "not_met" if high < float(at_least) - _DUST else "not_established"


def judge_value(at_least: Fraction, value: float) -> Verdict:
    """A figure that somebody counted: no interval, reached or not."""
    return "met" if Fraction(str(value)) >= at_least else "not_met"


def together(evidence: Sequence[Evidence]) -> Verdict:
    """Evidence of one unit taken together: what decides must not contradict itself."""
    said = {each.verdict for each in evidence} - {"no_evidence"}
    decided = said & {"met", "not_met"}
    if len(decided) == 1:
        return "met" if "met" in decided else "not_met"
    return "not_established" if said else "no_evidence"


def any_of(parts: Sequence[Verdict]) -> Verdict:
    """A unit that has it where one of its parts has: a commune and its smart hamlets. All must lack it to lack it."""
    if "met" in parts:
        return "met"
    return _all_the_same(parts)


def all_of(parts: Sequence[Verdict]) -> Verdict:
    """A unit that has it where each of its parts has: a district of old and its communes."""
    if "not_met" in parts:
        return "not_met"
    return _all_the_same(parts)


def _all_the_same(parts: Sequence[Verdict]) -> Verdict:
    said = set(parts)
    if not said:
        return "no_evidence"
    return said.pop() if len(said) == 1 else "not_established"
