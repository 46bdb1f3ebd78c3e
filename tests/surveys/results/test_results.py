import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert, update

from storage.tables import Ballot, Base, FormVersion, Interview, Person, Round, RoundUnit, Unit
from surveys.errors import SurveyError
from surveys.forms.form import Form, Option, Question
from surveys.results.results import counts
from surveys.results.results import score as read_score
from surveys.rounds.coverage import coverage
from surveys.rounds.states import ANSWERS_OPEN, RoundState
from surveys.rounds.units import round_units
from surveys.rules.rule_sets import read_rule

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PROVINCE, COMMUNE, FIRST, SECOND, TENTH, OTHER = 1, 2, 3, 4, 5, 6
CHOICES = (
    Option("co", {"vi": "Hài lòng"}, True),
    Option("khong", {"vi": "Chưa hài lòng"}, False),
    Option("y_kien_khac", {"vi": "Ý kiến khác"}),
)
FORM = Form(
    name="thu",
    title={"vi": "Thử"},
    languages=("vi",),
    questions=(
        Question("duong", "select_one", {"vi": "Đường", "en": "Roads"}, options=CHOICES, role="content"),
        Question("truong", "select_one", {"vi": "Trường"}, options=CHOICES, role="content"),
        Question("chung", "select_one", {"vi": "Hài lòng chung"}, options=CHOICES, role="overall"),
        Question("ly_do", "text", {"vi": "Lý do"}, role="reason"),
        Question("tuoi", "select_one", {"vi": "Tuổi"}, options=(Option("tre", {"vi": "Trẻ"}),), role="profile"),
    ),
)


def score(connection: Connection, key: str | int, **options: Any) -> dict[str, Any]:
    """The scores as the command prints them."""
    return read_score(connection, key, **options).to_json()


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        units = [
            (PROVINCE, "province", "92", "Cần Thơ", None, None),
            (COMMUNE, "commune", "31582", "Thuận Hòa", PROVINCE, 300),
            (TENTH, "hamlet", "31582", "Ấp 10", COMMUNE, 100),
            (SECOND, "hamlet", "31582", "Ấp 2", COMMUNE, 100),
            (FIRST, "hamlet", "31582", "Ấp 1", COMMUNE, 100),
            (OTHER, "commune", "31615", "An Thạnh", PROVINCE, 500),
        ]
        keys = ("id", "level", "code", "name", "parent_id", "households")
        for unit in units:
            connection.execute(insert(Unit).values(valid_from=date(2025, 7, 1), **dict(zip(keys, unit, strict=True))))
        connection.execute(
            insert(FormVersion).values(
                id=1, name=FORM.name, digest=FORM.digest, definition=FORM.to_dict(), imported_at=NOW
            )
        )
        add_round(connection, 1, COMMUNE, state="closed")
        yield connection
    engine.dispose()


def add_round(connection: Connection, id: int, unit: int, **values: Any) -> None:
    rule = read_rule("xa-nang-cao-chua-xac-nhan")
    row = {
        "id": id,
        "name": f"Đợt {id}",
        "code": f"ma{id}",
        "form_id": 1,
        "rule": rule.id,
        "rule_definition": rule.to_dict(),
        "counts": "household",
        "created_at": NOW,
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=20),
    }
    connection.execute(insert(Round).values(row | values))
    connection.execute(insert(RoundUnit).values(round_id=id, unit_id=unit))


def add_ballots(connection: Connection, ballots: list[tuple[int, str, dict[str, Any]]]) -> None:
    connection.execute(
        insert(Ballot),
        [
            {
                "round_id": 1,
                "tag": number.to_bytes(16),
                "unit_id": unit,
                "mode": mode,
                "submitted": True,
                "answers": answers,
            }
            for number, (unit, mode, answers) in enumerate(ballots)
        ],
    )


def add_interviews(connection: Connection, round_id: int, units: list[tuple[int, str]]) -> None:
    for person, (unit, state) in enumerate(units, 1000):
        connection.execute(
            insert(Person).values(id=person, language="vi", consent=True, shown=[], created_at=NOW, seen_at=NOW)
        )
        connection.execute(
            insert(Interview).values(
                person_id=person, round_id=round_id, unit_id=unit, state=state, mode="self", started_at=NOW
            )
        )


