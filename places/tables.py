"""Tables that people bring: CSV as any spreadsheet writes it, and XLSX, both within limits.

A row is a mapping from column to text, with the number that the row has in the spreadsheet.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl

from places.errors import PlaceError
from places.letters import clean_text, fold

MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 50 * 2**20  # bytes that a workbook really holds, not those that it says it holds
MOST_RATIO = 100  # unpacked : packed
MOST_MEMBERS = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 200
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the heading is row 1) and its cells by column, stripped."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(path: Path, required: Sequence[str] = ()) -> list[Row]:
    """The rows of a CSV or XLSX file that are not blank. Raises `PlaceError` where it can't be read."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise PlaceError(f"{path.name}: tệp lớn hơn {MOST_BYTES // 2**20} MB, hãy chia nhỏ ra.")
        content = path.read_bytes()
    except OSError as error:
        raise PlaceError(f"{path.name}: không mở được tệp ({error.strerror}).") from error
    lines = _workbook(content, path.name) if content[:4] == b"PK\x03\x04" else _csv(content, path.name)
    return list(_rows(lines, path.name, required))


def _rows(lines: Iterable[tuple[int, Sequence[str]]], file: str, required: Sequence[str]) -> Iterator[Row]:
    numbered = iter(lines)
    heading = next((cells for _, cells in numbered if any(cells)), None)
    if heading is None:
        raise PlaceError(f"{file}: tệp trống.")
    columns = [fold(name).replace(" ", "_") for name in heading]
    missing = [name for name in required if name not in columns]
    if missing:
        raise PlaceError(f"{file}: hàng đầu thiếu cột {', '.join(missing)}.")
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice:
        raise PlaceError(f"{file}: cột {twice} có hai lần.")
    for count, (number, cells) in enumerate((line for line in numbered if any(line[1])), 1):
        if count > MOST_ROWS:
            raise PlaceError(f"{file}: có hơn {MOST_ROWS} hàng, hãy chia nhỏ ra.")
        yield Row(number, {name: cell for name, cell in zip(columns, cells, strict=False) if name})


def _csv(content: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlaceError(f"{file}: không phải CSV UTF-8, hãy lưu lại dạng “CSV UTF-8”.") from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [_text(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise PlaceError(f"{file}: dòng {reader.line_num} không đọc được ({error}).") from error


def _workbook(content: bytes, file: str) -> list[tuple[int, list[str]]]:
    """The first sheet. The archive is measured before anything in it is parsed."""
    try:
        _measure(content, file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # features of Excel that openpyxl leaves out
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its size may be wrong
            lines = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
            return [(number, [_text(cell) for cell in cells]) for number, cells in enumerate(lines, 1)]
    except PlaceError:
        raise
    except Exception as error:  # whatever a parser makes of a broken file
        raise PlaceError(f"{file}: không phải tệp Excel (.xlsx) đọc được.") from error


def _measure(content: bytes, file: str) -> None:
    """Refuse archives that unpack to too much, and XML that defines entities (it may grow without end)."""
    unpacked = 0
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
                    before = chunk[-16:]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # Excel keeps 31582 as 31582.0
    if isinstance(cell, datetime) and cell.time() == cell.time().min:
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else clean_text(str(cell)).strip()
