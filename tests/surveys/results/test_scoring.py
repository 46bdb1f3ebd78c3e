from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecards import QUESTIONS, RULE, commune, hamlet, overall_only

from surveys.results.counts import Tally, UnitCounts
from surveys.results.scoring import CROWDED, NO_REGISTER, UnitScore, coverage_only, score
from surveys.results.verdicts import MarkScore
from surveys.rounds.units import Turnout
from surveys.rules.rule_sets import Mark, Rule


def judged(one: UnitScore) -> Mapping[str, MarkScore]:
    return {mark.mark: mark for mark in one.marks}


def one_score(unit: Turnout, tally: Tally, rule: Rule = RULE) -> UnitScore:
    return score(QUESTIONS, [UnitCounts(unit, {"paper": tally})], rule)[0]


@pytest.mark.parametrize(
    ("ballots", "satisfied", "households", "coverage", "rate"),
    [
        pytest.param(1355, 1343, 2222, 0.6098, 0.9911, id="Vĩnh Hiệp 2021"),
        pytest.param(11683, 11679, 16226, 0.7200, 0.9997, id="Tân Phước 2024"),
        pytest.param(72, 71, 76, 0.9474, 0.9861, id="Linh Cang 2017"),
    ],
)
def test_published_cases_come_out(ballots: int, satisfied: int, households: int, coverage: float, rate: float):
    unit = one_score(commune(ballots, households), overall_only(ballots, satisfied)).to_json()
    assert unit["coverage"] == pytest.approx(coverage, abs=0.00005)
    assert unit["overall"]["rate"] == pytest.approx(rate, abs=0.00005)
    assert unit["overall"]["low"] < rate < unit["overall"]["high"]


def test_silent_households_taken_as_dissatisfied_pull_thanh_oai_down():
    unit = one_score(commune(39200, 60160), overall_only(39200, 37675)).to_json()
    assert unit["overall"]["rate"] == pytest.approx(0.9611, abs=0.00005)
    assert unit["if_all_silent_dissatisfied"] == pytest.approx(0.626, abs=0.0005)


def test_the_json_has_the_promised_shape():
    tally = Tally(10, {"duong": 9, "truong": 8, "chung": 10}, {"duong": 1}, {2: 8, 1: 1, 0: 1})
    unit = one_score(commune(10, 12), tally).to_json()
    estimate = {"rate", "stratified", "se", "low", "high"}
    promised = {
        "unit", "name", "level", "households", "ballots", "coverage", "questions", "content_mean", "overall",
        "all_satisfied", "if_all_silent_dissatisfied", "by_mode", "marks",
    }  # fmt: skip
    assert promised <= unit.keys()
    assert all(unit[share].keys() == estimate for share in ("content_mean", "overall", "all_satisfied"))
    assert unit["questions"][0] == {
        "name": "duong",
        "label": "Đường giao thông",
        "role": "content",
        "satisfied": 9,
        "not_satisfied": 1,
        "blank": 0,
        "rate": 0.9,
        "rate_answered": 0.9,
        **{key: unit["questions"][0][key] for key in ("stratified", "se", "low", "high")},
    }
    assert unit["by_mode"] == {"paper": {"ballots": 10, "content_mean": 0.85, "overall": 1.0, "all_satisfied": 0.8}}
    assert unit["marks"][-1]["mark"] == "coverage"


def test_a_blank_lowers_the_official_rate_and_not_the_rate_of_those_who_answered():
    question = one_score(commune(10, 12), Tally(10, {"truong": 8}, {"truong": 1}, {1: 8, 0: 2})).questions[1]
    assert (question.satisfied, question.not_satisfied, question.blank) == (8, 1, 1)
    assert (question.estimate.rate, question.rate_answered) == (Fraction(8, 10), Fraction(8, 9))


def test_the_content_mean_is_the_mean_of_the_rates_and_not_the_share_satisfied_on_all():
    tally = Tally(10, {"duong": 9, "truong": 7}, {"duong": 1, "truong": 3}, {2: 6, 1: 4})
    unit = one_score(commune(10, 12), tally)
    assert unit.content_mean and unit.content_mean.rate == Fraction(8, 10)
    assert unit.all_satisfied and unit.all_satisfied.rate == Fraction(6, 10)


