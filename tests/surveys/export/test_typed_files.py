"""SPSS, Parquet and JSON: read back with labels, types and what is missing."""

import csv
import json
import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import readstat_arrow
from closed import FORM, HAMLET, add, conn, crowd, stored
from sqlalchemy import Connection, update

from storage.tables import FormVersion
from surveys.export.round import FORMATS, Format, export
from surveys.forms.form import Form, Option, Question
from surveys.results.results import score

__all__ = ["conn", "stored"]
LEVELS = tuple(Option(str(level), {"vi": f"Mức {level}"}) for level in range(1, 6))


def ballots(connection: Connection) -> None:
    add(connection, 1, {"chung": "co", "viec": ["khong"], "do": -1.5, "nguoi": 4, "ngay": "1999-05-01"})
    add(connection, 2, {"chung": "khong", "viec": [], "ly_do": "Đường 'ngập' 😀"}, mode="paper")
    add(connection, 3, {"chung": None})
    crowd(connection, 12)


def use(connection: Connection, form: Form) -> None:
    connection.execute(update(FormVersion).values(definition=form.to_dict()))


def test_spss_reads_it_with_labels_types_and_missing(stored: Connection, tmp_path: Path) -> None:
    out = tmp_path / "dot-1.sav"
    ballots(stored)
    export(stored, 1, "sav", out)
    table, about = readstat_arrow.read_sav(out)
    first, second, third = table.slice(0, 3).to_pylist()
    assert first == {
        "commune_code": "31582", "commune": "Thuận Hòa", "hamlet": "Ấp 1", "mode": "self",
        "chung": 1, "viec_co": 0, "viec_khong": 1, "ly_do": "", "do": -1.5, "nguoi": 4, "ngay": date(1999, 5, 1),
    }  # fmt: skip
    assert (second["chung"], second["viec_co"], second["ly_do"]) == (2, 0, "Đường 'ngập' 😀")
    assert [third[name] for name in ("chung", "viec_co", "do", "nguoi", "ngay")] == [None] * 5
    assert table.num_rows == 15
    assert about.variable_labels["chung"] == "Hài lòng chung"
    assert about.variable_labels["viec_co"] == "Việc cần làm: Hài lòng"
    assert about.value_labels["chung"] == [{"value": 1, "label": "Hài lòng"}, {"value": 2, "label": "Chưa"}]
    assert about.value_labels["viec_co"] == [{"value": 1, "label": "Có"}, {"value": 0, "label": "Không"}]
    assert (about.measures["chung"], about.measures["do"]) == ("nominal", "scale")
    assert about.file_label == "Đợt 1"


def test_spss_gets_a_scale_by_its_own_numbers_and_names_that_it_can_hold(conn: Connection, tmp_path: Path) -> None:
    questions = (
        Question("muc_do", "select_one", {"vi": "Mức hài lòng"}, options=LEVELS),
        Question("all", "integer", {"vi": "tên mà SPSS giữ cho mình"}),
        Question("câu-hỏi.số-một" * 6, "integer", {"vi": "tên quá dài"}),
        Question("mode", "text", {"vi": "nhãn dài " * 60}),
    )
    use(conn, replace(FORM, questions=questions))
    add(conn, 1, {"muc_do": "4", "all": 1, "câu-hỏi.số-một" * 6: 2, "mode": "x" * 3000})
    export(conn, 1, "sav", tmp_path / "dot-1.sav")
    table, about = readstat_arrow.read_sav(tmp_path / "dot-1.sav")
    assert list(table.slice(0, 1).to_pylist()[0].values())[3:] == ["self", 4, 1, 2, "x" * 3000]
    assert about.measures["muc_do"] == "ordinal"
    assert about.value_labels["muc_do"][4] == {"value": 5, "label": "Mức 5"}


