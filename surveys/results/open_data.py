"""A published round as open data: the same figures as everywhere, in JSON and CSV, with licence and hash.

The bytes follow from the figures alone, so that the same round always has the same hash.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys.results.estimates import Estimate, as_number
from surveys.results.round_score import RoundScore
from surveys.results.scoring import UnitScore
from surveys.safe_cells import safe_cell

LICENCE, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    *("round", "unit", "level", "name", "households", "ballots", "coverage", "of", "label"),
    *("satisfied", "not_satisfied", "blank", "rate", "stratified", "se", "low", "high", "withheld"),
    "at_least",  # the band of what is withheld
)
Cell = str | int | float | None
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


def open_data(form: Mapping[str, object], result: RoundScore) -> OpenData:
    """From the definition of a round's form, and its scores as they may be published (`score(public=True)`)."""
    row = result.round
    figures = {key: value for key, value in result.to_json().items() if key not in _PASSING}
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
    for unit in result.heads:
        writer.writerows([_cell(value) for value in line] for line in _lines(row.code, unit))
    return OpenData(f"{text}\n".encode(), table.getvalue().encode("utf-8-sig"))


def _lines(code: str, unit: UnitScore) -> Iterator[list[Cell]]:
    """A unit's rows: each question, then what is summed up; one row of coverage where nothing else may be told."""
    head: list[Cell] = [code, unit.key, unit.level, unit.name, unit.households, unit.ballots, as_number(unit.coverage)]
    withheld = set(unit.suppressed)
    for question in unit.questions:
        band = as_number(unit.bands.get(question.name))
        counted = (question.satisfied, question.not_satisfied, question.blank, *_shares(question.estimate))
        yield [*head, question.name, question.label, *counted, int(question.name in withheld), band]
    for key, one in (
        ("content_mean", unit.content_mean),
        ("overall", unit.overall),
        ("all_satisfied", unit.all_satisfied),
    ):
        if one:
            yield [*head, key, "", None, None, None, *_shares(one), int(one.rate is None), None]
    if not unit.questions:
        yield [*head, "", "", *[None] * 8, 1, None]


def _shares(one: Estimate) -> tuple[float | None, ...]:
    return as_number(one.rate), one.stratified, one.se, one.low, one.high


def _cell(value: Cell) -> str:
    return "" if value is None else safe_cell(value)
