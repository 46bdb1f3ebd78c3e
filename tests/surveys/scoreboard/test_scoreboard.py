"""The scoreboard from rounds and notes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import closed
import pytest
from sqlalchemy import Connection, create_engine, insert, update

from storage.database import make_engine
from storage.tables import Base, Closing, FormerUnit, FormVersion, Round, Unit, UnitTally
from surveys.forms.xlsform import read_form, shipped_forms
from surveys.scoreboard.criteria import CriteriaError, find_row
from surveys.scoreboard.notes import add_note
from surveys.scoreboard.scoreboard import scoreboard

TODAY, DAY = date(2026, 12, 1), date(2026, 11, 2)
ADVANCED = "xa-ntm-nang-cao-2021-2025"
DISTRICT = ("Huyện Châu Thành", "Tỉnh Sóc Trăng")
NEIGHBOUR = 50


def fill(connection: Connection) -> None:
    """A commune of two hamlets that took in one of a former district, its neighbour, a closed digital round."""
    closed.fill(connection, read_form(shipped_forms()["chuyen-doi-so"]), hamlets=2)
    values = {"level": "commune", "valid_from": date(2025, 7, 1), "parent_id": None}
    connection.execute(insert(Unit).values(id=NEIGHBOUR, code="31594", name="Xã An Ninh", **values))
    for unit, code, name in ((closed.COMMUNE, "31582", "Xã Phú Tân"), (NEIGHBOUR, "31600", "Xã An Ninh")):
        former = dict(zip(("district", "province"), DISTRICT, strict=True))
        former |= {"unit_id": unit, "code": code, "name": name, "whole": True, "until": date(2025, 7, 1)}
        connection.execute(insert(FormerUnit).values(**former))


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
        fill(connection)
        yield connection
    engine.dispose()


def answer(connection: Connection, number: int, unit: int, answers: Any) -> None:
    for tag in range(number):
        closed.add(connection, unit * 10_000 + tag + 100 * len(str(answers)), answers, unit)


def row(connection: Connection, code: str, unit: str = "31582", set_id: str = ADVANCED) -> Any:
    board = scoreboard(connection, unit, today=TODAY)
    return next(each for each in board["rows"] if (each["set"], each["code"]) == (set_id, code))


def note(connection: Connection, name: str, unit: int = closed.COMMUNE, **values: Any) -> int:
    words = {"document": "Báo cáo 12/BC-UBND", "dated": DAY, "by": "Cán bộ A", "now": closed.NOW.replace(month=12)}
    return add_note(connection, *find_row(name), unit, **(words | values))


def test_every_row_is_there_and_without_anything_nothing_is_claimed(conn: Connection) -> None:
    conn.execute(update(Round).values(state="cancelled"))
    board = scoreboard(conn, "31582", today=TODAY)
    assert [each["code"] for each in board["rows"]] == [
        "8.2", "8.4", "15.4", "8.1", "8.4", "8.5", "13.4", "13.7", "14.4", "15.1", "15.2", "3", "8", "9.5", "9.2",
    ]  # fmt: skip
    assert {each["verdict"] for each in board["rows"]} == {"no_evidence"}
    assert all(each["closed"] and each["status"] == "unconfirmed" for each in board["rows"])
    assert board["pillars"]["KTS"] == {"met": 0, "not_met": 0, "not_established": 0, "no_evidence": 3}
    assert [hamlet["unit"] for hamlet in board["hamlets"]] == ["31582/Ấp 1", "31582/Ấp 2"]


def test_one_share_is_held_against_two_thresholds_by_its_interval(conn: Connection) -> None:
    for unit in (closed.HAMLET, closed.HAMLET + 1):
        answer(conn, 96, unit, {"so_suc_khoe": "co"})
        answer(conn, 64, unit, {"so_suc_khoe": "chua"})
    basic, advanced = row(conn, "15.4", set_id="xa-ntm-2021-2025"), row(conn, "14.4")
    assert (basic["threshold"], basic["operator"], basic["answers"]) == (0.5, ">=", 320)
    assert basic["value"] == 0.6 and 0.5 < basic["low"] < 0.6 < basic["high"] < 0.7
    assert (basic["verdict"], advanced["verdict"]) == ("met", "not_met")
    hamlet = row(conn, "15.4", "31582/Ấp 1", "xa-ntm-2021-2025")
    assert hamlet["answers"] == 160 and hamlet["value"] == 0.6


@pytest.mark.both_stores
def test_an_interval_across_the_threshold_waits_for_a_document_and_a_contradiction_for_another(
    stored: Connection,
) -> None:
    answer(stored, 13, closed.HAMLET, {"so_suc_khoe": "co"})
    answer(stored, 7, closed.HAMLET, {"so_suc_khoe": "chua"})
    assert row(stored, "14.4")["verdict"] == "not_established"
    note(stored, "14.4", value=0.71)
    found = row(stored, "14.4")
    assert found["verdict"] == "met" and found["value"] == 0.65
    assert "71,00%" in found["evidence"][1]["text"] and "Báo cáo 12/BC-UBND" in found["evidence"][1]["text"]
    answer(stored, 80, closed.HAMLET + 1, {"so_suc_khoe": "chua"})
    assert row(stored, "14.4")["verdict"] == "not_established"


def test_few_ballots_of_a_hamlet_are_not_told(conn: Connection) -> None:
    answer(conn, 9, closed.HAMLET, {"so_suc_khoe": "co"})
    answer(conn, 60, closed.HAMLET + 1, {"so_suc_khoe": "co"})
    found = row(conn, "14.4", "31582/Ấp 1")
    assert (found["value"], found["low"], found["verdict"]) == (None, None, "not_established")


def test_what_a_commune_has_is_shown_by_residents_and_decided_by_a_document(conn: Connection) -> None:
    answer(conn, 30, closed.HAMLET, {"internet": "ca_hai", "buu_dien": "da_nho", "buu_dien_hai_long": "hai_long"})
    answer(conn, 70, closed.HAMLET + 1, {"internet": "khong", "buu_dien": "khong_biet"})
    found = row(conn, "8.1")
    assert (found["verdict"], found["value"], found["threshold"]) == ("not_established", 0.3, "has")
    assert "100,00% của 30 người trả lời" in found["evidence"][1]["text"]
    note(conn, "8.1", says="has")
    assert row(conn, "8.1")["verdict"] == "met"
    note(conn, "8.1", says="has_not")
    assert row(conn, "8.1")["verdict"] == "not_met"
    note(conn, "8.1", says="unknown")
    assert row(conn, "8.1")["verdict"] == "not_established"


def test_places_are_listed_as_often_as_residents_name_them(conn: Connection) -> None:
    conn.execute(insert(Closing).values(round_id=1, step="done", ballots=70, begun_at=closed.NOW))
    chosen = {"wifi": {"uy_ban": 33, "cho": 9, "khong_thay": 30}, "nop_nho_giup": {"tu_lam": 12}}
    for unit, ballots, choices in ((closed.HAMLET, 60, chosen), (closed.HAMLET + 1, 10, {"wifi": {"uy_ban": 7}})):
        row_values = {"unit_id": unit, "mode": "self", "ballots": ballots, "choices": choices, "content": {}}
        conn.execute(insert(UnitTally).values(round_id=1, **row_values))
    found = row(conn, "8.5")
    told = {each["choice"]: each["count"] for each in found["evidence"]}
    assert told["uy_ban"] == 40 and told["cho"] is None and told["tram_y_te"] is None
    assert "Ủy ban xã: 40 phiếu trong 70" in found["evidence"][0]["text"] and found["verdict"] == "not_established"
    helped = [each["count"] for each in row(conn, "15.2")["evidence"] if each["kind"] == "choices"]
    assert helped == [12, None]
    assert row(conn, "8.5", "31582/Ấp 1")["evidence"] == []


def test_places_are_noted_one_by_one(conn: Connection) -> None:
    note(conn, "8.5", says="has_not", about="Chợ")
    assert row(conn, "8.5")["verdict"] == "not_met"
    note(conn, "8.5", says="has", about="Ủy ban xã")
    found = row(conn, "8.5")
    assert found["verdict"] == "met" and [each["about"] for each in found["evidence"]] == ["Chợ", "Ủy ban xã"]


def test_the_satisfaction_survey_is_evidence_once_it_is_published(conn: Connection) -> None:
    form = read_form(shipped_forms()["ntm-hai-long"])
    conn.execute(update(FormVersion).values(name=form.name, digest=form.digest, definition=form.to_dict()))
    answer(conn, 40, closed.HAMLET, {"chung": "hai_long"})
    assert row(conn, "8.4")["verdict"] == "not_established"
    conn.execute(update(Round).values(state="published"))
    found = row(conn, "8.4")
    assert (found["verdict"], found["value"], found["answers"]) == ("met", 1.0, 40)
    [evidence] = found["evidence"]
    assert evidence["coverage"] == 0.1 and "10,00%" in evidence["text"] and "đã công bố" in evidence["text"]
    assert "Mặt trận" in found["caveat"]
    assert row(conn, "8.4", set_id="xa-ntm-2021-2025")["verdict"] == "not_established"  # a round is one use of it


def test_before_the_close_a_round_shows_its_coverage_only(conn: Connection) -> None:
    answer(conn, 40, closed.HAMLET, {"so_suc_khoe": "co"})
    conn.execute(update(Round).values(state="open"))
    assert row(conn, "14.4")["verdict"] == "no_evidence"


def test_a_commune_has_a_smart_hamlet_where_one_of_them_is(conn: Connection) -> None:
    note(conn, "xa-ntm-kieu-mau-2021-2025/3", closed.HAMLET + 1, says="has")
    found = row(conn, "3", set_id="xa-ntm-kieu-mau-2021-2025")
    assert found["verdict"] == "met"
    assert [(part["unit"], part["verdict"]) for part in found["evidence"]] == [
        ("31582/Ấp 1", "no_evidence"),
        ("31582/Ấp 2", "met"),
    ]


def test_the_pillars_stand_side_by_side_and_a_document_decides(conn: Connection) -> None:
    note(conn, f"{ADVANCED}/15.2", says="has")
    found = row(conn, "8", set_id="xa-ntm-kieu-mau-2021-2025")
    assert found["verdict"] == "not_established"
    assert [(each["pillar"], each["met"]) for each in found["evidence"]] == [("CQS", 1), ("KTS", 0), ("XHS", 0)]


def test_a_closed_district_row_is_rolled_up_from_its_former_communes(conn: Connection) -> None:
    note(conn, f"{ADVANCED}/15.2", says="has")
    found = row(conn, "9.5", set_id="huyen-ntm-2021-2025")
    assert found["verdict"] == "not_established" and found["district"] == ", ".join(DISTRICT)
    assert [(part["unit"], part["former"]) for part in found["evidence"]] == [
        ("31582", ["Xã Phú Tân"]),
        ("31594", ["Xã An Ninh"]),
    ]
    note(conn, f"{ADVANCED}/15.2", NEIGHBOUR, says="has")
    board = scoreboard(conn, "huyện châu thành", today=TODAY)
    assert [(each["code"], each["verdict"]) for each in board["rows"]] == [("9.5", "met"), ("9.2", "met")]
    note(conn, "9.2", NEIGHBOUR, says="has_not")
    board = scoreboard(conn, ", ".join(DISTRICT), today=TODAY)
    assert [each["verdict"] for each in board["rows"]] == ["met", "not_established"]


REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("8.1", {"says": "has", "document": " "}, "tên văn bản"),
    ("8.1", {"says": "has", "by": ""}, "người nhập"),
    ("8.1", {"says": "has", "dated": date(2027, 1, 1)}, "chưa tới"),
    ("8.1", {}, "has_not"),
    ("8.1", {"says": "has", "value": 0.5}, "không nhận tỷ lệ"),
    ("14.4", {"says": "has"}, "cần tỷ lệ"),
    ("14.4", {"value": 1.2}, "từ 0 đến 1"),
    ("8.1", {"says": "has", "unit": 999}, "một xã hoặc một ấp"),
)


@pytest.mark.parametrize(("name", "values", "words"), REFUSED)
def test_a_note_without_what_makes_it_evidence_is_refused(
    conn: Connection, name: str, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(CriteriaError, match=words):
        note(conn, name, **values)
    assert row(conn, name)["evidence"] == []


def test_a_place_without_a_scoreboard_is_named(conn: Connection) -> None:
    with pytest.raises(CriteriaError, match="không có huyện cũ"):
        scoreboard(conn, "Huyện Không Có", today=TODAY)
    assert isinstance(datetime.fromisoformat(row(conn, "9.5", set_id="huyen-ntm-2021-2025")["valid_to"]), datetime)
