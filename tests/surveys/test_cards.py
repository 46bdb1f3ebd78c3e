"""Household cards: eight to a page, a hamlet on its own sheets, nothing left behind when the codes are not stored."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from places.codes import new_code
from surveys.errors import SurveyError
from surveys.papers.cards import Card, write_cards

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ORGANISER = "Ban Thường trực Ủy ban MTTQ xã Thuận Hòa"


def cards(hamlet: str, number: int) -> Iterator[Card]:
    for household in range(1, number + 1):
        code = new_code()
        yield Card("Xã Thuận Hòa", hamlet, str(household), f"https://langnghe.example/h/{code.long}", code.short)


def write(made: list[Card], out: Path) -> list[str]:
    write_cards(made, out, organiser=ORGANISER, now=NOW, before=lambda: None)
    return [page.extract_text() for page in PdfReader(out).pages]


def test_eight_cards_fit_on_a_page_and_a_hamlet_begins_a_new_one(tmp_path: Path) -> None:
    made = [*cards("Ấp Một", 9), *cards("Ấp Hai", 3)]
    pages = write(made, tmp_path / "the.pdf")
    assert [sum(card.short in page for card in made) for page in pages] == [8, 1, 3]
    assert ["Tờ 1/2" in pages[0], "Tờ 2/2" in pages[1], "Tờ 1/1" in pages[2]] == [True] * 3
    assert all(
        card.short in page for page, part in zip(pages, (made[:8], made[8:9], made[9:]), strict=True) for card in part
    )
    assert all(ORGANISER in page for page in pages)


def test_only_the_owner_can_read_the_cards(tmp_path: Path) -> None:
    write(list(cards("Ấp Một", 1)), tmp_path / "the.pdf")
    assert (tmp_path / "the.pdf").stat().st_mode & 0o077 == 0


def test_what_a_register_holds_is_printed_as_text(tmp_path: Path) -> None:
    [page] = write(
        [Card("Xã #1", "Ấp *B* <x>", "#pagebreak()", "https://langnghe.example/h/x", "HO-A")], tmp_path / "a.pdf"
    )
    assert "#pagebreak()" in page and "Ấp *B* <x>, Xã #1" in page


def test_no_file_is_left_when_the_codes_could_not_be_stored(tmp_path: Path) -> None:
    def fail() -> None:
        raise SurveyError("không lưu được mã")

    with pytest.raises(SurveyError):
        write_cards(list(cards("Ấp Một", 1)), tmp_path / "the.pdf", organiser="", now=NOW, before=fail)
    assert list(tmp_path.iterdir()) == []
