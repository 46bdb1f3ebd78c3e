import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from places.errors import PlaceError
from places.tables import read_table


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "name,note\nẤp 1,x\n".encode(),
        "\ufeffname,note\r\nẤp 1,x\r\n".encode(),
        "name;note\nẤp 1;x\n".encode(),
        "Name\tNote\nẤp 1\tx\n".encode(),
        "name\tnote\nẤp 1\tx\n".encode("utf-16"),
        '\n"name","note"\n\n" Ấp 1 ","x"\n,\n'.encode(),
        workbook(["name", "note"], ["Ấp 1", "x"], [None, None]),
    ],
    ids=["comma", "with mark", "semicolon", "tab", "UTF-16 of Excel", "quotes and blank lines", "workbook"],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    assert [row.cells for row in read_table(tmp_path / "a")] == [{"name": "Ấp 1", "note": "x"}]


def test_rows_carry_the_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('name\n"hai\nhàng"\n\nb\n', encoding="utf-8")
    assert [(row.number, row["name"]) for row in read_table(tmp_path / "a.csv")] == [(2, "hai\nhàng"), (4, "b")]


def test_cells_of_a_workbook_become_the_text_a_person_sees(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(["a", "b", "c"], [31582.0, date(2025, 7, 1), True]))
    assert [row.cells for row in read_table(tmp_path / "a.xlsx")] == [{"a": "31582", "b": "2025-07-01", "c": "True"}]


def test_a_missing_cell_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1\n", encoding="utf-8")
    assert read_table(tmp_path / "a.csv")[0]["b"] == ""


BAD = {
    "empty": (b"", "trống"),
    "column missing": (b"a,b\n1,2\n", "thiếu cột name"),
    "column twice": (b"name,name\n1,2\n", "hai lần"),
    "not UTF-8": ("name\nẤp".encode("cp1258", "replace") + b"\xe2\xff", "CSV UTF-8"),
    "too large": (b"name\n" + b"x" * (5 * 2**20), "lớn hơn 5 MB"),
    "too many rows": (b"name\n" + b"x\n" * 50_001, "hơn 50000 hàng"),
    "huge cell": (b'name\n"' + b"x" * 200_000 + b'"\n', "không đọc được"),
    "bomb": (archive(**{"xl/workbook.xml": b"0" * 60_000_000}), "bung ra quá lớn"),
    "many members": (archive(**{f"m{number}": b"" for number in range(201)}), "quá nhiều thành phần"),
    "entities": (archive(a=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "không được phép"),
    "no workbook": (archive(a=b"hello"), "không phải tệp Excel"),
    "broken archive": (b"PK\x03\x04" + b"x" * 100, "không phải tệp Excel"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_its_name_and_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "tep"
    path.write_bytes(content)
    with pytest.raises(PlaceError, match=reason) as refused:
        read_table(path, ["name"])
    assert str(refused.value).startswith("tep: ")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlaceError, match="không mở được"):
        read_table(tmp_path / "none.csv")


def test_a_sheet_that_lies_about_its_size_is_read_within_limits(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "name"
    book.active["A2"] = "x"
    book.active["XFD1048576"] = "far away"
    book.save(tmp_path / "a.xlsx")
    assert [row["name"] for row in read_table(tmp_path / "a.xlsx")] == ["x"]