def test_parquet_has_types_labels_and_nulls(stored: Connection, tmp_path: Path) -> None:
    out = tmp_path / "dot-1.parquet"
    ballots(stored)
    export(stored, 1, "parquet", out)
    table = pq.read_table(out)
    first, second, third = table.slice(0, 3).to_pylist()
    assert first == {
        "commune_code": "31582", "commune": "Thuận Hòa", "hamlet": "Ấp 1", "mode": "self",
        "chung": "Hài lòng", "viec": ["Chưa"], "ly_do": None, "do": -1.5, "nguoi": 4, "ngay": date(1999, 5, 1),
    }  # fmt: skip
    assert (second["chung"], second["viec"], second["ly_do"], second["hamlet"]) == ("Chưa", [], "Đường 'ngập' 😀", "")
    assert third["chung"] is None
    assert table.num_rows == 15
    assert table.schema.field("chung").metadata[b"label"].decode() == "Hài lòng chung"
    assert json.loads(table.schema.field("chung").metadata[b"options"]) == {"co": "Hài lòng", "khong": "Chưa"}
    assert table.schema.metadata[b"round"].decode() == "Đợt 1"


def test_json_is_an_array_with_an_object_a_line(stored: Connection, tmp_path: Path) -> None:
    ballots(stored)
    export(stored, 1, "json", tmp_path / "dot-1.json")
    export(stored, 1, "json", tmp_path / "dot-1.jsonl")
    lines = (tmp_path / "dot-1.jsonl").read_text(encoding="utf-8").splitlines()
    found = json.loads((tmp_path / "dot-1.json").read_text(encoding="utf-8"))
    assert found == [json.loads(line) for line in lines]
    assert len(found) == 15
    assert found[0] == {
        "commune_code": "31582", "commune": "Thuận Hòa", "hamlet": "Ấp 1", "mode": "self",
        "chung": "Hài lòng", "viec": ["Chưa"], "ly_do": None, "do": -1.5, "nguoi": 4, "ngay": "1999-05-01",
    }  # fmt: skip


@pytest.mark.parametrize("shape", FORMATS)
def test_a_round_without_ballots_gives_an_empty_file_that_can_be_read(
    conn: Connection, tmp_path: Path, shape: Format
) -> None:
    out = tmp_path / f"dot-1.{shape}"
    assert export(conn, 1, shape, out).rows == 0
    if shape == "sav":
        assert readstat_arrow.read_sav(out)[0].num_rows == 0
    elif shape == "parquet":
        assert pq.read_table(out).num_rows == 0
    elif shape == "json":
        assert json.loads(out.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("shape", FORMATS)
def test_answers_that_are_no_answers_of_their_kind_spoil_nothing(
    conn: Connection, tmp_path: Path, shape: Format
) -> None:
    for tag, odd in enumerate([10**30, "chữ", [1, "hai"], {"a": 1}, True, -1e308, "9999-99-99", ""]):
        add(conn, tag, {question.name: odd for question in FORM.questions})
    assert export(conn, 1, shape, tmp_path / "dot-1").rows == 8


@pytest.mark.parametrize("shape", ["csv", "json", "parquet"])
def test_a_count_by_hand_equals_the_score(stored: Connection, tmp_path: Path, shape: Format) -> None:
    out = tmp_path / f"dot-1.{shape}"
    for tag in range(60):
        said = {"chung": ("co", "khong", None, "co")[tag % 4]} | ({"ly_do": f"ý {tag}"} if tag % 7 == 0 else {})
        add(stored, tag, said, HAMLET + (tag % 13 > 1) + (tag % 13 > 6))
    export(stored, 1, shape, out)
    if shape == "csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    else:
        rows = json.loads(out.read_text("utf-8")) if shape == "json" else pq.read_table(out).to_pylist()
    [commune] = [unit for unit in score(stored, 1).to_json()["units"] if unit["level"] == "commune"]
    [question] = commune["questions"]
    by_hand = Counter(row["chung"] or "" for row in rows if row["commune_code"] == commune["unit"])
    assert commune["ballots"] == by_hand.total() == 60
    assert question["satisfied"] == by_hand["Hài lòng"]
    assert question["not_satisfied"] == by_hand["Chưa"]
    assert question["blank"] == by_hand[""]
    assert question["rate"] == pytest.approx(by_hand["Hài lòng"] / len(rows))
    assert commune["coverage"] == pytest.approx(len(rows) / 600)


def test_an_exported_file_is_its_owners(conn: Connection, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        for shape in FORMATS:
            export(conn, 1, shape, tmp_path / f"dot.{shape}", texts="apart")
    finally:
        os.umask(mask)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
