"""JSON: one array of objects, an object a line; JSON lines where the file's name ends in .jsonl or .ndjson."""

import json
from pathlib import Path

from surveys.export.sheet import Sheet

LINES = (".jsonl", ".ndjson")


def write_json(sheet: Sheet, path: Path) -> None:
    """An object for each ballot: labels, lists for several choices, numbers as numbers, null where nothing was said."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    before, between, after = ("", "\n", "\n") if path.suffix in LINES else ("[\n", ",\n", "\n]\n")
    readers = [(column.name, column.plain) for column in sheet.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(before)
        ahead = ""
        for chunk in sheet.chunks:
            for (code, commune, hamlet), mode, answers in chunk:
                said = {name: plain(answers) for name, plain in readers}
                place = {"commune_code": code, "commune": commune, "hamlet": hamlet, "mode": mode}
                file.write(ahead + encode(place | said))
                ahead = between
        file.write(after if ahead or before else "")
