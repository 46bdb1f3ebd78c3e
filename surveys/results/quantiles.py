"""Quantiles of the beta distribution and of Student's t, to about 1e-13, in plain Python.

The 95 % interval of a share needs nothing else, and a library for it would weigh more than the whole program.
"""

from functools import lru_cache
from math import exp, expm1, fsum, lgamma, log, pi, sqrt, tan
from statistics import NormalDist

_CLOSE = 1e-15
_TINY = 1e-300


@lru_cache(maxsize=1 << 15)  # 3 MB: the few dissatisfied of many communes of a size ask for the same ones again
def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability, for a > 0 and b > 0, one of them at least 1: R's qbeta, scipy's betaincinv.

    Newton on log I as a function of log x. For b >= 1 that function is concave (the density of log x is
    log-concave), so that after one step the search comes from the left and never overshoots.
    """
    if b < 1:
        return 1 - beta_quantile(1 - probability, b, a)
    start = _start(probability, a, b)
    if start < _TINY:
        return 0.0
    target, place = log(probability), log(start)
    for _ in range(100):
        lower, slope = _lower(place, a, b)
        step = (log(lower) - target) * lower / slope
        place = min(place - step, -_TINY)
        if abs(step) < _CLOSE * max(1.0, -place):
            break
    return exp(place)


def t_quantile(confidence: float, freedom: int) -> float:
    """The t that |T| stays below with this probability; `freedom` is at least 1. R: qt((1 + confidence) / 2, df)."""
    if freedom == 1:
        return tan(pi * confidence / 2)
    share = beta_quantile(confidence, 0.5, freedom / 2)  # T² / (df + T²) is beta(1/2, df/2)
    return sqrt(freedom * share / (1 - share))


def _start(probability: float, a: float, b: float) -> float:
    """Near the quantile: Abramowitz and Stegun 26.5.22; for a small `a` the first term of the power series."""
    if a <= 1 or b <= 1:
        return min(exp((log(probability * a) + lgamma(a) + lgamma(b) - lgamma(a + b)) / a), 1 - 1e-9)
    normal = -NormalDist().inv_cdf(probability)
    left, right = 1 / (2 * a - 1), 1 / (2 * b - 1)
    mean, skew = 2 / (left + right), (normal * normal - 3) / 6
    w = normal * sqrt(max(mean + skew, _TINY)) / mean - (right - left) * (skew + 5 / 6 - 2 / (3 * mean))
    return a / (a + b * exp(2 * w))


def _lower(place: float, a: float, b: float) -> tuple[float, float]:
    """I_x(a, b) at log x, and its slope there."""
    x, y = exp(place), -expm1(place)
    power = _power(x, y, a, b)  # x^a y^b / B(a, b)
    if x * (a + b + 2) <= a + 1:
        lower = power * _fraction(x, a, b) / a
    else:
        lower = 1 - power * _fraction(y, b, a) / b
    return max(lower, _TINY), max(power / y, _TINY)


def _power(x: float, y: float, a: float, b: float) -> float:
    """x^a y^b / B(a, b) without cancellation for large a and b.

    C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000): deviances and Stirling's error
    instead of differences of huge logarithms.
    """
    n = a + b
    exponent = fsum((_stirling(n), -_stirling(a), -_stirling(b), -_deviance(a, n * x), -_deviance(b, n * y)))
    return exp(exponent) * sqrt(a * b / (2 * pi * n))


def _stirling(n: float) -> float:
    """log Γ(n + 1) less Stirling's formula for it."""
    if n < 16:
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - log(2 * pi) / 2
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / n


def _deviance(x: float, mean: float) -> float:
    """x log(x / mean) + mean - x."""
    if abs(x - mean) >= 0.1 * (x + mean):
        return x * log(x / mean) + mean - x
    ratio = (x - mean) / (x + mean)
    total, term, square = (x - mean) * ratio, 2 * x * ratio, ratio * ratio
    for odd in range(3, 1000, 2):
        term *= square
        before, total = total, total + term / odd
        if total == before:
            break
    return total


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Numerical Recipes 6.4), by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 100_000):
        twice = a + 2 * m
        even = m * (b - m) * x / ((twice - 1) * twice)
        odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        value *= d * c
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        change = d * c
        value *= change
        if abs(change - 1) < _CLOSE:
            break
    return value


def _away(value: float) -> float:
    """Never quite zero."""
    return value if abs(value) > _TINY else _TINY
