"""The shipped guides are whole; a slip in one is named by file and line."""

from datetime import date
from pathlib import Path

import pytest

from faq.content.check import check_guides
from faq.content.entries import EntryError
from faq.content.lessons import GUIDES, PICTURES, load_guides, read_guide
from faq.content.topics import load_topics

TODAY = date(2026, 11, 26)


def test_there_are_ten_lessons_and_more_and_nothing_is_to_be_mended() -> None:
    guides = load_guides()
    assert len(guides) >= 10
    assert check_guides(guides, load_topics(), TODAY) == []


def test_every_sentence_of_fact_traces_to_a_fact_of_its_topics() -> None:
    topics = load_topics()
    for guide in load_guides():
        assert len(guide.markers) >= 5
        assert all(1 <= number <= len(topics[topic].facts) for topic, number, _ in guide.markers)


def test_no_marker_is_read_by_people() -> None:
    for guide in load_guides():
        assert not any("{" in text for text in (*(step.text for step in guide.steps), guide.reason))


def test_every_sketch_is_there_for_apps_without_svg_too() -> None:
    drawn = {step.picture for guide in load_guides() for step in guide.steps if step.picture}
    assert drawn == {path.stem for path in PICTURES.glob("*.svg")} == {path.stem for path in PICTURES.glob("*.png")}


@pytest.mark.parametrize(
    "change, slip",
    [
        (("# Bước 2", "# Bước 3"), "bước 3 không đúng thứ tự"),
        (("right = 2", "right = 5"), "“right” phải là số thứ tự"),
        (('title = "Trả', 'tittle = "Trả'), "thiếu “title”"),
        (("[exercise]", "[excercise]"), "thiếu bài tập"),
        (("minutes = 5", 'minutes = "5"'), "“minutes” phải là số phút"),
        (('id = "pay-by-qr"', 'id = "pay"'), "phải trùng tên tệp"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, change: tuple[str, str], slip: str) -> None:
    text = (GUIDES / "pay-by-qr.md").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "pay-by-qr.md"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(EntryError, match=slip) as error:
        read_guide(path)
    assert str(error.value).startswith("pay-by-qr.md:")


@pytest.mark.parametrize(
    "change, found",
    [
        (("review_by = 2027", "review_by = 2025"), "đã quá hạn xem lại"),
        (("{qr-payment:3}", "{qr-payment:99}"), "không có dữ kiện"),
        (("(pay-by-qr-1.svg)", "(pay-by-qr-9.svg)"), "không có hình"),
        (("# Bước 2: ", "Chữ nhiều quá. " * 30 + "\n\n# Bước 2: "), "bước dài"),
    ],
)
def test_what_is_to_be_mended_is_found(tmp_path: Path, change: tuple[str, str], found: str) -> None:
    path = tmp_path / "pay-by-qr.md"
    path.write_text((GUIDES / "pay-by-qr.md").read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    findings = check_guides([read_guide(path)], load_topics(), TODAY)
    assert any(found in str(finding) for finding in findings)
