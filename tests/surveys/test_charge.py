"""Who is in charge of what."""

import unicodedata
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from village import AN_THANH, THUAN_HOA, Village

from storage.models import Staff
from surveys.charge import Official, find_official, rounds_in_charge, targets
from surveys.errors import SurveyError


def official(village: Village, name: str, *, role: str = "official", unit: str | None = THUAN_HOA) -> Official:
    values = {"name": name, "role": role, "password": "", "created_at": datetime.now(UTC)}
    with village.database.transaction() as connection:
        connection.execute(insert(Staff).values(unit_id=village.unit(unit) if unit else None, **values))
        return find_official(connection, name)


def test_an_official_runs_rounds_in_their_unit_and_below_and_nowhere_else(village: Village) -> None:
    lan = official(village, "Lan")
    inside = [village.unit(THUAN_HOA), village.unit(f"{THUAN_HOA}/Ấp 1 (mẫu)")]
    with village.database.transaction() as connection:
        lan.must_run(connection, inside)
        with pytest.raises(SurveyError, match="Lan không phụ trách Xã An Thạnh"):
            lan.must_run(connection, [*inside, village.unit(AN_THANH)])
        with pytest.raises(SurveyError, match="Lan không phụ trách Thành phố Cần Thơ"):
            lan.must_watch(connection, [village.unit("92")])


def test_staff_watch_and_helpers_do_neither(village: Village) -> None:
    staff, helper = official(village, "Nhân", role="staff"), official(village, "Hỗ", role="helper")
    home = [village.unit(THUAN_HOA)]
    with village.database.transaction() as connection:
        staff.must_watch(connection, home)
        with pytest.raises(SurveyError, match="vai trò staff"):
            staff.must_run(connection, home)
        with pytest.raises(SurveyError, match="vai trò helper"):
            helper.must_watch(connection, home)


def test_rounds_across_foreign_units_are_not_theirs(village: Village) -> None:
    own = village.draft("Đợt một").id
    both = village.draft("Đợt hai", units=[THUAN_HOA, AN_THANH]).id
    lan, city, all_ = official(village, "Lan"), official(village, "Phố", unit="92"), official(village, "Hết", unit=None)
    with village.database.transaction() as connection:
        assert rounds_in_charge(connection, lan) == [own]
        assert sorted(rounds_in_charge(connection, city)) == sorted(rounds_in_charge(connection, all_)) == [own, both]
        assert targets(connection, both) == sorted([village.unit(THUAN_HOA), village.unit(AN_THANH)])


def test_a_name_is_found_whatever_the_keyboard_and_the_spaces(village: Village) -> None:
    official(village, "Nguyễn Thị Lan")
    typed = unicodedata.normalize("NFD", " Nguyễn  Thị Lan")
    with village.database.transaction() as connection:
        assert find_official(connection, typed).name == "Nguyễn Thị Lan"


def test_a_name_that_nobody_has_is_refused_where_somebody_must_have_it(village: Village) -> None:
    with village.database.transaction() as connection:
        assert find_official(connection, "Không Ai", known=False) is None
        with pytest.raises(SurveyError, match="không có cán bộ nào tên “Không Ai”"):
            find_official(connection, "Không Ai")
