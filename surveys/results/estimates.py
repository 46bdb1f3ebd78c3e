"""Shares and what is known about them: the official arithmetic, the estimate by hamlet, the interval.

Everything is computed from counts. Shares stay exact fractions as long as they are only counted. Estimates,
standard errors and intervals equal those of R's package `survey` 4.1.1 (T. Lumley, Journal of Statistical
Software 9(8), 2004): `tests/surveys/reference/` holds its figures and the script that made them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import fsum, sqrt

from surveys.results.quantiles import beta_quantile, t_quantile

CONFIDENCE = 0.95
_DUST = 1e-12  # a share that differs from 0 or 1 by rounding only


@dataclass(frozen=True, slots=True)
class Sample:
    """Ballots of one unit, each with a whole number of points out of `full` (yes or no: one point)."""

    ballots: int
    points: int  # of all ballots together
    squares: int  # sum of the squares of each ballot's points
    full: int = 1
    households: int | None = None  # how many ballots there could be; None where that is not known

    @classmethod
    def yes_no(cls, ballots: int, yes: int, households: int | None = None) -> "Sample":
        return cls(ballots, yes, yes, 1, households)

    @property
    def rate(self) -> Fraction | None:
        """Over the ballots returned: the official arithmetic."""
        return Fraction(self.points, self.ballots * self.full) if self.ballots else None

    @property
    def mean(self) -> float:
        return self.points / (self.ballots * self.full)

    @property
    def missing(self) -> float:
        """The share of households that sent no ballot; 1 where that is not known or the register is too small."""
        if not self.households or self.ballots > self.households:
            return 1.0
        return 1 - self.ballots / self.households


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


def estimate(whole: Sample, hamlets: Sequence[Sample], confidence: float = CONFIDENCE) -> Estimate:
    """What the ballots of a unit say; `hamlets` are its strata, or the unit itself where it has none.

    Where a hamlet sent nothing, or has no number of households, no weighted estimate can be formed: then
    `stratified` and `se` are None and the interval takes the unit as one stratum.
    """
    rate = whole.rate
    if rate is None:
        return Estimate()
    strata = [hamlet for hamlet in hamlets if hamlet.ballots or hamlet.households != 0]
    if strata and all(hamlet.ballots and hamlet.households for hamlet in strata):
        share, se = stratify(strata)
        return Estimate(rate, share, se, *interval(share, se, strata, confidence))
    return Estimate(rate, None, None, *interval(*stratify([whole]), [whole], confidence))


def stratify(hamlets: Sequence[Sample]) -> tuple[float, float]:
    """The mean weighted by households and its standard error; each hamlet has ballots and, of several, households.

        mean = Σ W_h ȳ_h                            W_h = N_h / N
        se²  = Σ W_h² (1 - n_h / N_h) s_h² / n_h    s_h² = Σ (y - ȳ_h)² / (n_h - 1)

    W. G. Cochran, Sampling Techniques (1977), 5.3-5.4; R: svydesign(~1, strata, fpc), svymean. A hamlet with one
    ballot of several counts with its distance from the whole mean, (1 - 1 / N_h) W_h² (y - mean)², as R's
    `survey.lonely.psu = "adjust"`. More ballots than households is a wrong register: no finite population
    correction there.
    """
    population = sum(hamlet.households or 0 for hamlet in hamlets) or 1
    weights = [(hamlet.households or 0) / population if len(hamlets) > 1 else 1.0 for hamlet in hamlets]
    means = [hamlet.mean for hamlet in hamlets]
    mean = fsum(weight * share for weight, share in zip(weights, means, strict=True))
    mean = min(1.0, max(0.0, mean))
    parts = []
    for hamlet, weight, share in zip(hamlets, weights, means, strict=True):
        spread = _variance(hamlet) if hamlet.ballots > 1 else (share - mean) ** 2
        parts.append(weight * weight * hamlet.missing * spread / hamlet.ballots)
    return mean, sqrt(fsum(parts))


def _variance(hamlet: Sample) -> float:
    """Of the scores in one hamlet, with n - 1."""
    deviations = hamlet.squares * hamlet.ballots - hamlet.points * hamlet.points  # n Σ (y - ȳ)²
    return deviations / (hamlet.ballots * (hamlet.ballots - 1) * hamlet.full * hamlet.full)


def interval(share: float, se: float, hamlets: Sequence[Sample], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of Korn and Graubard, as R's svyciprop(method = "beta").

    1. n_eff = p (1 - p) / se², times (t_{n-1} / t_{n-H})² for the degrees of freedom that H hamlets take
    2. Clopper and Pearson's beta quantiles of p n_eff successes in n_eff

    E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), 193-201. R does not cap n_eff at n, and with a finite
    population correction it must not. At 0 and 1 the error says nothing: see `unanimous`. Where every household
    answered nothing is left to chance. Where each hamlet is of one mind but not all of the same, or each sent a
    single ballot, R has no answer: then the unit is taken as one stratum, with the widest spread that its mean
    allows, p (1 - p) (R. Bhatia, C. Davis, American Mathematical Monthly 107, 2000).

    A mean of several questions takes the same interval with its own error, as R's does for any score in 0..1:
    unlike mean ± t se it stays within 0..1 and keeps its width near 1.
    """
    ballots, households = sum(hamlet.ballots for hamlet in hamlets), _population(hamlets)
    if share < _DUST:
        return 0.0, 1 - unanimous(ballots, households, confidence)
    if share > 1 - _DUST:
        return unanimous(ballots, households, confidence), 1.0
    if not any(hamlet.missing for hamlet in hamlets):
        return share, share
    freedom = ballots - len(hamlets)
    if se > 0 and freedom > 0:
        effective = share * (1 - share) / se**2
        if len(hamlets) > 1:
            effective *= (_t(confidence, ballots - 1) / _t(confidence, freedom)) ** 2
    else:
        effective = ballots * (households - 1) / (households - ballots) if households else float(ballots)
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, effective * share, effective * (1 - share) + 1)
    high = 1 - beta_quantile(tail, effective * (1 - share), effective * share + 1)
    return min(low, share), max(high, share)


def unanimous(ballots: int, households: int | None, confidence: float = CONFIDENCE) -> float:
    """The least share of satisfied households of which so many ballots, all of them satisfied, are no surprise.

    The exact bound of the hypergeometric distribution: the fewest satisfied K with
    C(K, n) / C(N, n) > 2.5 % (for 95 %). Without a number of households, or with too small a one: Clopper and
    Pearson's 0.025^(1/n), its limit for endless households.
    """
    tail = (1 - confidence) / 2
    if households is None or ballots > households:
        return float(tail ** (1 / ballots))
    chance, dissatisfied = 1.0, -1
    while chance > tail:
        dissatisfied += 1
        chance *= max(0, households - ballots - dissatisfied) / (households - dissatisfied)
    return (households - dissatisfied) / households


def _population(hamlets: Sequence[Sample]) -> int | None:
    """All households together; None where some number is not known or too small."""
    known = [hamlet.households for hamlet in hamlets if hamlet.households and hamlet.households >= hamlet.ballots]
    return sum(known) if len(known) == len(hamlets) else None


@lru_cache(maxsize=4096)
def _t(confidence: float, freedom: int) -> float:
    return t_quantile(confidence, freedom)
