"""The criteria sets: every indicator that the province named is there, dated, with its source and status."""

from datetime import date
from fractions import Fraction

import pytest

from surveys.forms.xlsform import read_form, shipped_forms
from surveys.scoreboard.criteria import CriteriaError, find_row, read_set, shipped_criteria

BASIC, ADVANCED, MODEL = "xa-ntm-2021-2025", "xa-ntm-nang-cao-2021-2025", "xa-ntm-kieu-mau-2021-2025"
NAMED = {
    BASIC: {"8.2": "XHS", "8.4": "CQS", "15.4": "XHS"},
    ADVANCED: {
        "8.1": "CQS", "8.4": "CQS", "8.5": "XHS", "13.4": "KTS", "13.7": "KTS", "14.4": "XHS", "15.1": "CQS",
        "15.2": "CQS",
    },
    MODEL: {"3": "XHS", "8": "CQS KTS XHS"},
    "huyen-ntm-2021-2025": {"9.5": "CQS"},
    "huyen-ntm-nang-cao-2021-2025": {"9.2": "CQS"},
}  # fmt: skip
ROW = {"code": "1", "title": "Có điện", "pillars": ["XHS"]}
SET = {
    "title": "Thử", "level": "commune", "basis": "Văn bản", "source": "Báo", "status": "unconfirmed",
    "valid_from": date(2021, 1, 1), "rows": [ROW],
}  # fmt: skip


def test_every_named_indicator_is_there_under_its_pillar() -> None:
    shipped = {each.id: {row.code: " ".join(row.pillars) for row in each.rows} for each in shipped_criteria()}
    assert shipped == NAMED
    assert list(shipped) == list(NAMED)


def test_only_the_health_book_has_a_share_to_reach() -> None:
    shares = {f"{each.id}/{row.code}": row.at_least for each in shipped_criteria() for row in each.rows if row.at_least}
    assert shares == {f"{BASIC}/15.4": Fraction(1, 2), f"{ADVANCED}/14.4": Fraction(7, 10)}


def test_every_set_is_dated_says_where_it_was_read_and_that_nobody_confirmed_it() -> None:
    for each in shipped_criteria():
        assert each.basis and each.source and each.status == "unconfirmed"
        assert each.closed(date(2026, 1, 1)) and not each.closed(date(2025, 6, 30))
        assert (each.valid_to == date(2025, 6, 30)) is (each.level == "district")


def test_questions_that_a_row_looks_at_are_in_the_shipped_form() -> None:
    form = read_form(shipped_forms()["chuyen-doi-so"])
    known = {question.name: question.type for question in form.questions}
    for each in shipped_criteria():
        for row in each.rows:
            assert all(known[name] == "select_one" for name in (*row.questions, *row.choices))
            assert not row.places or known[row.places] == "select_multiple"


def test_a_row_is_found_by_its_code_where_only_one_set_has_it() -> None:
    assert find_row("15.4")[0].id == BASIC and find_row(f"{ADVANCED}/8.4")[1].rounds == "establish"
    for name, words in (("8.4", "hãy ghi rõ"), ("99", "không có chỉ tiêu"), ("nothing/8.4", "không có chỉ tiêu")):
        with pytest.raises(CriteriaError, match=words):
            find_row(name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rows": []}, "rows"),
        ({"rows": [ROW, ROW]}, "cùng mã"),
        ({"rows": [{**ROW, "pillars": ["XYZ"]}]}, "pillars"),
        ({"rows": [{**ROW, "pillars": []}]}, "pillars"),
        ({"rows": [{**ROW, "at_least": 70}]}, "at_least"),
        ({"rows": [{**ROW, "colour": "red"}]}, "colour"),
        ({"rows": [{**ROW, "rounds": "perhaps"}]}, "rounds"),
        ({"status": "maybe"}, "status"),
        ({"valid_from": "hôm qua"}, "valid_from"),
        ({"valid_to": "1999-12-31"}, "valid_to"),
    ],
)
def test_a_wrong_set_is_refused_by_file_and_key(changes: dict[str, object], words: str) -> None:
    with pytest.raises(CriteriaError, match=words) as refused:
        read_set("thu", SET | changes)
    assert "thu.toml" in str(refused.value)
