"""Indicators judged from values."""

from fractions import Fraction

import pytest

from surveys.scoreboard.indicators import Evidence, Verdict, all_of, any_of, judge_share, judge_value, together

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.5, 0.7, "met"),
        (0.6, 0.7, "met"),
        (0.3, 0.4999, "not_met"),
        (0.3, 0.5, "not_established"),
        (0.4, 0.6, "not_established"),
        (None, None, "not_established"),
    ],
)
def test_an_interval_is_above_below_or_across_the_threshold(
    low: float | None, high: float | None, verdict: Verdict
) -> None:
    assert judge_share(HALF, low, high) == verdict


def test_without_a_threshold_no_share_decides() -> None:
    assert judge_share(None, 0.99, 1.0) == "not_established"


def test_a_counted_figure_reaches_or_does_not() -> None:
    assert [judge_value(Fraction(7, 10), value) for value in (0.7, 0.6999)] == ["met", "not_met"]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((), "no_evidence"),
        (("not_established",), "not_established"),
        (("not_established", "met"), "met"),
        (("not_met", "not_established"), "not_met"),
        (("met", "not_met"), "not_established"),
    ],
)
def test_evidence_that_contradicts_itself_establishes_nothing(verdicts: tuple[Verdict, ...], said: Verdict) -> None:
    assert together([Evidence("note", "", verdict) for verdict in verdicts]) == said


@pytest.mark.parametrize(
    ("parts", "any_", "all_"),
    [
        ((), "no_evidence", "no_evidence"),
        (("met", "no_evidence"), "met", "not_established"),
        (("met", "met"), "met", "met"),
        (("met", "not_met"), "met", "not_met"),
        (("not_met", "not_met"), "not_met", "not_met"),
        (("not_met", "no_evidence"), "not_established", "not_met"),
        (("no_evidence", "no_evidence"), "no_evidence", "no_evidence"),
    ],
)
def test_a_whole_has_it_where_a_part_has_or_where_all_have(
    parts: tuple[Verdict, ...], any_: Verdict, all_: Verdict
) -> None:
    assert (any_of(parts), all_of(parts)) == (any_, all_)
