"""Until when a request must be answered and done, and the register of them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection
from village import Village

from surveys.errors import SurveyError
from surveys.privacy.requests import (
    KINDS,
    Kind,
    deadlines,
    enter,
    fulfil,
    legal_deadlines,
    read_deadlines,
    register,
    settle,
    whose,
)

NOON = datetime(2026, 11, 2, 5, tzinfo=UTC)  # a Monday in Vietnam


def test_the_laws_deadlines_come_with_their_source_and_are_not_passed_off_as_confirmed() -> None:
    law = legal_deadlines()
    assert law.answer == 2 and law.done == {"see": 10, "correct": 10, "withdraw": 15, "delete": 20}
    assert "356/2025" in law.basis and law.source.startswith("https://") and law.status == "unconfirmed"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"status": "surely"}, "status"),
        ({"valid_from": "2026"}, "valid_from"),
        ({"answer_working_days": 0}, "answer_working_days"),
        ({"answer_working_days": "two"}, "answer_working_days"),
        ({"delete": 20}, "delete"),
        ({"delete": {"days": True}}, "days"),
        ({"delete": {"days": 20, "weeks": 3}}, "weeks"),
        ({"forget": {"days": 20}}, "forget"),
    ],
)
def test_wrong_deadlines_are_refused_by_file_and_key(changes: dict[str, object], key: str) -> None:
    law = {"title": "Thử", "basis": "Luật", "source": "Báo", "status": "unconfirmed", "valid_from": "2026-01-01"}
    right = {**law, "answer_working_days": 2, **{kind: {"days": 10} for kind in KINDS}}
    assert read_deadlines(right).done == dict.fromkeys(KINDS, 10)
    with pytest.raises(SurveyError, match=key) as refused:
        read_deadlines(right | changes)
    assert "deadlines.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("received", "answer_by", "why"),
    [
        (NOON, date(2026, 11, 4), "two days on"),
        (datetime(2026, 11, 5, 5, tzinfo=UTC), date(2026, 11, 9), "over a weekend"),
        (datetime(2026, 11, 1, 18, tzinfo=UTC), date(2026, 11, 4), "Monday already in Vietnam"),
        (datetime(2026, 4, 29, 5, tzinfo=UTC), date(2026, 5, 5), "30 April, 1 May and a weekend between"),
        (datetime(2026, 12, 31, 5, tzinfo=UTC), date(2027, 1, 5), "over the new year"),
    ],
)
def test_an_answer_is_due_within_two_working_days(received: datetime, answer_by: date, why: str) -> None:
    assert deadlines("see", received)[0] == answer_by, why


@pytest.mark.parametrize(
    ("kind", "done_by"),
    [
        ("see", date(2026, 11, 12)),
        ("correct", date(2026, 11, 12)),
        ("withdraw", date(2026, 11, 17)),
        ("delete", date(2026, 11, 22)),
    ],
)
def test_each_right_has_its_own_last_day(kind: Kind, done_by: date) -> None:
    assert deadlines(kind, NOON)[1] == done_by


def test_the_register_lists_the_most_urgent_first_and_says_what_is_late(village: Village) -> None:
    with village.database.transaction() as connection:
        for kind in reversed(KINDS):
            enter(connection, kind, "abc", via="office", received=NOON)
        settle(connection, 1, NOON, done=False)  # the deletion was answered
        states = {
            day: [row.state(datetime(2026, 11, day, 5, tzinfo=UTC)) for row in register(connection)]
            for day in (3, 4, 5, 12, 23)
        }
        kinds = [row.kind for row in register(connection)]
    assert kinds == ["correct", "see", "withdraw", "delete"]
    assert states[3] == ["waiting"] * 4
    assert states[4] == ["due"] * 3 + ["waiting"]
    assert states[5] == states[12] == ["overdue"] * 3 + ["waiting"]
    assert states[23] == ["overdue"] * 4


def test_doing_it_settles_what_waits_instead_of_entering_it_twice(village: Village) -> None:
    def rows(connection: Connection) -> list[tuple[int, str]]:
        return [(row.id, row.state(NOON)) for row in register(connection, everything=True)]

    with village.database.transaction() as connection:
        number = enter(connection, "see", "abc", via="office", received=NOON)
        fulfil(connection, "see", "abc", via="telegram", now=NOON)
        fulfil(connection, "see", "xyz", via="telegram", now=NOON)
        assert rows(connection) == [(number, "done"), (number + 1, "done")]
        assert register(connection, owner="abc") == []
        with pytest.raises(SurveyError, match="đã xong từ trước"):
            settle(connection, number, NOON, done=True)
        with pytest.raises(SurveyError, match="không có yêu cầu số 99"):
            settle(connection, 99, NOON, done=True)


def test_the_register_knows_somebody_by_a_hash_that_needs_the_programs_key() -> None:
    assert whose(b"a" * 32, "telegram", "4711") == whose(b"a" * 32, "telegram", "4711")
    assert len({whose(key, "telegram", "4711") for key in (b"a" * 32, b"b" * 32)}) == 2
