import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from surveys.results.counts import Tally
from surveys.results.estimates import Estimate, Sample, estimate, interval, stratify, unanimous

REFERENCE = json.loads((Path(__file__).parent / "reference" / "rounds.json").read_text())["rounds"]


def sample(hamlet: Mapping[str, Any], questions: int, of: str) -> Sample:
    """One hamlet of a reference round."""
    points = {int(number): ballots for number, ballots in hamlet["points"].items()}
    tally = Tally(hamlet["ballots"], {"chung": hamlet["yes"]}, {}, points)
    return {
        "yes": tally.sample("chung", hamlet["households"]),
        "mean": tally.content_sample(questions, hamlet["households"]),
        "all": tally.all_sample(questions, hamlet["households"]),
    }[of]


def together(hamlets: Sequence[Sample]) -> Sample:
    return Sample(
        sum(one.ballots for one in hamlets),
        sum(one.points for one in hamlets),
        sum(one.squares for one in hamlets),
        hamlets[0].full,
        sum(one.households or 0 for one in hamlets),
    )


@pytest.mark.parametrize("of", ["yes", "mean", "all"])
@pytest.mark.parametrize("number", range(50))
def test_estimates_errors_and_intervals_equal_those_of_r(number: int, of: str):
    reference = REFERENCE[number]
    hamlets = [sample(hamlet, reference["questions"], of) for hamlet in reference["hamlets"]]
    whole = together(hamlets)
    small = [hamlets[place - 1] for place in reference["small"]]
    others = [hamlet for place, hamlet in enumerate(hamlets, 1) if place not in reference["small"]]
    for expected, found in (
        (reference["stratified"][of], estimate(whole, hamlets)),
        (reference["collapsed"][of], estimate(whole, [*others, together(small)])),
        (reference["pooled"][of], estimate(whole, [whole])),
    ):
        assert (found.stratified, found.se) == pytest.approx((expected["mean"], expected["se"]), abs=1e-9)
        assert (found.low, found.high) == pytest.approx((expected["low"], expected["high"]), abs=1e-9)


def test_the_reference_has_what_is_awkward():
    hamlets = [hamlet for reference in REFERENCE for hamlet in reference["hamlets"]]
    assert all(3 <= len(reference["hamlets"]) <= 12 for reference in REFERENCE)
    assert any(hamlet["ballots"] == 1 < hamlet["households"] for hamlet in hamlets)
    assert any(hamlet["ballots"] == hamlet["households"] for hamlet in hamlets)
    assert any(hamlet["yes"] == hamlet["ballots"] > 20 for hamlet in hamlets)


@pytest.mark.parametrize("households", [1, 2, 7, 60, 2222])
@pytest.mark.parametrize("answered", [0.01, 0.3, 0.61, 0.97, 1.0])
def test_when_all_ballots_agree_the_bound_is_the_exact_hypergeometric_one(households: int, answered: float):
    ballots = max(1, round(households * answered))
    possible = (
        satisfied
        for satisfied in range(ballots, households + 1)
        if scipy.stats.hypergeom.sf(ballots - 1, households, satisfied, ballots) > 0.025 + 1e-12
    )
    least = next(possible) / households
    assert unanimous(ballots, households) == pytest.approx(least, abs=1e-12)
    one = Sample.yes_no(ballots, ballots, households)
    assert estimate(one, [one]) == Estimate(Fraction(1), 1.0, 0.0, pytest.approx(least), 1.0)
    none = Sample.yes_no(ballots, 0, households)
    assert estimate(none, [none]) == Estimate(Fraction(0), 0.0, 0.0, 0.0, pytest.approx(1 - least))


@pytest.mark.parametrize("ballots", [1, 12, 1355])
def test_without_a_number_of_households_agreement_is_bounded_as_by_clopper_and_pearson(ballots: int):
    expected = scipy.stats.binomtest(ballots, ballots).proportion_ci(method="exact").low
    assert unanimous(ballots, None) == unanimous(ballots, ballots - 1) == pytest.approx(expected)


def test_hamlets_that_all_agree_are_bounded_by_all_their_households_together():
    hamlets = [Sample.yes_no(20, 20, 100), Sample.yes_no(50, 50, 300)]
    found = estimate(Sample.yes_no(70, 70, 400), hamlets)
    assert (found.low, found.high) == (unanimous(70, 400), 1.0)


