"""Who is in charge of what."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from village import AN_THANH, THUAN_HOA, Village

from places.units import Territory
from storage.tables import Staff
from surveys.errors import SurveyError
from surveys.permissions import (
    StaffMember,
    anybody_may,
    may,
    may_around,
    read_member,
    require_permission,
    rounds_in_charge,
    targets,
)
from surveys.roles import ALLOWED, Deed, Role
from surveys.staff_accounts import find_staff_member


def official(village: Village, name: str, *, role: str = "official", unit: str | None = THUAN_HOA) -> StaffMember:
    values = {"name": name, "role": role, "password": "", "created_at": datetime.now(UTC)}
    with village.database.transaction() as connection:
        connection.execute(insert(Staff).values(unit_id=village.unit(unit) if unit else None, **values))
        return find_staff_member(connection, name)


def test_an_official_runs_rounds_in_their_unit_and_below_and_nowhere_else(village: Village) -> None:
    lan = official(village, "Lan")
    inside = [village.unit(THUAN_HOA), village.unit(f"{THUAN_HOA}/Ấp 1 (mẫu)")]
    with village.database.transaction() as connection:
        for deed in (Deed.SET_UP_ROUND, Deed.OPEN_ROUND, Deed.CLOSE_ROUND):
            require_permission(connection, lan, deed, inside)
            with pytest.raises(SurveyError, match="Lan không phụ trách Xã An Thạnh"):
                require_permission(connection, lan, deed, [*inside, village.unit(AN_THANH)])
        with pytest.raises(SurveyError, match="Lan không phụ trách Thành phố Cần Thơ"):
            require_permission(connection, lan, Deed.WATCH_SENDING, [village.unit("92")])


def test_staff_watch_and_helpers_do_neither(village: Village) -> None:
    staff, helper = official(village, "Nhân", role="staff"), official(village, "Hỗ", role="helper")
    home = [village.unit(THUAN_HOA)]
    with village.database.transaction() as connection:
        require_permission(connection, staff, Deed.WATCH_SENDING, home)
        with pytest.raises(SurveyError, match="vai trò staff"):
            require_permission(connection, staff, Deed.OPEN_ROUND, home)
        with pytest.raises(SurveyError, match="vai trò helper"):
            require_permission(connection, helper, Deed.WATCH_SENDING, home)


def test_a_refusal_says_in_one_sentence_who_what_and_which_role_may(village: Village) -> None:
    nhan, lan = official(village, "Nhân", role="staff"), official(village, "Lan")
    home, far = [village.unit(THUAN_HOA)], [village.unit(AN_THANH)]
    refused = {
        "Nhân có vai trò staff nên không làm được việc này: đóng đợt (làm được: official)": (
            (nhan, Deed.CLOSE_ROUND, home)
        ),
        "Lan có vai trò official nên không làm được việc này: thêm, bớt tài khoản (làm được: chỉ người vận hành)": (
            (lan, Deed.MANAGE_STAFF, home)
        ),
        "Lan không phụ trách Xã An Thạnh nên không làm được việc này: xuất phiếu ra tệp": (
            (lan, Deed.EXPORT_BALLOTS, far)
        ),
    }
    with village.database.transaction() as connection:
        for sentence, asked in refused.items():
            with pytest.raises(SurveyError) as error:
                require_permission(connection, *asked)
            assert str(error.value) == sentence


@pytest.mark.parametrize("role", Role)
def test_whoever_is_asked_the_answer_is_the_tables_at_home_and_no_elsewhere(village: Village, role: Role) -> None:
    member = official(village, "Lan", role=role.value)
    home, far = [village.unit(THUAN_HOA)], [village.unit(AN_THANH)]
    with village.database.transaction() as connection:
        for deed in Deed:
            assert may(connection, member, deed, home) == (deed in ALLOWED[role]) == anybody_may(connection, deed, home)
            assert not may(connection, member, deed, [*home, *far]) and not anybody_may(connection, deed, far)


def test_people_of_the_commune_around_are_a_helpers_too_and_those_of_another_are_not(village: Village) -> None:
    hamlet = f"{THUAN_HOA}/Ấp 1 (mẫu)"
    helper = official(village, "Hỗ", role="helper", unit=hamlet)
    with village.database.transaction() as connection:
        territory = Territory.read(connection)
        for unit_id in (village.unit(hamlet), village.unit(THUAN_HOA), None):
            assert may_around(territory, helper, Deed.ANSWER_TICKETS, unit_id)
            assert not may_around(territory, helper, Deed.REVIEW_QUESTIONS, unit_id)
        for elsewhere in (f"{THUAN_HOA}/Ấp 2 (mẫu)", AN_THANH):
            assert not may_around(territory, helper, Deed.ANSWER_TICKETS, village.unit(elsewhere))


def test_a_role_that_there_is_not_is_told_with_the_account_and_the_mend() -> None:
    with pytest.raises(SurveyError, match=r"tài khoản “Lan” có vai trò lạ “boss”.*official, staff, helper"):
        read_member((1, "Lan", "boss", None))


def test_rounds_across_foreign_units_are_not_theirs(village: Village) -> None:
    own = village.draft("Đợt một").id
    both = village.draft("Đợt hai", units=[THUAN_HOA, AN_THANH]).id
    lan, city, all_ = official(village, "Lan"), official(village, "Phố", unit="92"), official(village, "Hết", unit=None)
    helper = official(village, "Hỗ", role="helper", unit=None)
    watching = Deed.WATCH_SENDING
    with village.database.transaction() as connection:
        assert rounds_in_charge(connection, lan, watching) == [own]
        assert sorted(rounds_in_charge(connection, city, watching)) == [own, both]
        assert sorted(rounds_in_charge(connection, all_, watching)) == [own, both]
        assert rounds_in_charge(connection, helper, watching) == []
        assert targets(connection, both) == sorted([village.unit(THUAN_HOA), village.unit(AN_THANH)])