def test_just_under_a_mark_is_not_the_mark():
    unit = one_score(commune(100_000, 200_000), Tally(100_000, {"duong": 94_995, "truong": 94_995}, {}, {2: 94_995}))
    assert judged(unit)["Bình quân"].value == Fraction(94_995, 100_000)
    assert not judged(unit)["Bình quân"].official
    assert judged(unit)["Từng câu"].official


@pytest.mark.parametrize(
    ("ballots", "satisfied", "households", "official", "verdict"),
    [
        pytest.param(1000, 999, 1200, True, "reached", id="far above"),
        pytest.param(1000, 900, 1200, False, "not_reached", id="far below"),
        pytest.param(50, 50, 1200, True, "not_established", id="few ballots"),
        pytest.param(1000, 975, 12_000, False, "not_established", id="straddles from below"),
        pytest.param(100, 98, 100, True, "reached", id="everybody answered, exactly the mark"),
        pytest.param(100, 97, 100, False, "not_reached", id="everybody answered, one too few"),
        pytest.param(0, 0, 100, False, "not_established", id="nobody answered"),
    ],
)
def test_a_mark_has_an_official_word_and_a_verdict(
    ballots: int, satisfied: int, households: int, official: bool, verdict: str
):
    mark = judged(one_score(commune(ballots, households), overall_only(ballots, satisfied)))["Chung"]
    assert (mark.official, mark.verdict) == (official, verdict)


def test_more_than_a_mark_is_not_reached_by_the_mark_itself():
    strict = replace(RULE, marks=(Mark("Chung", "overall", Fraction(98, 100), strict=True),))
    mark = judged(one_score(commune(100, 100), overall_only(100, 98), strict))["Chung"]
    assert (mark.official, mark.verdict) == (False, "not_reached")


def test_of_several_questions_the_lowest_is_judged():
    unit = one_score(commune(1000, 1000), Tally(1000, {"duong": 990, "truong": 899}, {}, {1: 91, 2: 899}))
    mark = judged(unit)["Từng câu"]
    assert (mark.value, mark.official, mark.verdict) == (Fraction(899, 1000), False, "not_reached")


@pytest.mark.parametrize(
    ("ballots", "strict", "verdict"),
    [(70, False, "reached"), (69, False, "not_reached"), (70, True, "not_reached"), (71, True, "reached")],
)
def test_coverage_is_counted_against_the_quota(ballots: int, strict: bool, verdict: str):
    rule = replace(RULE, quota_strict=strict)
    mark = judged(one_score(commune(ballots, 100), overall_only(ballots, ballots), rule))["coverage"]
    assert (mark.verdict, mark.official) == (verdict, verdict == "reached")
    assert mark.threshold == Fraction(70, 100)


def test_more_ballots_than_households_is_shown_with_a_note():
    unit = one_score(commune(120, 100), overall_only(120, 118))
    assert unit.unit.coverage == Fraction(120, 100)
    assert unit.note == CROWDED
    assert unit.if_all_silent_dissatisfied == Fraction(118, 120)


def test_without_a_number_of_households_there_is_no_coverage():
    unit = one_score(commune(12, None), overall_only(12, 12))
    assert (unit.unit.coverage, unit.if_all_silent_dissatisfied, unit.note) == (None, None, NO_REGISTER)
    assert judged(unit)["coverage"].verdict == "not_established"


def test_a_commune_is_weighted_by_its_hamlets_and_keeps_ballots_without_one():
    parts = [overall_only(20, 18), overall_only(50, 30)]
    units = [
        UnitCounts(commune(75, 400), {"self": sum(parts, overall_only(5, 5))}),
        UnitCounts(hamlet(1, 20, 100), {"self": parts[0]}),
        UnitCounts(hamlet(2, 50, 300), {"self": parts[1]}),
    ]
    whole, first, _ = score(QUESTIONS, units, RULE)
    assert whole.overall and whole.overall.rate == Fraction(53, 75)
    assert whole.overall.stratified == pytest.approx((100 * 0.9 + 300 * 0.6) / 400)
    assert whole.overall.se is not None
    assert "5 phiếu chưa rõ ấp" in whole.note
    assert first.unit.key == "31582/Ấp 1"
    assert first.overall and first.overall.stratified == pytest.approx(0.9)


