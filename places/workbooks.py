"""Excel files that people bring: measured before anything in them is parsed, every cell a text."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
from openpyxl.utils import get_column_letter

from places.errors import PlaceError, RowErrors
from vietnamese.letters import clean_text

MOST_UNPACKED = 50 * 2**20  # bytes that a workbook really holds, not those that it says it holds
MOST_RATIO = 100  # unpacked : packed
MOST_MEMBERS = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 200
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")

Lines = list[tuple[int, list[str]]]  # a row's number and its cells


def read_workbook(content: bytes, file: str, *, every_sheet: bool) -> list[tuple[str, Lines]]:
    """The first sheet, or all of them, by name. Of a formula counts what it came to.

    Raises `PlaceError` for a file that can't be read, `RowErrors` that names formulas without a result: what wrote
    the file did not calculate, and leaving such cells empty would lose them without a word.
    """
    try:
        formulas = _measure(content, file)
        sheets = _sheets(content, every_sheet=every_sheet, formulas=False)
        problems = [problem for name, lines in sheets for problem in _errors(name, lines)]
        if formulas:
            for (name, lines), (_, written) in zip(
                sheets, _sheets(content, every_sheet=every_sheet, formulas=True), strict=True
            ):
                problems += _unknown(name, lines, written)
    except PlaceError:
        raise
    except Exception as error:  # whatever a parser makes of a broken file
        raise PlaceError(f"{file}: không phải tệp Excel (.xlsx) đọc được.") from error
    if problems:
        raise RowErrors(file, problems)
    return sheets


def _sheets(content: bytes, *, every_sheet: bool, formulas: bool) -> list[tuple[str, Lines]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # features of Excel that openpyxl leaves out
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas)
        found = []
        for sheet in book.worksheets if every_sheet else book.worksheets[:1]:
            sheet.reset_dimensions()  # what a file says of its size may be wrong
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
            lines = [(number, [_text(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]
            found.append((str(sheet.title), lines))
        return found


def _errors(sheet: str, lines: Lines) -> Iterator[str]:
    for number, cells in lines:
        for column, cell in enumerate(cells, 1):
            if cell in _ERRORS:
                yield f"trang “{sheet}”, hàng {number}: ô {get_column_letter(column)}{number} báo lỗi {cell}"


def _unknown(sheet: str, lines: Lines, written: Lines) -> Iterator[str]:
    for (number, cells), (_, formulas) in zip(lines, written, strict=False):
        for column, (cell, formula) in enumerate(zip(cells, formulas, strict=False), 1):
            if not cell and formula.startswith("="):
                where = f"ô {get_column_letter(column)}{number}"
                yield f"trang “{sheet}”, hàng {number}: {where} là công thức chưa tính; mở bằng Excel rồi lưu lại"


def _measure(content: bytes, file: str) -> bool:
    """Refuse archives that unpack to too much, and XML that defines entities (it may grow without end).

    Returns whether there are formulas in it.
    """
    unpacked, formulas = 0, False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise PlaceError(f"{file}: tệp Excel có quá nhiều thành phần bên trong.")
        for member in members:
            with archive.open(member) as stream:
                before = b""
                while chunk := stream.read(2**16):
                    unpacked += len(chunk)
                    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content):
                        raise PlaceError(f"{file}: tệp Excel bung ra quá lớn.")
                    if b"<!DOCTYPE" in before + chunk or b"<!ENTITY" in before + chunk:
                        raise PlaceError(f"{file}: tệp Excel có nội dung không được phép.")
                    if "worksheets/" in member.filename and (b"<f>" in before + chunk or b"<f " in before + chunk):
                        formulas = True
                    before = chunk[-16:]
    return formulas


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # Excel keeps 31582 as 31582.0
    if isinstance(cell, datetime) and cell.time() == cell.time().min:
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else clean_text(str(cell)).strip()
