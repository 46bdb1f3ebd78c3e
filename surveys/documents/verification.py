"""Is this paper what was issued? Its figures as they were printed, each beside what it is today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.tables import IssuedPaper, Round
from surveys.documents.codes import as_typed
from surveys.documents.figures import NO_BALLOT, WITHHELD, result_fields, result_tables, unit_of
from surveys.documents.kinds import FIGURES, TABLES
from surveys.errors import SurveyError
from surveys.results.round_score import RoundScore
from surveys.rounds.states import RoundState

NAMED_BY = {"cau": "cau_noi_dung", "moc": "moc_ten", "ap": "ap_ten", "cach": "cach_ten"}
GONE = "không còn"
# What says nothing of answers, or of which unit or question a row is.
COUNTED = (
    *("so_ho", "so_phieu", "do_phu", "ap_so", "ap_ten", "ap_ho", "ap_phieu", "ap_do_phu", "cau_so", "cau_noi_dung"),
    *("moc_ten", "moc_nguong", "cach_ten"),
)
CLOSE = ("khoang_", "moc_ket_luan", "ap_", "cach_")  # estimates, hamlets, modes: what depends on a rule of telling


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
    closer: bool = False  # the paper says more than everybody may read, and what is shown here is the public figure

    @property
    def changed(self) -> bool:
        return self.printed != self.today


@dataclass(frozen=True, slots=True)
class Checked:
    """Every figure of a paper; `changed` also where today there is a row that the paper does not have."""

    fields: Mapping[str, Figure]
    tables: Mapping[str, list[dict[str, Figure]]]
    changed: bool


def _figure(name: str, printed: str, today: str, above: bool) -> Figure:
    """A printed figure where everybody may read it: counts of ballots, and answers of a unit above the hamlets."""
    kept = name in COUNTED or (above and today != WITHHELD and not name.startswith(CLOSE))
    if printed == today or (name in COUNTED and today == WITHHELD):  # the name of a row that only officials read
        return Figure(printed, printed)
    if kept:
        return Figure(printed, today)
    return Figure(WITHHELD, today) if today in (NO_BALLOT, GONE) else Figure(today, today, closer=True)


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
    """Each figure of an issued paper beside the one that `score` with `public` gives today.

    Nothing comes out that is not public today: what an official's paper, or one issued under an earlier rule, says
    of a hamlet, and its intervals, stay on the paper.
    """
    above = True
    try:
        unit = unit_of(result, issued.unit)
        above = unit.level != "hamlet"
        fields, tables = result_fields(result, unit, (), ""), result_tables(result, unit)
    except SurveyError:  # the round does not ask the unit any more
        fields, tables = {}, {}
    figures = {name: _figure(name, issued.fields[name], fields.get(name, GONE), above) for name in sorted(FIGURES)}
    rows, added = {}, False
    for table, key in NAMED_BY.items():
        today = {row[key]: row for row in tables.get(table, ())}
        printed = issued.tables.get(table, [])
        missing = WITHHELD if tables and table != "ap" else GONE  # a mark or a mode of which only officials read
        rows[table] = [
            {
                column: _figure(column, row[column], today.get(row[key], {}).get(column, missing), above)
                for column in TABLES[table]
            }
            for row in printed
        ]
        added = added or bool(today.keys() - {row[key] for row in printed})
    every: Iterable[Figure] = (
        *figures.values(),
        *(one for table in rows.values() for row in table for one in row.values()),
    )
    return Checked(figures, rows, added or any(figure.changed for figure in every))
