import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert, update

from storage.models import Ballot, Base, FormVersion, Round, RoundUnit, Unit
from surveys.errors import SurveyError
from surveys.export import export_csv
from surveys.form import Form, Option, Question
from surveys.rules import read_rule

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COMMUNE, HAMLET = 1, 2
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
        Question("tinh", "calculate", {}, calculation="1 + 1"),
    ),
)
DANGER = tuple("=+-@\t\r\n＝＋－＠")


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        start = date(2025, 7, 1)
        for id, level, name, parent in (
            (COMMUNE, "commune", "Thuận Hòa", None),
            (HAMLET, "hamlet", "Ấp 1", COMMUNE),
        ):
            connection.execute(
                insert(Unit).values(id=id, level=level, code="31582", name=name, parent_id=parent, valid_from=start)
            )
        connection.execute(
            insert(FormVersion).values(id=1, name="thu", digest=FORM.digest, definition=FORM.to_dict(), imported_at=NOW)
        )
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
            )
        )
        connection.execute(insert(RoundUnit).values(round_id=1, unit_id=COMMUNE))
        yield connection
    engine.dispose()


def add(connection: Connection, tag: int, answers: Any, unit: int = HAMLET, **values: Any) -> None:
    row = {"round_id": 1, "tag": tag.to_bytes(16), "unit_id": unit, "mode": "self", "submitted": True}
    connection.execute(insert(Ballot).values(row | {"answers": answers} | values))


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_answers_are_written_with_their_vietnamese_labels_in_the_order_of_the_tags(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    add(conn, 9, {"chung": "khong", "viec": ["co", "khac"], "ly_do": "Đường còn ngập", "do": -1.5})
    add(conn, 3, {"chung": "co", "viec": ["co", "khong"], "ly_do": None}, unit=COMMUNE, mode="paper")
    add(conn, 5, {"chung": "co"}, submitted=False)
    assert export_csv(conn, 1, out) == 2
    assert rows(out) == [
        ["commune_code", "commune", "hamlet", "mode", "chung", "viec", "ly_do", "do"],
        ["31582", "Thuận Hòa", "", "paper", "Hài lòng", "Hài lòng; Chưa", "", ""],
        ["31582", "Thuận Hòa", "Ấp 1", "self", "Chưa", "Hài lòng; khac", "Đường còn ngập", "-1.5"],
    ]


def test_the_file_opens_with_accents_and_every_cell_quoted(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    add(conn, 1, {"ly_do": 'nói "được"'})
    export_csv(conn, "ma1", out)
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == ('"31582","Thuận Hòa","Ấp 1","self","","","nói ""được""",""')


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+84", "-1+1", "@x", "\t=1", "\r\n=1", "＝1"])
def test_a_reason_that_looks_like_a_formula_is_never_one(conn: Connection, tmp_path: Path, text: str):
    out = tmp_path / "dot-1.csv"
    add(conn, 1, {"ly_do": text})
    export_csv(conn, 1, out)
    assert rows(out)[1][6] == "'" + text


def test_a_formula_in_a_place_name_or_a_label_is_never_one(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    conn.execute(update(Unit).where(Unit.id == HAMLET).values(name="=1+1"))
    add(conn, 1, {"chung": "=cmd", "viec": ["-khac", "co"]})
    export_csv(conn, 1, out)
    assert rows(out)[1][2:6] == ["'=1+1", "self", "'=cmd", "'-khac; Hài lòng"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(conn: Connection, tmp_path: Path, reasons: list[str]):
    out = tmp_path / "dot-1.csv"
    conn.execute(delete(Ballot))
    for tag, reason in enumerate(reasons):
        add(conn, tag, {"ly_do": reason})
    export_csv(conn, 1, out)
    cells = [row[6] for row in rows(out)[1:]]
    assert not any(cell.startswith(DANGER) for cell in cells)
    assert [cell[1:] if cell[:1] == "'" and cell[1:].startswith(DANGER) else cell for cell in cells] == [
        reason[1:] if reason[:1] == "'" and reason[1:].startswith(DANGER) else reason for reason in reasons
    ]


@pytest.mark.parametrize("state", ["draft", "scheduled", "open", "paused", "cancelled"])
def test_nothing_is_exported_before_the_close(conn: Connection, tmp_path: Path, state: str):
    conn.execute(update(Round).values(state=state))
    with pytest.raises(SurveyError, match="kết quả chỉ mở sau khi đóng đợt"):
        export_csv(conn, 1, tmp_path / "dot-1.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_round_is_refused(conn: Connection, tmp_path: Path):
    with pytest.raises(SurveyError, match="không có đợt"):
        export_csv(conn, "khong-co", tmp_path / "dot-1.csv")


def test_a_failure_on_the_way_leaves_the_older_file_whole(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    out.write_text("bản trước", encoding="utf-8")
    add(conn, 1, {"chung": "co"})
    add(conn, 2, ["not", "answers"])
    with pytest.raises(AttributeError):
        export_csv(conn, 1, out)
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_text(encoding="utf-8") == "bản trước"


def test_a_finished_export_takes_the_place_of_the_older_one_and_is_its_owners(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    out.write_text("bản trước", encoding="utf-8")
    export_csv(conn, 1, out)
    assert len(rows(out)) == 1
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["khong-co/dot-1.csv", "."])
def test_a_file_that_cannot_be_written_is_refused_clearly(conn: Connection, tmp_path: Path, name: str):
    with pytest.raises(SurveyError, match="không ghi được"):
        export_csv(conn, 1, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