def by_key(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {unit["unit"]: unit for unit in result["units"]}


def test_a_round_asks_its_commune_and_every_hamlet_below_in_natural_order(conn: Connection):
    assert [unit.key for unit in round_units(conn, 1)] == [
        "31582",
        "31582/Ấp 1",
        "31582/Ấp 2",
        "31582/Ấp 10",
    ]


def test_a_whole_province_is_asked_with_everything_below(conn: Connection):
    add_round(conn, 2, PROVINCE, state="open")
    assert [unit.key for unit in round_units(conn, 2)][:2] == ["92", "31582"]
    assert len(round_units(conn, 2)) == 6


def test_a_unit_without_its_own_number_of_households_has_that_of_the_units_below(conn: Connection):
    add_round(conn, 2, PROVINCE, state="open")
    assert round_units(conn, 2)[0].households == 800
    conn.execute(update(Unit).where(Unit.id == OTHER).values(households=None))
    assert round_units(conn, 2)[0].households is None


def test_a_hamlet_that_ended_before_the_round_is_not_asked(conn: Connection):
    conn.execute(update(Unit).where(Unit.id == TENTH).values(valid_to=date(2026, 1, 1)))
    conn.execute(update(Unit).where(Unit.id == SECOND).values(valid_to=date(2026, 11, 20)))
    assert [unit.id for unit in round_units(conn, 1)] == [COMMUNE, FIRST, SECOND]


def test_results_equal_a_count_by_hand_on_random_ballots(conn: Connection):
    chance = random.Random(8)
    answers = ["co", "co", "co", "khong", "y_kien_khac", None, "absent"]
    ballots = []
    for _ in range(500):
        given = {name: chance.choice(answers) for name in ("duong", "truong", "chung")}
        given = {name: answer for name, answer in given.items() if answer != "absent"}
        place = chance.choice([COMMUNE, FIRST, SECOND])
        ballots.append((place, chance.choice(["self", "paper", "kiosk"]), given | {"ly_do": "=1+1"}))
    add_ballots(conn, ballots)
    units = by_key(score(conn, 1))
    for key, places in {
        "31582": (COMMUNE, FIRST, SECOND),
        "31582/Ấp 1": (FIRST,),
        "31582/Ấp 2": (SECOND,),
        "31582/Ấp 10": (),
    }.items():
        mine = [(mode, given) for place, mode, given in ballots if place in places]
        unit = units[key]
        assert unit["ballots"] == len(mine)
        for question in unit["questions"]:
            said = [given.get(question["name"]) for _, given in mine]
            assert question["satisfied"] == said.count("co")
            assert question["not_satisfied"] == said.count("khong")
            assert question["blank"] == len(said) - said.count("co") - said.count("khong")
        assert {mode: one["ballots"] for mode, one in unit["by_mode"].items()} == {
            mode: sum(other == mode for other, _ in mine) for mode in sorted({mode for mode, _ in mine})
        }
        if mine:
            on_both = sum(given.get("duong") == given.get("truong") == "co" for _, given in mine)
            assert unit["all_satisfied"]["rate"] == on_both / len(mine)
            rates = [question["rate"] for question in unit["questions"][:2]]
            assert unit["content_mean"]["rate"] == pytest.approx(sum(rates) / 2)


def test_only_questions_with_satisfied_choices_are_scored_and_labelled_in_vietnamese(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {"duong": "co", "tuoi": "tre"})])
    questions = by_key(score(conn, 1))["31582"]["questions"]
    assert [(question["name"], question["label"]) for question in questions] == [
        ("duong", "Đường"),
        ("truong", "Trường"),
        ("chung", "Hài lòng chung"),
    ]


def test_answers_that_make_no_sense_count_as_blank(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {"duong": ["co"], "truong": 1, "chung": "khong_co_lua_chon_nay"})] * 10)
    assert [question["blank"] for question in by_key(score(conn, 1))["31582"]["questions"]] == [10, 10, 10]


def test_a_ballot_that_was_not_handed_in_counts_nowhere(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {"duong": "co"})])
    conn.execute(update(Ballot).values(submitted=False))
    assert by_key(score(conn, 1))["31582"]["ballots"] == 0


def test_ballots_from_elsewhere_are_left_out_and_named(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {"duong": "co"}), (OTHER, "self", {"duong": "co"})])
    result = score(conn, 1)
    assert by_key(result)["31582"]["ballots"] == 1
    assert "1 phiếu ở đơn vị ngoài đợt" in result["note"]


def test_a_published_round_is_scored_like_a_closed_one(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {"duong": "co"})])
    closed = score(conn, 1)
    conn.execute(update(Round).values(state="published"))
    assert score(conn, 1) == closed | {"state": "published"}


def test_a_round_is_found_by_name_and_by_code(conn: Connection):
    assert score(conn, "Đợt 1") == score(conn, "ma1") == score(conn, 1)


def test_the_result_names_its_rule_and_can_be_written_as_json(conn: Connection):
    result = score(conn, 1)
    assert (result["round"], result["rule"], result["status"]) == (1, "xa-nang-cao-chua-xac-nhan", "unconfirmed")
    assert result["counts"] == "household"
    assert "chưa được xác nhận" in result["note"]
    assert json.loads(json.dumps(result)) == result


def test_a_round_of_persons_says_so(conn: Connection):
    conn.execute(update(Round).values(counts="person"))
    assert "mỗi người một phiếu" in score(conn, 1)["note"]


