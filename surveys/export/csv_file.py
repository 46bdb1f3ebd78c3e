"""CSV that a spreadsheet opens with accents and never runs."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from surveys.export.columns import Column
from surveys.export.sheet import Sheet
from surveys.safe_cells import safe_cell

TEXT_HEADS = ("commune_code", "commune", "question", "label", "text")


def write_csv(sheet: Sheet, path: Path) -> None:
    """A row for each ballot; UTF-8 with BOM, every cell quoted; several choices are joined by "; "."""
    cells = [_cell(column) for column in sheet.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(map(safe_cell, sheet.names))
        for chunk in sheet.chunks:
            writer.writerows(
                [*map(safe_cell, place), safe_cell(mode), *[cell(answers) for cell in cells]]
                for place, mode, answers in chunk
            )


def write_texts(sheet: Sheet, path: Path) -> int:
    """The free texts, a row each; returns their number."""
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(TEXT_HEADS)
        for (code, commune, _hamlet), column, text in sheet.texts_apart():
            writer.writerow(map(safe_cell, (code, commune, column.name, column.label, text)))
            written += 1
    return written


def _cell(column: Column) -> Callable[[Mapping[str, Any]], str]:
    """What makes a cell of a ballot's answers."""
    if column.kind == "choice":  # by far the most cells: one look-up
        known = {name: safe_cell(label) for name, label in column.options.items()}
        question = column.question

        def choice(answers: Mapping[str, Any]) -> str:
            answer = answers.get(question)
            found = known.get(answer) if isinstance(answer, str) else None
            return found if found is not None else _written(column.plain(answers))

        return choice
    return lambda answers: _written(column.plain(answers))


def _written(value: Any) -> str:
    if value is None:
        return ""
    return safe_cell("; ".join(value) if isinstance(value, list) else value)
