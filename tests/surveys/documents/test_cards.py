"""Household cards: eight to a page, a hamlet on its own sheets, nothing left behind when the codes are not stored."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from office import convert, docx_text, holds
from pypdf import PdfReader

from places.register.codes import new_code
from surveys.documents import word
from surveys.documents.cards import Card, write_cards
from surveys.documents.kinds import CARDS
from surveys.documents.typst_pdf import qr_png
from surveys.errors import SurveyError

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WIDEST = "HO-WWWW-WWWW-WWWW"  # of all codes
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
    assert [sum(holds(page, card.short) for card in made) for page in pages] == [8, 1, 3]
    assert ["Tờ 1/2" in pages[0], "Tờ 2/2" in pages[1], "Tờ 1/1" in pages[2]] == [True] * 3
    assert all(
        holds(page, card.short)
        for page, part in zip(pages, (made[:8], made[8:9], made[9:]), strict=True)
        for card in part
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


def test_a_word_file_holds_each_card_with_its_own_qr_and_empty_places_are_empty(tmp_path: Path) -> None:
    made = [*cards("Ấp Một", 9), *cards("Ấp Hai", 3)]
    out = tmp_path / "the.docx"
    write_cards(made, out, organiser=ORGANISER, now=NOW, before=lambda: None)
    text = docx_text(out)
    assert [text.count(card.short) for card in made] == [1] * 12
    assert text.count("THẺ HỘ") == text.count(ORGANISER) == 12 and "«" not in text
    with zipfile.ZipFile(out) as parts:
        body = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
        assert body.count("<w:tr>") == 24  # two sheets and one, eight to each
        shown = re.findall(r'r:embed="(rCard\d+)"', body)
        targets = [re.search(rf'Id="{name}"[^>]*Target="([^"]+)"', relations) for name in shown]
        pictures = [parts.read(f"word/{target[1]}") for target in targets if target]
    assert pictures == [qr_png(card.link) for card in made]
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.office
def test_libreoffice_lays_eight_word_cards_on_a_page_and_cuts_nothing_off_however_wide_the_code(tmp_path: Path) -> None:
    made = [replace(card, short=WIDEST) for card in (*cards("Ấp Một", 9), *cards("Ấp Hai", 3))]
    write_cards(made, tmp_path / "the.docx", organiser=ORGANISER, now=NOW, before=lambda: None)
    [pdf] = convert([tmp_path / "the.docx"], tmp_path)
    pages = ["".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
    assert [page.count(WIDEST) for page in pages] == [8, 1, 3]  # on two lines
    assert [page.count("Aicầmthẻlàtrảlờiđược.") for page in pages] == [8, 1, 3]  # a card's last words


def test_an_offices_own_template_is_used_and_one_that_will_not_do_is_named(tmp_path: Path) -> None:
    [made] = cards("Ấp Một", 1)
    whole = {}
    with zipfile.ZipFile(word.shipped(CARDS)) as parts:
        whole = {name: parts.read(name) for name in parts.namelist()}

    def own(old: str, new: str) -> None:
        with zipfile.ZipFile(tmp_path / "cards.docx", "w") as out:
            for name, content in whole.items():
                changed = content.decode().replace(old, new) if name == "word/document.xml" else content
                out.writestr(name, changed)

    def wrote() -> str:
        out = tmp_path / "the.docx"
        write_cards([made], out, organiser=ORGANISER, now=NOW, before=lambda: None, templates=str(tmp_path))
        return docx_text(out)

    own("THẺ HỘ LẤY Ý KIẾN", "THẺ CỦA XÃ MÌNH")
    assert "THẺ CỦA XÃ MÌNH" in wrote()
    for old, new, said in (
        ("the_ho", "ten_chu_ho", "ten_chu_ho"),
        ("the_ma", "the_ho", "thiếu trường “the_ma”"),
        ('descr="QR"', 'descr="Hình"', "thiếu trường “the_ma” hoặc hình"),
    ):
        own(old, new)
        with pytest.raises(SurveyError, match=said):
            wrote()
    assert word.check_folder(str(tmp_path))[0] == ["cards.docx"]