@pytest.mark.parametrize("state", [state for state in RoundState if state not in ANSWERS_OPEN])
def test_before_the_close_there_is_coverage_and_no_answer(conn: Connection, state: RoundState):
    conn.execute(update(Round).values(state=state))
    add_ballots(conn, [(FIRST, "self", {"duong": "co"})] * 5)
    add_interviews(conn, 1, [(FIRST, "submitted"), (FIRST, "started"), (SECOND, "started")])
    result = score(conn, 1)
    units = by_key(result)
    assert "sau khi đóng đợt" in result["note"]
    assert {key: unit["ballots"] for key, unit in units.items()} == {
        "31582": 5,
        "31582/Ấp 1": 5,
        "31582/Ấp 2": 0,
        "31582/Ấp 10": 0,
    }
    assert units["31582"]["coverage"] == pytest.approx(5 / 300)
    for unit in units.values():
        assert (unit["questions"], unit["by_mode"]) == ([], {})
        assert unit["content_mean"] is unit["overall"] is unit["all_satisfied"] is None
        assert [mark["mark"] for mark in unit["marks"]] == ["coverage"]
    with pytest.raises(SurveyError, match="sau khi đóng"):
        counts(conn, 1, FORM, round_units(conn, 1))


def test_coverage_after_the_close_comes_from_the_ballots(conn: Connection):
    add_ballots(conn, [(FIRST, "self", {}), (FIRST, "paper", {}), (COMMUNE, "self", {})])
    assert {unit.key: unit.ballots for unit in coverage(conn, 1)} == {
        "31582": 3,
        "31582/Ấp 1": 2,
        "31582/Ấp 2": 0,
        "31582/Ấp 10": 0,
    }


def test_an_unknown_round_is_refused(conn: Connection):
    for read in (score, coverage):
        with pytest.raises(SurveyError, match="không có đợt"):
            read(conn, 99)


def answered(unit: int, satisfied: int, not_satisfied: int) -> list[tuple[int, str, dict[str, Any]]]:
    return [(unit, "self", {"chung": "co"})] * satisfied + [(unit, "self", {"chung": "khong"})] * not_satisfied


def test_a_round_of_several_communes_is_scored_as_a_whole_too(conn: Connection) -> None:
    conn.execute(insert(RoundUnit).values(round_id=1, unit_id=OTHER))
    add_ballots(
        conn, answered(FIRST, 30, 10) + answered(SECOND, 40, 0) + answered(TENTH, 20, 5) + answered(OTHER, 90, 5)
    )
    result = score(conn, 1)
    whole = result["whole"]
    assert (whole["level"], whole["name"], whole["households"], whole["ballots"]) == ("round", "Đợt 1", 800, 200)
    assert whole["coverage"] == 0.25 and whole["overall"]["rate"] == 180 / 200
    weighted = (100 * 30 / 40 + 100 * 1 + 100 * 20 / 25 + 500 * 90 / 95) / 800
    assert whole["overall"]["stratified"] == pytest.approx(weighted) and len(whole["marks"]) > 1
    assert [unit["unit"] for unit in result["units"] if unit["level"] == "commune"] == ["31582", "31615"]
    conn.execute(update(Round).values(state="open"))
    assert score(conn, 1)["whole"]["ballots"] == 200 and score(conn, 1)["whole"]["questions"] == []


def test_a_round_of_one_commune_is_that_commune(conn: Connection) -> None:
    add_ballots(conn, answered(FIRST, 30, 10))
    result = score(conn, 1)
    assert result["whole"] == result["units"][0] and result["whole"]["unit"] == "31582"


def test_a_small_commune_cannot_be_worked_out_of_the_whole(conn: Connection) -> None:
    conn.execute(insert(RoundUnit).values(round_id=1, unit_id=OTHER))
    add_ballots(conn, answered(FIRST, 30, 10) + answered(SECOND, 40, 20) + answered(OTHER, 3, 2))
    result = score(conn, 1, public=True)
    communes = [unit for unit in result["units"] if unit["level"] == "commune"]
    assert result["whole"]["overall"]["rate"] == 73 / 105
    assert [unit["overall"]["rate"] for unit in communes] == [None, None]


def test_wholes_are_compared_where_both_rounds_ask_the_same_communes(conn: Connection) -> None:
    conn.execute(insert(RoundUnit).values(round_id=1, unit_id=OTHER))
    add_round(conn, 2, COMMUNE, state="closed")
    assert score(conn, 1, against=2)["compared"]["whole"] is None
    conn.execute(insert(RoundUnit).values(round_id=2, unit_id=OTHER))
    found = score(conn, 1, against=2)["compared"]
    assert found["whole"]["level"] == "round" and found["units"][0]["unit"] == "31582"
