"""Is this paper what was issued? Its figures as they were printed, each beside what it is today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.tables import IssuedPaper, Round
from surveys.documents.codes import as_typed
from surveys.documents.figures import result_fields, result_tables, unit_of
from surveys.documents.kinds import FIGURES, TABLES
from surveys.errors import SurveyError
from surveys.results.round_score import RoundScore
from surveys.rounds.states import RoundState

NAMED_BY = {"cau": "cau_noi_dung", "moc": "moc_ten", "ap": "ap_ten", "cach": "cach_ten"}
GONE = "không còn"


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued paper."""

    code: str
    round: int
    unit: int
    kind: str  # the name of its template
    format: str
    sha256: str
    issued_at: datetime
    round_code: str
    published: bool
    sample: bool
    fields: Mapping[str, str]
    tables: Mapping[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a paper says in one place, and what it would say today."""

    printed: str
    today: str

    @property
    def changed(self) -> bool:
        return self.printed != self.today


@dataclass(frozen=True, slots=True)
class Checked:
    """Every figure of a paper; `changed` also where today there is a row that the paper does not have."""

    fields: Mapping[str, Figure]
    tables: Mapping[str, list[dict[str, Figure]]]
    changed: bool


def find_issued(connection: Connection, typed: str) -> Issued | None:
    """The paper with this code, however it was typed."""
    code = as_typed(typed)
    if not code:
        return None
    row: Any = connection.execute(
        select(IssuedPaper.__table__, Round.code.label("round_code"), Round.state, Round.sample)
        .join(Round, Round.id == IssuedPaper.round_id)
        .where(IssuedPaper.code == code)
    ).first()
    if row is None:
        return None
    return Issued(
        row.code,
        row.round_id,
        row.unit_id,
        row.kind,
        row.format,
        row.sha256,
        row.issued_at,
        row.round_code,
        row.state == RoundState.PUBLISHED,
        row.sample,
        row.printed["fields"],
        row.printed["tables"],
    )


def check_figures(issued: Issued, result: RoundScore) -> Checked:
    """Each figure of an issued paper beside the one that `score` with `public` gives today."""
    try:
        unit = unit_of(result, issued.unit)
        fields, tables = result_fields(result, unit, (), ""), result_tables(result, unit)
    except SurveyError:  # the round does not ask the unit any more
        fields, tables = {}, {}
    figures = {name: Figure(issued.fields[name], fields.get(name, GONE)) for name in sorted(FIGURES)}
    rows, added = {}, False
    for table, key in NAMED_BY.items():
        today = {row[key]: row for row in tables.get(table, ())}
        printed = issued.tables.get(table, [])
        rows[table] = [
            {column: Figure(row[column], today.get(row[key], {}).get(column, GONE)) for column in TABLES[table]}
            for row in printed
        ]
        added = added or bool(today.keys() - {row[key] for row in printed})
    every: Iterable[Figure] = (
        *figures.values(),
        *(one for table in rows.values() for row in table for one in row.values()),
    )
    return Checked(figures, rows, added or any(figure.changed for figure in every))
