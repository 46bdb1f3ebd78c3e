"""Shares and what is known about them: the official arithmetic, the estimate by hamlet, the interval.

Everything is computed from counts. Shares stay exact fractions as long as they are only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)  # for 95 %, both sides


@dataclass(frozen=True, slots=True)
class Sample:
    """Ballots of one unit, each with a score from 0 to 1 (yes or no, or a mean over questions)."""

    ballots: int
    total: Fraction  # sum of the scores
    squares: Fraction  # sum of their squares
    households: int | None = None  # how many ballots there could be; None where that is not known

    @classmethod
    def yes_no(cls, ballots: int, yes: int, households: int | None = None) -> "Sample":
        return cls(ballots, Fraction(yes), Fraction(yes), households)

    @property
    def rate(self) -> Fraction | None:
        """Over the ballots returned: the official arithmetic."""
        return self.total / self.ballots if self.ballots else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with what is known about it. None is "cannot be said"."""

    rate: Fraction | None = None  # over ballots returned: the official arithmetic
    stratified: float | None = None  # hamlets weighted by their households
    se: float | None = None  # standard error of `stratified`
    low: float | None = None  # 95 % interval
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        return {
            "rate": as_number(self.rate),
            "stratified": self.stratified,
            "se": self.se,
            "low": self.low,
            "high": self.high,
        }


def as_number(share: Fraction | None) -> float | None:
    """A share as JSON has it."""
    return None if share is None else float(share)


def estimate(whole: Sample, hamlets: Sequence[Sample]) -> Estimate:
    """What the ballots of a unit say; `hamlets` are its strata, or the unit itself where it has none."""
    rate = whole.rate
    if rate is None:
        return Estimate()
    stratified, se = stratify(hamlets)
    low, high = interval(rate, whole.ballots, whole.households)
    return Estimate(rate, stratified, se, low, high)


def interval(rate: Fraction, ballots: int, households: int | None) -> tuple[float, float]:
    """The 95 % interval of a share: the one place to change for another kind of interval.

    Wilson with as many ballots as would tell as much in an endless population: n (N - 1) / (N - n), which is
    the finite population correction turned around. When every household answered, nothing is left to chance.
    More ballots than households is a wrong register, and then there is no correction.

    A mean of content questions takes the same interval: scores within 0..1 vary at most as much as yes and no
    of the same mean (Bhatia and Davis, American Mathematical Monthly 107, 2000), so it is never too narrow.
    """
    share = float(rate)
    if households is None or ballots > households:
        return wilson(share, ballots)
    if ballots == households:
        return share, share
    return wilson(share, ballots * (households - 1) / (households - ballots))


def wilson(share: float, ballots: float) -> tuple[float, float]:
    """Wilson's score interval, 95 %: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    square = Z * Z / ballots
    centre = (share + square / 2) / (1 + square)
    half = Z * sqrt((share * (1 - share) + square / 4) / ballots) / (1 + square)
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))


def stratify(hamlets: Sequence[Sample]) -> tuple[float | None, float | None]:
    """The mean weighted by households, and its standard error; None for what cannot be formed.

        mean = Σ N_h ȳ_h / N
        se²  = Σ (N_h / N)² (1 - n_h / N_h) s_h² / n_h        s_h² with n_h - 1

    W. G. Cochran, Sampling Techniques (1977), 5.3-5.4; as R `survey`: svydesign(strata, fpc), svymean.
    No mean without a ballot from every hamlet or without every number of households. No error where a hamlet
    sent one ballot of several, or more ballots than it has households.
    """
    strata = [hamlet for hamlet in hamlets if hamlet.ballots or hamlet.households != 0]
    if not strata or any(not (hamlet.ballots and hamlet.households) for hamlet in strata):
        return None, None
    population = sum(hamlet.households or 0 for hamlet in strata)
    weights = [(hamlet.households or 0) / population for hamlet in strata]
    means = [hamlet.total / hamlet.ballots for hamlet in strata]
    mean = min(1.0, fsum(weight * float(share) for weight, share in zip(weights, means, strict=True)))
    variances = [_variance(hamlet) for hamlet in strata]
    if any(variance is None for variance in variances):
        return mean, None
    parts = (weight * weight * (part or 0.0) for weight, part in zip(weights, variances, strict=True))
    return mean, sqrt(fsum(parts))


def _variance(hamlet: Sample) -> float | None:
    """Variance of one hamlet's mean with finite population correction; None where it cannot be formed."""
    size, households = hamlet.ballots, hamlet.households or 0
    if size == households:
        return 0.0
    if size == 1 or size > households:
        return None
    spread = (hamlet.squares - hamlet.total * hamlet.total / size) / (size - 1)
    return float(spread * (1 - Fraction(size, households)) / size)
