import csv
from pathlib import Path

import pytest
from closed import COMMUNE, HAMLET, add, conn, crowd, stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from storage.tables import Ballot, Round, Unit
from surveys.errors import SurveyError
from surveys.export.round import FORMATS, Exported, Format, export
from surveys.rounds.states import ANSWERS_OPEN, RoundState
from vietnamese.masking import mask_numbers

__all__ = ["conn", "stored"]

DANGER = tuple("=+-@\t\r\n＝＋－＠")


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_answers_are_written_with_their_vietnamese_labels_in_the_order_of_the_tags(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    add(conn, 9, {"chung": "khong", "viec": ["co", "khac"], "do": -1.5, "nguoi": 4, "ngay": "1999-05-01"})
    add(conn, 7, {"chung": "khong", "ly_do": "Đường còn ngập"})
    add(conn, 3, {"chung": "co", "viec": ["co", "khong"], "ly_do": None}, unit=COMMUNE, mode="paper")
    add(conn, 5, {"chung": "co"}, submitted=False)
    crowd(conn, 10)
    assert export(conn, 1, "csv", out).rows == 13
    assert rows(out)[:4] == [
        ["commune_code", "commune", "hamlet", "mode", "chung", "viec", "ly_do", "do", "nguoi", "ngay"],
        ["31582", "Thuận Hòa", "", "paper", "Hài lòng", "Hài lòng; Chưa", "", "", "", ""],
        ["31582", "Thuận Hòa", "", "self", "Chưa", "", "Đường còn ngập", "", "", ""],
        ["31582", "Thuận Hòa", "Ấp 1", "self", "Chưa", "Hài lòng; khac", "", "-1.5", "4", "1999-05-01"],
    ]


def test_the_file_opens_with_accents_and_every_cell_quoted(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    add(conn, 1, {"ly_do": 'nói "được"'})
    export(conn, "ma1", "csv", out)
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == (
        '"31582","Thuận Hòa","","self","","","nói ""được""","","",""'
    )


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+84", "-1+1", "@x", "\t=1", "\r\n=1", "＝1"])
def test_a_reason_that_looks_like_a_formula_is_never_one(conn: Connection, tmp_path: Path, text: str):
    out = tmp_path / "dot-1.csv"
    add(conn, 1, {"ly_do": text})
    export(conn, 1, "csv", out)
    assert rows(out)[1][6] == "'" + text


def test_a_formula_in_a_place_name_or_a_label_is_never_one(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    conn.execute(update(Unit).where(Unit.id == HAMLET).values(name="=1+1"))
    add(conn, 1, {"chung": "=cmd", "viec": ["-khac", "co"]})
    crowd(conn, 10)
    export(conn, 1, "csv", out)
    assert rows(out)[1][2:6] == ["'=1+1", "self", "'=cmd", "'-khac; Hài lòng"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(conn: Connection, tmp_path: Path, reasons: list[str]):
    out = tmp_path / "dot-1.csv"
    conn.execute(delete(Ballot))
    for tag, reason in enumerate(reasons):
        add(conn, tag, {"ly_do": reason})
    export(conn, 1, "csv", out)
    cells = [row[6] for row in rows(out)[1:]]
    assert not any(cell.startswith(DANGER) for cell in cells)
    assert [cell[1:] if cell[:1] == "'" and cell[1:].startswith(DANGER) else cell for cell in cells] == [
        reason[1:] if reason[:1] == "'" and reason[1:].startswith(DANGER) else reason
        for reason in map(mask_numbers, reasons)
    ]


@pytest.mark.parametrize("state", [state for state in RoundState if state not in ANSWERS_OPEN])
@pytest.mark.parametrize("shape", FORMATS)
def test_nothing_is_exported_before_the_close(conn: Connection, tmp_path: Path, state: RoundState, shape: Format):
    conn.execute(update(Round).values(state=state))
    with pytest.raises(SurveyError, match="kết quả chỉ mở sau khi đóng đợt"):
        export(conn, 1, shape, tmp_path / "dot-1")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_round_is_refused(conn: Connection, tmp_path: Path):
    with pytest.raises(SurveyError, match="không có đợt"):
        export(conn, "khong-co", "csv", tmp_path / "dot-1.csv")


@pytest.mark.parametrize("shape", FORMATS)
def test_a_failure_on_the_way_leaves_the_older_file_whole(conn: Connection, tmp_path: Path, shape: Format):
    out = tmp_path / "dot-1"
    out.write_text("bản trước", encoding="utf-8")
    add(conn, 1, {"chung": "co"})

    def refuse(_exported: Exported) -> None:
        raise RuntimeError("not logged")

    with pytest.raises(RuntimeError):
        export(conn, 1, shape, out, before=refuse)
    assert list(tmp_path.iterdir()) == [out]
    conn.execute(update(Ballot).values(answers=["not", "answers"]))
    with pytest.raises((AttributeError, ValueError)):
        export(conn, 1, shape, out)
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_text(encoding="utf-8") == "bản trước"


def test_a_finished_export_takes_the_place_of_the_older_one_and_is_its_owners(conn: Connection, tmp_path: Path):
    out = tmp_path / "dot-1.csv"
    out.write_text("bản trước", encoding="utf-8")
    export(conn, 1, "csv", out)
    assert len(rows(out)) == 1
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["khong-co/dot-1.csv", "."])
def test_a_file_that_cannot_be_written_is_refused_clearly(conn: Connection, tmp_path: Path, name: str):
    with pytest.raises(SurveyError, match="không ghi được"):
        export(conn, 1, "csv", tmp_path / name)
    assert list(tmp_path.iterdir()) == []
