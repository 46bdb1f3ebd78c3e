from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecards import QUESTIONS, RULE, commune, hamlet, overall_only

from surveys.results.comparison import compare
from surveys.results.counts import Tally, UnitCounts
from surveys.results.differences import difference
from surveys.results.estimates import Estimate, Sample, estimate
from surveys.results.scoring import UnitScore, score
from surveys.results.suppression import for_staff
from surveys.rounds.units import Turnout


def share(ballots: int, yes: int, households: int | None = None) -> Estimate:
    one = Sample.yes_no(ballots, yes, households)
    return estimate(one, [one])


def scored(units: Mapping[Turnout, Tally]) -> tuple[UnitScore, ...]:
    return score(QUESTIONS, [UnitCounts(unit, {"self": tally}) for unit, tally in units.items()], RULE)


def test_the_interval_is_put_together_from_those_of_both_rounds():
    after, before = share(500, 480, 700), share(450, 400, 700)
    found = difference(after, before)
    assert found and after.low and before.high and after.high and before.low
    p, q = 480 / 500, 400 / 450
    assert found.difference == pytest.approx(p - q)
    assert found.low == pytest.approx(p - q - ((p - after.low) ** 2 + (before.high - q) ** 2) ** 0.5)
    assert found.high == pytest.approx(p - q + ((after.high - p) ** 2 + (q - before.low) ** 2) ** 0.5)
    assert (found.before, found.after, found.word) == (Fraction(400, 450), Fraction(480, 500), "up")


def test_newcombes_published_example_comes_out_with_exact_intervals_in_place_of_wilsons():
    # 56/70 and 48/80: method 10 gives 0.0524 to 0.3339; Clopper and Pearson's are a little wider.
    found = difference(share(70, 56), share(80, 48))
    assert found and found.difference == pytest.approx(0.2)
    assert 0.03 < found.low < 0.0524 and 0.3339 < found.high < 0.36


def test_two_complete_counts_differ_by_exactly_what_they_differ():
    found = difference(share(100, 90, 100), share(100, 95, 100))
    assert found and found.low == found.high == pytest.approx(-0.05)
    assert found.word == "down"


def test_without_ballots_there_is_no_difference():
    assert difference(share(0, 0, 10), share(5, 5, 10)) is None


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_a_difference_turned_round_is_its_opposite(n: int, m: int, data: st.DataObject):
    one = share(n, data.draw(st.integers(0, n)), 400)
    other = share(m, data.draw(st.integers(0, m)), 400)
    forth, back = difference(one, other), difference(other, one)
    assert forth and back
    assert -1 <= forth.low <= forth.difference + 1e-12 <= forth.high + 2e-12 <= 1 + 2e-12
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))


def test_units_are_matched_by_their_number_and_those_of_one_round_only_are_left_out():
    now = scored({commune(150, 400): overall_only(150, 140), hamlet(1, 150, 200): overall_only(150, 140)})
    then = scored({commune(120, 400): overall_only(120, 90), hamlet(2, 120, 200): overall_only(120, 90)})
    (change,) = (one.to_json() for one in compare(now, then))
    assert (change["unit"], change["overall"]["change"]) == ("31582", "up")
    marks = {mark["mark"]: mark for mark in change["marks"]}
    assert marks["Chung"]["difference"] == change["overall"]["difference"]
    assert "coverage" not in marks


def test_what_either_round_withholds_is_not_compared():
    def round_of(few: int) -> tuple[UnitScore, ...]:
        parts = [overall_only(few, few - 1), overall_only(90, 70)]
        units = {commune(90 + few, 400): sum(parts, Tally())}
        units |= {hamlet(number, one.ballots, 200): one for number, one in enumerate(parts, 1)}
        return for_staff(scored(units))

    changes = compare(round_of(40), round_of(4))
    assert [bool(change.questions) for change in changes] == [True, False, False]
    assert changes[1].to_json()["overall"] is None
