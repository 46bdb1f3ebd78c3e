"""Follow-ups: what a few words ask of the last answer, and which of its lines say it."""

import pytest

from faq.content.entries import load_entries
from faq.content.facets import asked, part

ENTRIES = {entry.id: entry for entry in load_entries()}


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("tốn bao nhiêu?", "cost"), ("bnhiu", "cost"), ("còn phí thì sao", "cost"), ("mấy đồng", "cost"),
        ("ở đâu?", "place"), ("o dau z", "place"), ("online được không", "place"), ("có cần ra xã không", "place"),
        ("bao lâu?", "time"), ("may ngay co", "time"), ("cần giấy tờ gì", "papers"), ("rồi sao nữa", "steps"),
        ("có bị phạt không", "fine"), ("nguồn ở đâu ra", "source"),
    ],
)  # fmt: skip
def test_a_few_words_ask_for_a_side(text: str, facet: str) -> None:
    assert asked(text) == facet


def test_a_long_message_brings_its_own_topic() -> None:
    assert asked("cho tôi hỏi làm căn cước cho con nhỏ mới sinh thì tốn bao nhiêu tiền vậy ạ") is None


def test_costs_are_no_fines_no_cheats_and_no_identity_cards() -> None:
    for entry in ENTRIES.values():
        text = part(entry, "cost").lower()
        assert "phạt" not in text and "lừa" not in text, entry.id
    assert part(ENTRIES["vneid-register-level2"], "cost") == ""
    assert "miễn phí" in part(ENTRIES["vneid-new-device"], "cost")


def test_times_and_places_are_the_lines_that_say_them() -> None:
    assert part(ENTRIES["id-card"], "time") == "Thời gian: khoảng 7 ngày làm việc."
    assert "công an xã" in part(ENTRIES["vneid-change-phone-number"], "place")
    assert "ngân hàng dừng giao dịch" not in part(ENTRIES["bank-biometrics-expired-id"], "place")
