"""A closed round whose ballots a test puts in by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert

from storage.database import make_engine
from storage.tables import Ballot, Base, FormVersion, Round, RoundUnit, Unit
from surveys.forms.form import Form, Option, Question
from surveys.rules.rule_sets import read_rule

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COMMUNE, HAMLET = 1, 2  # a second hamlet is 3, …
CHOICES = (Option("co", {"vi": "Hài lòng", "en": "Satisfied"}, True), Option("khong", {"vi": "Chưa"}, False))
FORM = Form(
    name="thu",
    title={"vi": "Thử"},
    languages=("vi", "en"),
    questions=(
        Question("loi_chao", "note", {"vi": "Kính chào bà con"}),
        Question("chung", "select_one", {"vi": "Hài lòng chung"}, options=CHOICES, role="overall"),
        Question("viec", "select_multiple", {"vi": "Việc cần làm"}, options=CHOICES),
        Question("ly_do", "text", {"vi": "Lý do"}, role="reason"),
        Question("do", "decimal", {"vi": "Nhiệt độ"}),
        Question("nguoi", "integer", {"vi": "Số người"}),
        Question("ngay", "date", {"vi": "Ngày dọn về"}),
        Question("tinh", "calculate", {}, calculation="1 + 1"),
    ),
)


def fill(connection: Connection, form: Form = FORM, hamlets: int = 1) -> None:
    """One commune with hamlets of 200 households each, one closed round in it, no ballot."""
    start = date(2025, 7, 1)
    units: list[tuple[int, str, str, int | None, int | None]] = [(COMMUNE, "commune", "Thuận Hòa", None, None)]
    units += [(HAMLET + at, "hamlet", f"Ấp {at + 1}", COMMUNE, 200) for at in range(hamlets)]
    for id, level, name, parent, households in units:
        values = {"id": id, "level": level, "code": "31582", "name": name, "parent_id": parent, "valid_from": start}
        connection.execute(insert(Unit).values(**values, households=households))
    frozen = {"name": form.name, "digest": form.digest, "definition": form.to_dict()}
    connection.execute(insert(FormVersion).values(id=1, imported_at=NOW, **frozen))
    rule = read_rule("xa-nang-cao-chua-xac-nhan")
    connection.execute(
        insert(Round).values(
            id=1,
            name="Đợt 1",
            code="ma1",
            form_id=1,
            rule=rule.id,
            rule_definition=rule.to_dict(),
            counts="household",
            state="closed",
            created_at=NOW,
            opens_at=NOW,
            closes_at=NOW + timedelta(days=20),
            closed_at=NOW + timedelta(days=20),
            closed_by=["Nguyễn Văn Một", "Trần Thị Hai"],
        )
    )
    connection.execute(insert(RoundUnit).values(round_id=1, unit_id=COMMUNE))


def add(connection: Connection, tag: int, answers: Any, unit: int = HAMLET, **values: Any) -> None:
    row = {"round_id": 1, "tag": tag.to_bytes(16), "unit_id": unit, "mode": "self", "submitted": True}
    connection.execute(insert(Ballot).values(row | {"answers": answers} | values))


def crowd(connection: Connection, number: int, unit: int = HAMLET, start: int = 1000) -> None:
    """So many ballots that say nothing."""
    for tag in range(start, start + number):
        add(connection, tag, {}, unit)


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        fill(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def stored(database_url: str) -> Iterator[Connection]:
    """The same on each store in turn."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        fill(connection, hamlets=3)
        yield connection
    engine.dispose()


def here(folder: Path) -> list[str]:
    """The files in a folder, the database's left out."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("langnghe.db"))