def test_a_round_of_persons_never_takes_households_for_its_population():
    counted = UnitCounts(commune(100, 100), {"self": overall_only(100, 97)})
    unit = score(QUESTIONS, [counted], RULE, "person")[0]
    assert unit.overall and unit.overall.low is not None and unit.overall.low < 0.97
    assert (unit.overall.stratified, unit.if_all_silent_dissatisfied) == (None, None)
    assert judged(unit)["coverage"].verdict == "not_established"


def test_modes_stand_side_by_side():
    modes = {"paper": overall_only(10, 10), "self": overall_only(10, 5)}
    unit = score(QUESTIONS, [UnitCounts(commune(20, 30), modes)], RULE)[0].to_json()
    assert {mode: one["overall"] for mode, one in unit["by_mode"].items()} == {"paper": 1.0, "self": 0.5}
    assert unit["overall"]["rate"] == 0.75


def test_a_form_without_an_overall_question_has_no_overall_score():
    unit = score(QUESTIONS[:2], [UnitCounts(commune(5, 9), {"self": Tally(5, {"duong": 5}, {}, {1: 5})})], RULE)[0]
    assert unit.to_json()["overall"] == {"rate": None, "stratified": None, "se": None, "low": None, "high": None}
    assert judged(unit)["Chung"] == MarkScore(
        "Chung", Fraction(98, 100), False, None, False, "not_established", "overall"
    )


def test_before_the_close_there_is_coverage_and_nothing_else():
    unit = coverage_only([commune(80, 100)], RULE)[0].to_json()
    assert (unit["ballots"], unit["coverage"], unit["questions"], unit["by_mode"]) == (80, 0.8, [], {})
    assert [unit[share] for share in ("content_mean", "overall", "all_satisfied")] == [None] * 3
    assert unit["if_all_silent_dissatisfied"] is None
    assert [mark["mark"] for mark in unit["marks"]] == ["coverage"]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    answers = st.sampled_from((True, False, None))
    ballots = draw(st.lists(st.tuples(answers, answers, answers), max_size=30))
    tally = Tally()
    for ballot in ballots:
        named = list(zip((question.name for question in QUESTIONS), ballot, strict=True))
        tally += Tally(
            1,
            {name: 1 for name, answer in named if answer},
            {name: 1 for name, answer in named if answer is False},
            {sum(answer is True for answer in ballot[:2]): 1},
        )
    return tally


@given(st.lists(st.tuples(tallies(), st.none() | st.integers(0, 60)), min_size=1, max_size=4), st.integers(0, 200))
def test_counts_add_up_and_intervals_hold_their_estimate(parts: list[tuple[Tally, int | None]], households: int):
    total = sum((tally for tally, _ in parts), Tally())
    units = [
        UnitCounts(commune(total.ballots, households), {"self": total}),
        *(
            UnitCounts(hamlet(number, tally.ballots, size), {"self": tally})
            for number, (tally, size) in enumerate(parts, 1)
        ),
    ]
    scores = score(QUESTIONS, units, RULE)
    for unit in scores:
        shares = [unit.content_mean, unit.overall, unit.all_satisfied]
        for question in unit.questions:
            assert question.satisfied + question.not_satisfied + question.blank == unit.unit.ballots
            assert min(question.satisfied, question.not_satisfied, question.blank) >= 0
            shares.append(question.estimate)
        for share in shares:
            assert share is not None
            if share.rate is not None and share.low is not None and share.high is not None:
                centre = float(share.rate) if share.stratified is None else share.stratified
                assert 0 <= share.low <= centre + 1e-12 and centre - 1e-12 <= share.high <= 1
            assert (share.rate is None) == (unit.unit.ballots == 0)
            assert share.stratified is None or 0 <= share.stratified <= 1
            assert share.se is None or share.se >= 0
    for place, question in enumerate(scores[0].questions):
        assert question.satisfied == sum(unit.questions[place].satisfied for unit in scores[1:])
