"""The workbook: a results sheet to show, ballots, texts in an order of their own, a code book; nothing runs."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from closed import HAMLET, add, conn, crowd, here, stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from injections import INJECTIONS
from openpyxl import load_workbook
from sqlalchemy import Connection, delete, update

from storage.tables import Ballot, Round, Unit
from surveys.export import xlsx_file
from surveys.export.round import export
from surveys.safe_cells import STARTS
from vietnamese.masking import mask_numbers

__all__ = ["conn", "stored"]


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = load_workbook(path, read_only=True)
    found = list(book[sheet].iter_rows(values_only=True))
    book.close()
    return found


def test_a_workbook_has_results_ballots_texts_and_a_code_book(stored: Connection, tmp_path: Path) -> None:
    out = tmp_path / "dot-1.xlsx"
    add(stored, 1, {"chung": "co", "viec": ["co", "khong"], "do": -1.5, "nguoi": 4, "ngay": "1999-05-01"})
    add(stored, 2, {"chung": "khong", "ly_do": "Đường còn ngập, gọi 0912 345 678"})
    crowd(stored, 10)
    crowd(stored, 20, HAMLET + 1, start=3000)
    exported = export(stored, 1, "xlsx", out)
    assert (exported.rows, exported.texts, exported.texts_file) == (32, "apart", None)
    assert load_workbook(out, read_only=True).sheetnames == ["Kết quả", "Phiếu", "Ý kiến", "Bảng mã"]
    results = cells(out, "Kết quả")
    shown = {row[0]: row[1:] for row in results}
    assert [row[0] for row in results[:2]] == ["KẾT QUẢ LẤY Ý KIẾN", "Đợt 1"]
    assert shown["Tình trạng quy tắc"][0] == "CHƯA XÁC NHẬN"
    assert shown["Hai người đóng"][0] == "Nguyễn Văn Một, Trần Thị Hai"
    assert shown["Ấp 1"][:4] == ("Thuận Hòa", 200, 12, "6,00%")
    assert shown["Ấp 3"][:4] == ("Thuận Hòa", 200, 0, "0,00%")
    assert ("Hài lòng chung", 1, 1, 30) == next(row[:4] for row in results if row[1:4] == (1, 1, 30))
    ballots = cells(out, "Phiếu")
    assert ballots[0] == ("commune_code", "commune", "hamlet", "mode", "chung", "viec", "do", "nguoi", "ngay")
    assert ballots[1] == (
        "31582", "Thuận Hòa", "Ấp 1", "self", "Hài lòng", "Hài lòng; Chưa", -1.5, 4, "1999-05-01",
    )  # fmt: skip
    assert len(ballots) == 33
    assert cells(out, "Ý kiến")[1:] == [("31582", "Thuận Hòa", "Lý do", "Đường còn ngập, gọi [số]")]
    codes = cells(out, "Bảng mã")
    assert ("chung", "Hài lòng chung", "một lựa chọn", "co", "Hài lòng") in codes
    assert here(tmp_path) == ["dot-1.xlsx"]


def test_a_hundred_payloads_are_shown_and_never_run(conn: Connection, tmp_path: Path) -> None:
    assert len(set(INJECTIONS)) >= 200
    out = tmp_path / "dot-1.xlsx"
    conn.execute(update(Unit).where(Unit.id == HAMLET).values(name="=1+1"))
    conn.execute(update(Round).values(name="=1+1"))
    for tag, payload in enumerate(INJECTIONS):
        add(conn, tag, {"chung": payload, "viec": [payload], "ly_do": payload})
    export(conn, 1, "xlsx", out)
    with zipfile.ZipFile(out) as packed:
        pages = [packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == 4
    assert not any(b"<f>" in page or b"<f " in page for page in pages)
    book = load_workbook(out)
    risky = [
        cell
        for page in book
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(STARTS)
    ]
    assert len(risky) > 3 * 190
    assert all(cell.data_type == "s" or cell.data_type == "inlineStr" or cell.quotePrefix for cell in risky)
    assert all(cell.quotePrefix for cell in risky)
    assert len(cells(out, "Phiếu")) == len(INJECTIONS) + 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(conn: Connection, tmp_path: Path, reasons: list[str]) -> None:
    out = tmp_path / "dot-1.xlsx"
    conn.execute(delete(Ballot))
    for tag, reason in enumerate(reasons):
        add(conn, tag, {"ly_do": reason})
    export(conn, 1, "xlsx", out, texts="together")
    written = [row[6] for row in cells(out, "Phiếu")[1:]]
    kept = [mask_numbers(reason).replace("\ufffe", "").replace("\uffff", "") for reason in reasons]
    assert [text or "" for text in written] == kept


def test_more_ballots_than_a_sheet_holds_go_on_in_the_next(
    conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "ROWS", 11)
    out = tmp_path / "dot-1.xlsx"
    crowd(conn, 25)
    export(conn, 1, "xlsx", out, texts="none")
    lengths = {name: len(cells(out, name)) for name in ("Phiếu", "Phiếu 2", "Phiếu 3")}
    assert lengths == {"Phiếu": 11, "Phiếu 2": 11, "Phiếu 3": 6}
    assert cells(out, "Phiếu 3")[0] == cells(out, "Phiếu")[0]
