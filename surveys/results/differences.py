"""The difference between two shares, with its interval."""

from dataclasses import dataclass
from fractions import Fraction
from math import hypot

from surveys.json_values import Json
from surveys.results.estimates import Estimate, as_number


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a share changed: the official rates, and the estimates' difference with what is known of it."""

    before: Fraction
    after: Fraction
    difference: float  # of the estimates, by hamlet where they are
    low: float
    high: float

    @property
    def word(self) -> str:
        """`up`, `down`, or `unclear` where the interval holds nought."""
        return "up" if self.low > 0 else "down" if self.high < 0 else "unclear"

    def to_json(self) -> Json:
        return {
            "before": as_number(self.before),
            "after": as_number(self.after),
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "change": self.word,
        }


def difference(after: Estimate, before: Estimate) -> Difference | None:
    """`after` less `before`, with the confidence that both their intervals have; None where one has no ballots.

        d - √((p₁ - l₁)² + (u₂ - p₂)²)  …  d + √((u₁ - p₁)² + (p₂ - l₂)²)

    G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008), 1693-1702, the general form of R. G. Newcombe's
    method 10, Statistics in Medicine 17 (1998), 873-890: it takes over each interval's own shape, so it holds near
    100 %, where a difference ± 1.96 standard errors does not. The two are taken as independent. Households that
    answer alike both times make the true interval narrower, never wider.
    """
    if after.rate is None or before.rate is None:
        return None
    (p, l, u), (q, m, v) = _parts(after), _parts(before)  # noqa: E741 (the formula's letters)
    d = p - q
    return Difference(before.rate, after.rate, d, max(-1.0, d - hypot(p - l, v - q)), min(1.0, d + hypot(u - p, q - m)))


def _parts(one: Estimate) -> tuple[float, float, float]:
    assert one.rate is not None and one.low is not None and one.high is not None
    return float(one.rate) if one.stratified is None else one.stratified, one.low, one.high
