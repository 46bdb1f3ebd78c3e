"""Who is in charge of what."""

import unicodedata
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Staff
from surveys.errors import SurveyError
from surveys.permissions import StaffMember, closing_pair, find_staff_member, rounds_in_charge, targets

# One name as different hands type it.
TYPED = ("Nguyễn Thị Đào", unicodedata.normalize("NFD", " Nguyễn  Thị Đào"), "nguyễn thị đào", "NGUYỄN THỊ ĐÀO\t")


def official(village: Village, name: str, *, role: str = "official", unit: str | None = THUAN_HOA) -> StaffMember:
    values = {"name": name, "role": role, "password": "", "created_at": datetime.now(UTC)}
    with village.database.transaction() as connection:
        connection.execute(insert(Staff).values(unit_id=village.unit(unit) if unit else None, **values))
        return find_staff_member(connection, name)


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
