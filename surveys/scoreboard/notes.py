"""Notes of staff on indicators: evidence only with a document, its date and who entered it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, cast

from sqlalchemy import Connection, insert, select

from storage.tables import CriterionNote, Unit
from surveys.local_time import VIETNAM
from surveys.results.official_format import format_share
from surveys.scoreboard.criteria import CriteriaError, CriteriaSet, Criterion

Says = Literal["has", "has_not", "unknown"]


@dataclass(frozen=True, slots=True)
class Note:
    """A note that holds."""

    number: int
    about: str
    says: Says
    value: float | None
    document: str
    dated: date
    by: str
    at: datetime

    @property
    def text(self) -> str:
        said = {"has": "có", "has_not": "không có", "unknown": "chưa rõ"}[self.says]
        if self.value is not None:
            said = format_share(Fraction(str(self.value)))
        about = f"{self.about}: " if self.about else ""
        return f"{about}{said}; {self.document}, ngày {self.dated:%d/%m/%Y}; {self.by} nhập"


def add_note(
    connection: Connection,
    criteria: CriteriaSet,
    row: Criterion,
    unit_id: int,
    *,
    document: str,
    dated: date,
    by: str,
    now: datetime,
    says: Says | None = None,
    value: float | None = None,
    about: str = "",
) -> int:
    """Keep a note; returns its number. The caller audits it and commits.

    A row with a share to reach takes a `value` from 0 to 1, any other one `says` has or has_not; `unknown` takes back
    what was noted before. Raises `CriteriaError`.
    """
    where = f"chỉ tiêu {row.code}"
    if connection.execute(select(Unit.level).where(Unit.id == unit_id)).scalar() not in ("commune", "hamlet"):
        raise CriteriaError(f"{where}: ghi chú là của một xã hoặc một ấp")
    if not document.strip() or not by.strip():
        raise CriteriaError(f"{where}: ghi chú cần tên văn bản hoặc đường dẫn, ngày của văn bản và người nhập")
    if dated > now.astimezone(VIETNAM).date():
        raise CriteriaError(f"{where}: ngày của văn bản {dated:%d/%m/%Y} chưa tới")
    if value is not None and (row.at_least is None or not 0 <= value <= 1):
        problem = "chỉ ghi có hay không, không nhận tỷ lệ" if row.at_least is None else "tỷ lệ phải từ 0 đến 1"
        raise CriteriaError(f"{where}: {problem}")
    if row.at_least is not None and value is None and says != "unknown":
        raise CriteriaError(f"{where}: cần tỷ lệ, như --value 0.62 cho 62 %")
    if row.at_least is None and says is None:
        raise CriteriaError(f"{where}: cần nói rõ có (has), không có (has_not) hay chưa rõ (unknown)")
    return connection.execute(
        insert(CriterionNote)
        .values(
            unit_id=unit_id,
            criteria=criteria.id,
            code=row.code,
            about=about.strip(),
            says=says or "has",
            value=value,
            document=document.strip(),
            dated=dated,
            entered_by=by.strip(),
            entered_at=now,
        )
        .returning(CriterionNote.id)
    ).scalar_one()


def notes(connection: Connection, criteria: CriteriaSet, row: Criterion, unit_id: int) -> Sequence[Note]:
    """The newest note about each thing, the whole unit first; those taken back are left out."""
    columns = (
        CriterionNote.id,
        CriterionNote.about,
        CriterionNote.says,
        CriterionNote.value,
        CriterionNote.document,
        CriterionNote.dated,
        CriterionNote.entered_by,
        CriterionNote.entered_at,
    )
    query = select(*columns).where(
        CriterionNote.unit_id == unit_id, CriterionNote.criteria == criteria.id, CriterionNote.code == row.code
    )
    newest: dict[str, Note] = {}
    for found in connection.execute(query.order_by(CriterionNote.id)):
        newest[found.about.casefold()] = Note(found.id, found.about, cast(Says, found.says), *found[3:])
    return [newest[about] for about in sorted(newest) if newest[about].says != "unknown"]
