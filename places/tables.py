"""Tables that people bring: CSV as any spreadsheet writes it, and XLSX, both within limits.

A row is a mapping from column to text, with the number that the row has in the spreadsheet.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from places.errors import PlaceError
from places.workbooks import MOST_COLUMNS, MOST_ROWS, Lines, read_workbook
from vietnamese.letters import clean_text, fold

MOST_BYTES = 5 * 2**20
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the heading is row 1) and its cells by column, stripped."""

    number: int
    cells: dict[str, str]
    sheet: str = ""  # of a workbook

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def place(self) -> str:
        """Where somebody finds it in the file."""
        return f"trang “{self.sheet}”, hàng {self.number}" if self.sheet else f"hàng {self.number}"


def read_table(path: Path, required: Sequence[str] = (), *, every_sheet: bool = False) -> list[Row]:
    """The rows of a CSV or XLSX file that are not blank. Raises `PlaceError` where it can't be read.

    With `every_sheet` the further sheets of a workbook count too, but for those that have none of the columns
    (instructions, say).
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise PlaceError(f"{path.name}: tệp lớn hơn {MOST_BYTES // 2**20} MB, hãy chia nhỏ ra.")
        content = path.read_bytes()
    except OSError as error:
        raise PlaceError(f"{path.name}: không mở được tệp ({error.strerror}).") from error
    if content[:4] != b"PK\x03\x04":
        return list(_rows(_csv(content, path.name), path.name, required))
    found: list[Row] = []
    for index, (sheet, lines) in enumerate(read_workbook(content, path.name, every_sheet=every_sheet)):
        if index == 0 or any(name in required for name in _heading(lines)):
            found += _rows(lines, f"{path.name}, trang “{sheet}”" if index else path.name, required, sheet)
    if len(found) > MOST_ROWS:
        raise PlaceError(f"{path.name}: có hơn {MOST_ROWS} hàng, hãy chia nhỏ ra.")
    return found


def _heading(lines: Lines) -> list[str]:
    return next(([fold(name).replace(" ", "_") for name in cells] for _, cells in lines if any(cells)), [])


def _rows(
    lines: Iterable[tuple[int, Sequence[str]]], file: str, required: Sequence[str], sheet: str = ""
) -> Iterator[Row]:
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
        yield Row(number, {name: cell for name, cell in zip(columns, cells, strict=False) if name}, sheet)


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
            yield number, [clean_text(cell).strip() for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise PlaceError(f"{file}: dòng {reader.line_num} không đọc được ({error}).") from error