@pytest.mark.parametrize(
    ("satisfied", "ballots", "households", "low", "high"),
    [
        pytest.param(47, 52, 90, 0.8367, 0.94995, id="90 households"),
        pytest.param(71, 72, 76, 0.9783, 0.9917, id="Linh Cang 2017"),
    ],
)
def test_the_interval_shrinks_as_the_ballots_near_the_households(
    satisfied: int, ballots: int, households: int, low: float, high: float
):
    some = [Sample.yes_no(ballots, satisfied, households)]
    endless = [Sample.yes_no(ballots, satisfied)]
    assert interval(*stratify(some), some) == pytest.approx((low, high), abs=0.00006)
    assert interval(*stratify(endless), endless)[0] < low


def test_when_every_household_answered_there_is_nothing_to_guess():
    one = Sample.yes_no(20, 19, 20)
    assert estimate(one, [one]) == Estimate(Fraction(19, 20), 0.95, 0.0, 0.95, 0.95)


def test_more_ballots_than_households_earn_no_correction():
    crowded, endless = Sample.yes_no(20, 19, 15), Sample.yes_no(20, 19)
    found = estimate(crowded, [crowded])
    assert (found.low, found.high) == interval(*stratify([endless]), [endless])


def test_a_crowded_hamlet_beside_a_silent_one_still_leaves_something_to_chance():
    found = estimate(Sample.yes_no(10, 9, 10), [Sample.yes_no(6, 6, 5), Sample.yes_no(4, 3, 5)])
    assert found.low is not None and found.high is not None
    assert found.low < 0.875 < found.high


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


def test_hamlets_of_one_mind_each_that_disagree_leave_the_silent_households_in_doubt():
    hamlets = [Sample.yes_no(10, 10, 50), Sample.yes_no(10, 0, 50)]
    found = estimate(Sample.yes_no(20, 10, 100), hamlets)
    assert (found.stratified, found.se) == (0.5, 0.0)
    assert found.low is not None and found.high is not None
    assert found.low < 0.35 and found.high > 0.65


def test_hamlets_with_a_single_ballot_each_still_have_an_interval():
    hamlets = [Sample.yes_no(1, 1, 50), Sample.yes_no(1, 0, 50), Sample.yes_no(1, 1, 50)]
    found = estimate(Sample.yes_no(3, 2, 150), hamlets)
    assert found.se is not None and found.se > 0
    assert found.low is not None and found.high is not None
    assert 0 < found.low < 0.2 and 0.95 < found.high < 1


@pytest.mark.parametrize(
    "hamlet",
    [
        pytest.param(Sample.yes_no(0, 0, 50), id="no ballot from a hamlet"),
        pytest.param(Sample.yes_no(5, 5, None), id="households not known"),
        pytest.param(Sample.yes_no(5, 5, 0), id="ballots from a hamlet without households"),
    ],
)
def test_without_weights_the_unit_is_taken_as_one_stratum(hamlet: Sample):
    whole = Sample.yes_no(20 + hamlet.ballots, 18 + hamlet.points, 150)
    found = estimate(whole, [Sample.yes_no(20, 18, 100), hamlet])
    assert (found.stratified, found.se) == (None, None)
    assert (found.low, found.high) == interval(*stratify([whole]), [whole])


def test_a_hamlet_nobody_lives_in_changes_nothing():
    whole, lived_in = Sample.yes_no(70, 48, 400), [Sample.yes_no(20, 18, 100), Sample.yes_no(50, 30, 300)]
    assert estimate(whole, [*lived_in, Sample.yes_no(0, 0, 0)]) == estimate(whole, lived_in)


def test_without_a_ballot_nothing_is_said():
    assert estimate(Sample.yes_no(0, 0, 100), [Sample.yes_no(0, 0, 100)]) == Estimate()


@st.composite
def hamlets(draw: st.DrawFn) -> Sample:
    full = draw(st.just(3))
    points = draw(st.lists(st.integers(0, full), max_size=40))
    households = draw(st.none() | st.integers(0, 60))
    return Sample(len(points), sum(points), sum(each * each for each in points), full, households)


@given(st.lists(hamlets(), min_size=1, max_size=5))
def test_the_interval_holds_its_estimate_and_stays_within_all_and_nothing(parts: list[Sample]):
    whole = together(parts)
    found = estimate(whole, parts)
    if found.rate is None:
        return
    centre = float(found.rate) if found.stratified is None else found.stratified
    assert found.low is not None and found.high is not None
    assert 0 <= found.low <= centre + 1e-12 and centre - 1e-12 <= found.high <= 1
