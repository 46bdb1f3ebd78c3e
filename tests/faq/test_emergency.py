"""Whom to call: the right short number for each danger, dated, and a place's own before it."""

from datetime import date

import pytest

from faq.content.check import check_numbers
from faq.danger import KINDS
from faq.emergency import OwnNumbers, review_by, whom_to_call


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("violence", "113"), ("child", "111"), ("missing", "113"), ("held", "113"), ("trafficked", "111"),
        ("self", "115"), ("fire", "114"), ("water", "114"), ("disaster", "114"), ("electric", "115"), ("poison", "115"),
        ("bite", "115"), ("birth", "115"), ("accident", "115"), ("life", "115"), ("scam", "113"),
    ],
)  # fmt: skip
def test_each_danger_has_its_number(kind, first):
    assert whom_to_call(kind, {})[0].digits == first


def test_every_number_says_what_it_rests_on_and_when_that_held():
    for kind in KINDS:
        numbers = whom_to_call(kind, {})
        assert numbers and all(number.basis and number.as_of >= "2025" for number in numbers), kind


def test_nobody_who_wants_to_die_is_sent_to_the_police():
    own = {"duty": "1", "police": "2", "medical": "3"}
    assert [number.role for number in whom_to_call("self", own)] == ["duty", "medical", "medical", "child"]


def test_a_communes_own_numbers_come_first():
    own = OwnNumbers({"fire": "0299 1", "duty": ""}, {"31582": {"fire": "0299 2", "duty": "0299 3"}})
    assert [each.digits for each in whom_to_call("fire", own.at("31582"))] == ["0299 3", "0299 2", "114", "115"]
    assert [each.digits for each in whom_to_call("fire", own.at("31615"))] == ["0299 1", "114", "115"]
    assert [each.digits for each in whom_to_call("violence", own.at(""))] == ["113", "115"]


def test_an_overdue_basis_is_named():
    assert check_numbers(review_by()) == []
    assert "quá hạn" in str(check_numbers(date(2099, 1, 1))[0])
