"""A published round as open data: the same figures as everywhere, in JSON and CSV, with licence and hash.

The bytes follow from the figures alone, so that the same round always has the same hash.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.safe_cells import safe_cell

LICENCE, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    *("round", "unit", "level", "name", "households", "ballots", "coverage", "of", "label"),
    *("satisfied", "not_satisfied", "blank", "rate", "stratified", "se", "low", "high", "withheld"),
    "at_least",  # the band of what is withheld
)
SUMMED_UP = ("content_mean", "overall", "all_satisfied")
_PASSING = ("state", "compared", "round")  # of a score: what may differ while the figures are the same


@dataclass(frozen=True, slots=True)
class OpenData:
    """What can be downloaded."""

    json: bytes
    csv: bytes

    @property
    def json_digest(self) -> str:
        return hashlib.sha256(self.json).hexdigest()

    @property
    def csv_digest(self) -> str:
        return hashlib.sha256(self.csv).hexdigest()


def open_data(row: Any, form: Mapping[str, Any], result: Mapping[str, Any]) -> OpenData:
    """A round's row, the definition of its form, and its scores as they may be published (`score(public=True)`)."""
    figures = {key: value for key, value in result.items() if key not in _PASSING}
    whole = {
        "title": row.name,
        "code": row.code,
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "opened_at": (row.opened_at or row.opens_at).isoformat(),
        "closed_at": (row.closed_at or row.closes_at).isoformat(),
        "form": {"name": form.get("name", ""), "status": form.get("status", "")},
        **figures,
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    several = result["whole"] is not None and result["whole"]["level"] == "round"
    for unit in [*([result["whole"]] if several else []), *result["units"]]:
        writer.writerows([_cell(value) for value in line] for line in _lines(row.code, unit))
    return OpenData(f"{text}\n".encode(), table.getvalue().encode("utf-8-sig"))


def _lines(code: str, unit: Mapping[str, Any]) -> Iterator[list[Any]]:
    """A unit's rows: each question, then what is summed up; one row of coverage where nothing else may be told."""
    head = [code, *(unit[key] for key in ("unit", "level", "name", "households", "ballots", "coverage"))]
    shares = ("rate", "stratified", "se", "low", "high")
    withheld = set(unit["suppressed"])
    for question in unit["questions"]:
        counted = [question[key] for key in ("satisfied", "not_satisfied", "blank", *shares)]
        band = unit["bands"].get(question["name"])
        yield [*head, question["name"], question["label"], *counted, int(question["name"] in withheld), band]
    for key in SUMMED_UP:
        if unit[key]:
            told = [unit[key][share] for share in shares]
            yield [*head, key, "", None, None, None, *told, int(unit[key]["rate"] is None), None]
    if not unit["questions"]:
        yield [*head, "", "", *[None] * 8, 1, None]


def _cell(value: Any) -> str:
    return "" if value is None else safe_cell(value)
