"""Accounts by name, however the name is typed."""

import unicodedata
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Staff
from surveys.errors import SurveyError
from surveys.permissions import StaffMember
from surveys.staff_accounts import find_staff_member

# One name as different hands type it.
TYPED = ("Nguyễn Thị Đào", unicodedata.normalize("NFD", " Nguyễn  Thị Đào"), "nguyễn thị đào", "NGUYỄN THỊ ĐÀO\t")


def official(village: Village, name: str, *, role: str = "official", unit: str | None = THUAN_HOA) -> StaffMember:
    values = {"name": name, "role": role, "password": "", "created_at": datetime.now(UTC)}
    with village.database.transaction() as connection:
        connection.execute(insert(Staff).values(unit_id=village.unit(unit) if unit else None, **values))
        return find_staff_member(connection, name)


def test_a_name_is_found_whatever_the_keyboard_the_spaces_and_the_capitals(village: Village) -> None:
    official(village, "Nguyễn Thị Đào")
    with village.database.transaction() as connection:
        for typed in TYPED:
            assert find_staff_member(connection, typed).name == "Nguyễn Thị Đào"


def test_of_names_that_differ_in_capitals_only_the_one_as_it_is_stored_is_meant(village: Village) -> None:
    small, large = village.unit(THUAN_HOA), village.unit(AN_THANH)
    values = {"role": "official", "password": "", "created_at": datetime.now(UTC)}
    with village.database.transaction() as connection:
        rows = [{"name": "lan", "unit_id": small, **values}, {"name": "LAN", "unit_id": large, **values}]
        connection.execute(insert(Staff), rows)
        assert [find_staff_member(connection, name).unit_id for name in ("lan", "LAN")] == [small, large]
        assert find_staff_member(connection, "Lan", known=False) is None


def test_a_name_that_nobody_has_is_refused_where_somebody_must_have_it(village: Village) -> None:
    with village.database.transaction() as connection:
        assert find_staff_member(connection, "Không Ai", known=False) is None
        with pytest.raises(SurveyError, match="không có cán bộ nào tên “Không Ai”"):
            find_staff_member(connection, "Không Ai")
