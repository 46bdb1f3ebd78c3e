"""A workbook that a person would show: results, ballots, what people wrote, what the columns mean."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from surveys.export.columns import PLACE_LABELS
from surveys.export.results_sheet import Line, result_lines
from surveys.export.sheet import Sheet
from surveys.safe_cells import STARTS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576  # of a worksheet
LONGEST = 32_767  # characters of a cell
RESULTS, BALLOTS, TEXTS, CODES = "Kết quả", "Phiếu", "Ý kiến", "Bảng mã"
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML
_KINDS = {
    "text": "chữ",
    "choice": "một lựa chọn",
    "choices": "nhiều lựa chọn",
    "integer": "số nguyên",
    "decimal": "số",
    "date": "ngày",
}


def write_xlsx(sheet: Sheet, path: Path) -> None:
    """Row by row, in constant memory. More ballots than a worksheet holds go on in the next one."""
    from xlsxwriter import Workbook

    with (
        TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as drafts,
        Workbook(str(path), {"constant_memory": True, "tmpdir": drafts}) as book,
    ):
        book.set_properties({"title": sheet.round.name})
        pen = _Pen(book)
        _results(book, pen, sheet)
        _ballots(book, pen, sheet)
        if sheet.texts:
            texts = ([code, commune, column.label, text] for (code, commune, _), column, text in sheet.texts_apart())
            pages = _Pages(book, pen, TEXTS, ["Mã xã", "Xã, phường", "Câu hỏi", "Ý kiến"], [10, 24, 40, 90])
            for cells in texts:
                pages.add(cells)
        _code_book(book, pen, sheet)


class _Pen:
    """Writes cells: a text is always a text, whatever it looks like."""

    def __init__(self, book: "Workbook") -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.plain = book.add_format(base)
        self.quoted = book.add_format(base)
        self.quoted.set_quote_prefix()
        self.styles = {
            "title": book.add_format({**base, "bold": True, "font_size": 16}),
            "head": book.add_format({**base, "bold": True, "font_size": 13, "top": 1}),
            "columns": book.add_format({**base, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EEF3EE"}),
            "warning": book.add_format({**base, "italic": True, "font_color": "#9C2A00"}),
        }

    def row(self, page: "Worksheet", at: int, cells: Sequence[Any], style: str = "") -> None:
        form = self.styles.get(style, self.plain)
        for column, value in enumerate(cells):
            if isinstance(value, str):
                if value:
                    shown = self.quoted if value.startswith(STARTS) else form
                    page.write_string(at, column, _ILLEGAL.sub("", value)[:LONGEST], shown)
            elif value is not None:
                page.write_number(at, column, value, form)


class _Pages:
    """Worksheets of one table, a new one whenever the last is full."""

    def __init__(
        self, book: "Workbook", pen: _Pen, name: str, heads: Sequence[str], widths: Sequence[int] = ()
    ) -> None:
        self._book, self._pen, self._name, self._heads, self._widths = book, pen, name, heads, widths
        self._number = 0
        self._next()

    def add(self, cells: Sequence[Any]) -> None:
        if self._at == ROWS:
            self._next()
        self._pen.row(self._page, self._at, cells)
        self._at += 1

    def _next(self) -> None:
        self._number += 1
        self._page = self._book.add_worksheet(self._name + (f" {self._number}" if self._number > 1 else ""))
        self._page.freeze_panes(1, 0)
        for column, width in enumerate(self._widths):
            self._page.set_column(column, column, width)
        self._pen.row(self._page, 0, self._heads, "columns")
        self._at = 1


def _results(book: "Workbook", pen: _Pen, sheet: Sheet) -> None:
    page = book.add_worksheet(RESULTS)
    for column, width in enumerate((46, 16, 16, 16, 16, 16, 24)):
        page.set_column(column, column, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    line: Line
    for at, line in enumerate(result_lines(sheet)):
        pen.row(page, at, line.cells, line.style)


def _ballots(book: "Workbook", pen: _Pen, sheet: Sheet) -> None:
    pages = _Pages(book, pen, BALLOTS, sheet.names, [10, 24, 20, 10, *[18] * len(sheet.columns)])
    readers = [column.plain for column in sheet.columns]
    for chunk in sheet.chunks:
        for place, mode, answers in chunk:
            values = [plain(answers) for plain in readers]
            pages.add([*place, mode, *("; ".join(one) if isinstance(one, list) else one for one in values)])


def _code_book(book: "Workbook", pen: _Pen, sheet: Sheet) -> None:
    pages = _Pages(book, pen, CODES, ["Cột", "Câu hỏi", "Loại", "Mã", "Nhãn"], [20, 60, 16, 20, 40])
    for name, label in PLACE_LABELS.items():
        pages.add([name, label, "chữ", "", ""])
    for column in (*sheet.columns, *sheet.texts):
        kind = _KINDS[column.kind] + (f" (trang {TEXTS})" if column in sheet.texts else "")
        first = [column.name, column.label, kind]
        for option, label in column.options.items() or (("", ""),):
            pages.add([*first, option, label])
            first = ["", "", ""]
