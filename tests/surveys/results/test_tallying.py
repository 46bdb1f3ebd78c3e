"""Counting ballots by unit and mode, choice by choice."""

import pytest
from village import FORM

from surveys.results.tallying import Row, Tallying, to_score


def tallied(*ballots: tuple[int, str, dict[str, object]]) -> list[Row]:
    tallying = Tallying(FORM)
    for unit, mode, answers in ballots:
        tallying.add(unit, mode, answers)
    return list(tallying.rows())


def test_every_choice_is_counted_by_unit_and_mode() -> None:
    rows = tallied(
        (7, "self", {"duong": "co", "can": ["den", "cho"], "chung": "co"}),
        (7, "self", {"duong": "khong", "can": ["den"], "chung": "co"}),
        (7, "paper", {"duong": "co"}),
        (3, "self", {}),
    )
    assert [(row.unit_id, row.mode, row.ballots) for row in rows] == [(3, "self", 1), (7, "paper", 1), (7, "self", 2)]
    assert rows[2].choices == {"duong": {"co": 1, "khong": 1}, "can": {"den": 2, "cho": 1}, "chung": {"co": 2}}
    assert rows[2].content == {"0": 1, "1": 1} and rows[0].choices == {} and rows[0].content == {"0": 1}


def test_what_is_no_choice_of_the_question_is_a_blank() -> None:
    [row] = tallied((7, "self", {"duong": ["co"], "can": ["nha"], "chung": "maybe", "nguoi": 4, "la": "lùng"}))
    assert (row.ballots, row.choices, row.content) == (1, {}, {"0": 1})


def test_the_forms_choices_say_what_is_satisfied() -> None:
    rows = tallied((7, "self", {"duong": "co", "chung": "khong"}), (7, "self", {"duong": "khong", "chung": "khong"}))
    tally = to_score(rows, FORM)[7]["self"]
    assert (tally.ballots, tally.satisfied, tally.not_satisfied) == (2, {"duong": 1}, {"duong": 1, "chung": 2})
    assert tally.content == {0: 1, 1: 1}


@pytest.mark.parametrize("nonsense", [[], "co", 3, None])
def test_what_is_no_ballot_is_refused_and_counts_nowhere(nonsense: object) -> None:
    tallying = Tallying(FORM)
    with pytest.raises(ValueError, match="ballot"):
        tallying.add(7, "self", nonsense)  # type: ignore[arg-type]
    assert list(tallying.rows()) == []
