"""The two people who close a round."""

import unicodedata
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Staff
from surveys.closing.pair import closing_pair
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


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize(
    ("role", "unit", "why"),
    [
        ("official", THUAN_HOA, ""),
        ("official", "92", ""),
        ("official", None, ""),
        ("official", AN_THANH, "không phụ trách"),
        ("official", f"{THUAN_HOA}/Ấp 1 (mẫu)", "không phụ trách"),
        ("staff", THUAN_HOA, "vai trò staff"),
        ("helper", THUAN_HOA, "vai trò helper"),
    ],
)
def test_who_may_close_does_not_hang_on_how_the_name_is_typed(
    village: Village, typed: str, role: str, unit: str | None, why: str
) -> None:
    official(village, "Mai")
    official(village, "Nguyễn Thị Đào", role=role, unit=unit)
    home = [village.unit(THUAN_HOA)]
    with village.database.transaction() as connection:
        for pair in (("Mai", typed), (typed, "mai")):
            if why:
                with pytest.raises(SurveyError, match=why):
                    closing_pair(connection, home, *pair)
            else:
                assert set(closing_pair(connection, home, *pair).names) == {"Mai", "Nguyễn Thị Đào"}


def test_one_person_is_not_two_and_a_name_without_an_account_is_nobody(village: Village) -> None:
    official(village, "Nguyễn Thị Đào")
    home = [village.unit(THUAN_HOA)]
    with village.database.transaction() as connection:
        for typed in (*TYPED, "", "  "):
            with pytest.raises(SurveyError, match="hai người khác nhau"):
                closing_pair(connection, home, "Nguyễn Thị Đào", typed)
        for pair in (("Nguyễn Thị Đào", "Không Ai"), ("Không Ai", "Nguyễn Thị Đào"), ("Không Ai", "Không Ai Cả")):
            with pytest.raises(
                SurveyError, match=r'“Không Ai” không có tài khoản .* staff add "Không Ai" --role official'
            ):
                closing_pair(connection, home, *pair)


def test_where_no_account_may_close_the_operator_names_the_two(village: Village) -> None:
    official(village, "Nhân", role="staff")
    official(village, "Lan", unit=AN_THANH)
    home = [village.unit(THUAN_HOA)]
    with village.database.transaction() as connection:
        pair = closing_pair(connection, home, " Bà  Sáu", "Ông Tư")
        assert (pair.names, pair.accounts) == (("Bà Sáu", "Ông Tư"), False)
        for name, why in (("nhân", "vai trò staff"), ("LAN", "không phụ trách")):
            with pytest.raises(SurveyError, match=why):
                closing_pair(connection, home, "Bà Sáu", name)
