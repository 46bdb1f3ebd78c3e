"""The life of a round, and whom it invites."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from village import AN_THANH, FORM, THUAN_HOA, Village

from storage.tables import Address, Delivery, FormVersion, Person, Round, RoundUnit
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.rounds.rounds import create_round, find_round, open_round, store_form
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import SecretGone

pytestmark = pytest.mark.both_stores

NOW = datetime.now(UTC)


def make(village: Village, **changes: Any) -> int:
    values = {
        "name": "Đợt", "form": FORM, "rule": read_rule("xa-nang-cao-chua-xac-nhan"), "units": [village.unit(THUAN_HOA)],
        "opens": NOW, "closes": NOW + timedelta(days=1), "counts": "person", "now": NOW,
    } | changes  # fmt: skip
    with village.database.transaction() as connection:
        return create_round(connection, **values)


def look(village: Village, key: str | int) -> Any:
    return village.database.read_now(lambda connection: find_round(connection, key))


def invited(village: Village, row: Any) -> list[str]:
    village.open(row.id)
    return sorted(each.address for each in village.rows(Delivery) if each.round_id == row.id)


def test_a_round_is_found_by_number_name_and_code(village: Village) -> None:
    number = make(village)
    row = look(village, number)
    assert look(village, "Đợt").id == look(village, row.code).id == look(village, f" {number} ").id == number
    for key in ("", "none", "0", "-1", "9" * 40, "²"):
        with pytest.raises(SurveyError, match="không có đợt nào"):
            look(village, key)


def test_a_new_round_is_a_draft_with_a_code_nobody_guesses_and_its_rule_frozen(village: Village) -> None:
    row = look(village, make(village))
    assert row.state == "draft" and len(row.code) == 10 and row.rule_definition["title"]
    assert [unit.unit_id for unit in village.rows(RoundUnit)] == [village.unit(THUAN_HOA)]
    assert look(village, make(village, name="Đợt hai")).code != row.code


def test_the_same_questions_are_stored_once_and_changed_ones_anew(village: Village) -> None:
    with village.database.transaction() as connection:
        first = store_form(connection, FORM, NOW)
        assert store_form(connection, Form.from_dict(FORM.to_dict()), NOW) == first
        changed = Form.from_dict({**FORM.to_dict(), "title": {"vi": "Khác"}})
        assert store_form(connection, changed, NOW) != first
    assert len(village.rows(FormVersion)) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "  "}, "tên đợt"),
        ({"name": "x" * 201}, "tên đợt"),
        ({"units": []}, "ít nhất một đơn vị"),
        ({"opens": NOW - timedelta(hours=1)}, "giờ mở đợt đã qua"),
        ({"closes": NOW}, "giờ đóng"),
        ({"opens": NOW + timedelta(days=2)}, "giờ đóng"),
    ],
)
def test_a_round_that_makes_no_sense_is_not_made(village: Village, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(SurveyError, match=reason):
        make(village, **changes)
    assert village.rows(Round) == [] and village.rows(FormVersion) == []


def test_a_name_is_taken_once_whatever_its_spaces(village: Village) -> None:
    make(village)
    with pytest.raises(SurveyError, match="đã có đợt tên"):
        make(village, name=" Đợt ")


def test_a_unit_named_twice_is_asked_once(village: Village) -> None:
    home = village.unit(THUAN_HOA)
    make(village, units=[home, home])
    assert len(village.rows(RoundUnit)) == 1


def test_opening_makes_the_secret_and_happens_once(village: Village) -> None:
    row = village.draft("Đợt")
    village.open(row.id)
    assert look(village, row.id).state == "open" and len(village.vault.round_secret(row.code)) == 32
    with pytest.raises(SurveyError, match="không mở được"):
        village.open(row.id)


def test_a_round_whose_time_is_over_is_not_opened(village: Village) -> None:
    row = village.draft("Đợt")
    with village.database.transaction() as connection, pytest.raises(SurveyError, match="đã quá giờ đóng"):
        open_round(connection, village.vault, row.id, row.closes_at)
    assert look(village, row.id).state == "draft"


def test_a_round_that_cannot_be_opened_leaves_no_secret(village: Village) -> None:
    row = village.round("Đợt")
    village.close(row.id)
    with pytest.raises(SurveyError, match="không mở được"):
        village.open(row.id)
    with pytest.raises(SecretGone):
        village.vault.round_secret(row.code)


def test_everybody_who_agreed_and_lives_there_is_invited_once(village: Village) -> None:
    village.settle("1", "2")
    village.settle("3", unit=AN_THANH)
    village.settle("4", consent=False)
    village.settle("5", consent=None)
    village.settle("6", stopped=True)
    village.settle("7", hamlet_id=village.unit(f"{THUAN_HOA}/Ấp 2 (mẫu)"))
    assert invited(village, village.draft("Đợt")) == ["1", "2", "7"]
    assert {(row.state, row.kind, row.urgency, row.payload) for row in village.rows(Delivery)} == {
        ("pending", "invite", 2, None)
    }


def test_a_round_in_one_hamlet_invites_that_hamlet(village: Village) -> None:
    hamlet = f"{THUAN_HOA}/Ấp 2 (mẫu)"
    village.settle("1", hamlet_id=village.unit(hamlet))
    village.settle("2", hamlet_id=village.unit(f"{THUAN_HOA}/Ấp 3 (mẫu)"))
    village.settle("3")
    assert invited(village, village.draft("Đợt", units=[hamlet])) == ["1"]


def test_a_round_in_the_whole_province_invites_all_its_communes(village: Village) -> None:
    village.settle("1")
    village.settle("2", unit=AN_THANH)
    assert invited(village, village.draft("Đợt", units=["92"])) == ["1", "2"]


def test_overlapping_units_invite_nobody_twice(village: Village) -> None:
    hamlet = f"{THUAN_HOA}/Ấp 2 (mẫu)"
    village.settle("1", hamlet_id=village.unit(hamlet))
    assert invited(village, village.draft("Đợt", units=["92", THUAN_HOA, hamlet])) == ["1"]


def test_a_person_is_written_to_at_the_address_used_first_that_can_be_reached(village: Village) -> None:
    village.settle("1")
    home = village.rows(Person)[0].id
    with village.database.transaction() as connection:
        for number, (channel, reachable) in enumerate((("telegram", False), ("zalo", True), ("web", True)), 2):
            where = {"channel": channel, "address": str(number), "reachable": reachable}
            since = NOW - timedelta(days=number)
            connection.execute(Address.__table__.insert(), [{**where, "person_id": home, "since": since}])
    assert invited(village, village.draft("Đợt")) == ["3"]
    with village.database.transaction() as connection:
        connection.execute(update(Address).values(reachable=False))
    assert invited(village, village.draft("Đợt hai")) == []
