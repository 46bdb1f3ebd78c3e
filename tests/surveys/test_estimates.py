from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from surveys.estimates import Estimate, Sample, estimate, interval, stratify, wilson


@pytest.mark.parametrize("ballots", [1, 2, 10, 72, 1355, 11683])
@pytest.mark.parametrize("missing", [0, 1, 4, 17])
def test_wilson_agrees_with_scipy(ballots: int, missing: int):
    satisfied = max(0, ballots - missing)
    for number in (satisfied, ballots - satisfied):
        expected = binomtest(number, ballots).proportion_ci(method="wilson")
        assert wilson(number / ballots, ballots) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("satisfied", "ballots", "households", "low", "high"),
    [
        pytest.param(47, 52, 90, 0.838, 0.945, id="90 households"),
        pytest.param(71, 72, 76, 0.978, 0.991, id="Linh Cang 2017"),
    ],
)
def test_the_interval_shrinks_as_the_ballots_near_the_households(
    satisfied: int, ballots: int, households: int, low: float, high: float
):
    rate = Fraction(satisfied, ballots)
    assert interval(rate, ballots, households) == pytest.approx((low, high), abs=0.0006)
    assert interval(rate, ballots, None)[0] < low


def test_when_every_household_answered_there_is_nothing_to_guess():
    assert interval(Fraction(19, 20), 20, 20) == (0.95, 0.95)


def test_more_ballots_than_households_earn_no_correction():
    assert interval(Fraction(19, 20), 20, 15) == interval(Fraction(19, 20), 20, None)


@given(st.data(), st.integers(1, 3000))
def test_low_is_never_above_the_rate_nor_high_below_it(data: st.DataObject, ballots: int):
    satisfied = data.draw(st.integers(0, ballots))
    households = data.draw(st.none() | st.integers(0, 4000))
    low, high = interval(Fraction(satisfied, ballots), ballots, households)
    assert 0 <= low <= satisfied / ballots <= high <= 1


def test_hamlets_count_by_their_households_not_by_their_ballots():
    mean, error = stratify([Sample.yes_no(20, 18, 100), Sample.yes_no(50, 30, 300)])
    assert mean == pytest.approx((100 * 0.9 + 300 * 0.6) / 400)
    # Worked by hand from the formula, with the sample variance n p (1 - p) / (n - 1).
    small = 0.25**2 * (1 - 20 / 100) * (20 * 0.9 * 0.1 / 19) / 20
    large = 0.75**2 * (1 - 50 / 300) * (50 * 0.6 * 0.4 / 49) / 50
    assert error == pytest.approx(sqrt(small + large))


def test_with_ballots_in_proportion_the_weights_change_nothing():
    mean, _ = stratify([Sample.yes_no(10, 9, 100), Sample.yes_no(30, 20, 300)])
    assert mean == pytest.approx(29 / 40)


def test_a_complete_count_has_no_sampling_error():
    assert stratify([Sample.yes_no(10, 9, 10), Sample.yes_no(1, 0, 1)]) == (pytest.approx(9 / 11), 0.0)


@pytest.mark.parametrize(
    ("hamlet", "has_mean"),
    [
        pytest.param(Sample.yes_no(0, 0, 50), False, id="no ballot from a hamlet"),
        pytest.param(Sample.yes_no(5, 5, None), False, id="households not known"),
        pytest.param(Sample.yes_no(5, 5, 0), False, id="ballots from a hamlet without households"),
        pytest.param(Sample.yes_no(1, 1, 50), True, id="one ballot of fifty"),
        pytest.param(Sample.yes_no(60, 55, 50), True, id="more ballots than households"),
    ],
)
def test_what_cannot_be_formed_is_not_made_up(hamlet: Sample, has_mean: bool):
    mean, error = stratify([Sample.yes_no(20, 18, 100), hamlet])
    assert (mean is not None) == has_mean
    assert error is None


def test_a_hamlet_nobody_lives_in_changes_nothing():
    lived_in = [Sample.yes_no(20, 18, 100), Sample.yes_no(50, 30, 300)]
    assert stratify([*lived_in, Sample.yes_no(0, 0, 0)]) == stratify(lived_in)


def test_without_a_ballot_nothing_is_said():
    assert estimate(Sample.yes_no(0, 0, 100), [Sample.yes_no(0, 0, 100)]) == Estimate()
