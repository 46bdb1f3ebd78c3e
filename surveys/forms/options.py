"""Rows of the choices sheet turned into lists of options."""

import re
from collections.abc import Iterable

from surveys.forms.form import Option
from surveys.forms.reading import NAME_LIMIT, Reading
from surveys.forms.xlsform_sheets import Row

SATISFIED = {"": None, "1": True, "0": False, "1.0": True, "0.0": False, "TRUE": True, "FALSE": False}


def read_options(rows: Iterable[Row], reading: Reading) -> dict[str, tuple[Option, ...]]:
    """The choice lists by name."""
    lists: dict[str, list[Option]] = {}
    for row in rows:
        list_name, name = row.cell("list name"), row.cell("name")
        label, satisfied = row.texts("label"), row.cell("satisfied").upper()
        if not list_name and not name and not label:
            continue
        if not list_name:
            reading.refuse(row.number, "list_name", "thiếu tên danh sách", "choices")
        if not name or re.search(r"\s", name) or len(name) > NAME_LIMIT:
            reason = "thiếu tên" if not name else f"tên phải liền nhau, không quá {NAME_LIMIT} chữ: {name[:80]}"
            reading.refuse(row.number, "name", reason, "choices")
        elif any(option.name == name for option in lists.get(list_name, ())):
            reading.refuse(row.number, "name", f"tên “{name}” đã có trong danh sách {list_name}", "choices")
        if not label:
            reading.refuse(row.number, "label", "thiếu nhãn", "choices")
        if satisfied not in SATISFIED:
            reading.refuse(row.number, "satisfied", "chỉ được ghi 1, 0 hoặc để trống", "choices")
        if "media" in row.cells:
            reading.refuse(row.number, "media", "chưa dùng được hình, âm thanh cho lựa chọn", "choices")
        columns = {
            column: str(cell)
            for column, cell in row.cells.items()
            if column not in ("list name", "name", "satisfied", "__row") and isinstance(cell, str)
        }
        lists.setdefault(list_name, []).append(Option(name, label, SATISFIED.get(satisfied), columns))
    return {list_name: tuple(options) for list_name, options in lists.items() if list_name}
