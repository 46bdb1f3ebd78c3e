"""Anger, insults and accusations are told from questions."""

import json
from pathlib import Path

import pytest

from faq.content.entries import FOLDER, load_entries, load_none_examples
from faq.content.examples import OTHER, load_examples
from faq.search.building import build_likeness
from faq.search.index import StaleIndex
from faq.search.likeness import Likeness
from faq.search.shipped_index import place_of_likeness
from faq.temper import TEMPERS, temper
from vietnamese.folding import fold

HELD_OUT = Path(__file__).with_name("temper_held_out.jsonl")  # written before anything was tried on it


def held_out() -> list[tuple[str, str]]:
    return [(row["text"], row["kind"]) for row in map(json.loads, HELD_OUT.read_text(encoding="utf-8").splitlines())]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("đụ má tụi bây làm ăn như cc", "insult"), ("đồ quỷ trả lời ngu quá", "insult"), ("ngu", "insult"),
        ("bực mình quá", "anger"), ("hanh dan qua", "anger"), ("tui muốn tố cáo trưởng ấp ăn tiền hộ nghèo", "accuse"),
        ("can bo lam kho tui khong chiu ky giay", "accuse"), ("chủ tịch xã tham nhũng", "accuse"),
    ],
)  # fmt: skip
def test_it_is_heard(text: str, kind: str) -> None:
    assert temper(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "nhờ hàng xóm đi khai tử cho má được không", "buồn ngủ quá", "tui ngu mấy cái này lắm chỉ giùm",
        "tố cáo cuộc gọi lừa đảo ở đâu", "cán bộ tư pháp làm việc mấy giờ", "mẹ tôi 80 tuổi", "đồ ăn quê",
        "doi mat khau vneid", "nam sinh may so dien thoai",
    ],
)  # fmt: skip
def test_daily_words_are_none(text: str) -> None:
    assert temper(text) is None


def test_a_long_story_told_in_anger_is_read_by_the_search() -> None:
    story = "bực quá, hôm qua tui đi nộp hồ sơ khai sinh cho thằng cháu mà thiếu giấy chứng sinh, giờ phải làm sao"
    assert temper(story) is None


def test_what_is_held_out_is_not_learnt_from() -> None:
    learnt = {fold(text) for _, text in load_examples(FOLDER / "temper.txt")}
    assert [text for text, _ in held_out() if fold(text) in learnt] == []
    assert {kind for kind, _ in load_examples(FOLDER / "temper.txt")} == {*TEMPERS, OTHER}


def test_phrases_hear_what_was_written_apart() -> None:
    found = [(temper(text), kind) for text, kind in held_out()]
    assert sum((said == "accuse") == (kind == "accuse") for said, kind in found if said) / len(found) >= 0.85
    asked = [text for entry in load_entries() for text in entry.examples if entry.id != "feedback-complaint"]
    assert sum(temper(text) is not None for text in asked) / len(asked) <= 0.003


@pytest.mark.slow
def test_likeness_adds_to_the_phrases() -> None:
    try:
        alike = Likeness.load(*place_of_likeness("temper"))
    except StaleIndex:
        build_likeness("temper")
        alike = Likeness.load(*place_of_likeness("temper"))
    found = [(temper(text, alike.judge), kind) for text, kind in held_out()]
    assert sum((said == "accuse") == (kind == "accuse") for said, kind in found if said) / len(found) >= 0.9
    asked = [*(text for entry in load_entries() for text in entry.examples if entry.id != "feedback-complaint")]
    said = sum(temper(text, alike.judge) is not None for text in (*asked, *load_none_examples()))
    assert said / (len(asked) + len(load_none_examples())) <= 0.01
