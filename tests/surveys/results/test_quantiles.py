import random

import pytest
import scipy

from surveys.results.quantiles import beta_quantile, t_quantile


def test_beta_quantiles_equal_those_of_scipy_over_the_whole_range():
    chance = random.Random(12)
    for _ in range(2000):
        a, b = 10 ** chance.uniform(-2, 7), 1 + 10 ** chance.uniform(-3, 7)
        if chance.random() < 0.3:
            a, b = b, min(1.0, a)
        probability = chance.choice((0.005, 0.025, 0.5, 0.975))
        assert beta_quantile(probability, a, b) == pytest.approx(scipy.special.betaincinv(a, b, probability), abs=1e-12)


@pytest.mark.parametrize("successes", [0.1, 1.0, 38.4, 1342.9, 11_678.5])
def test_a_quantile_is_where_the_distribution_says(successes: float):
    for probability in (0.025, 0.975):
        x = beta_quantile(probability, successes, 1.3)
        assert scipy.special.betainc(successes, 1.3, x) == pytest.approx(probability, rel=1e-10)


def test_a_quantile_too_small_for_a_float_is_nought():
    assert beta_quantile(0.025, 1e-4, 5.0) == 0.0


@pytest.mark.parametrize("freedom", [1, 2, 3, 7, 40, 1354, 1_000_000])
def test_students_quantiles_equal_those_of_scipy(freedom: int):
    assert t_quantile(0.95, freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), rel=1e-10)
