"""Rows decide: processes that wake at the same moment never do a thing twice, one that was down catches up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from village import Village

from storage.database import Database
from storage.tables import Delivery, Reminder, Round
from surveys.rounds import lifecycle
from surveys.rounds.send_policy import Sending

pytestmark = pytest.mark.both_stores

HOUR = timedelta(hours=1)
PROCESSES = 4


def wake_together(village: Village, now: datetime, sending: Sending | None = None) -> list[str]:
    """What all of them did, each with a connection of its own."""

    def one(_: int) -> list[str]:
        database = Database(village.url)
        try:
            with database.transaction() as connection:
                return lifecycle.wake(connection, village.vault, now, sending or Sending())
        finally:
            database.close()

    with ThreadPoolExecutor(PROCESSES) as pool:
        return [done for each in pool.map(one, range(PROCESSES)) for done in each]


def test_a_round_is_opened_by_one_of_them(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 31)))
    keys = [village.draft(f"Đợt {number}").id for number in range(3)]
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(opens_at=now + HOUR))
        for key in keys:
            lifecycle.schedule(connection, key, now)
    assert sorted(wake_together(village, now + 2 * HOUR)) == [f"opened {key}" for key in keys]
    assert len(village.rows(Delivery)) == 90
    assert wake_together(village, now + 2 * HOUR) == []


def test_a_reminder_is_owed_by_one_of_them(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 31)))
    row = village.round()
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        lifecycle.plan_reminders(connection, row.id, [now + HOUR])
    assert wake_together(village, now + 2 * HOUR) == [f"reminded {row.id}"]
    assert [each.kind for each in village.rows(Delivery)].count("reminder-1") == 30


def test_the_next_of_a_yearly_round_is_made_by_one_of_them(village: Village) -> None:
    row = village.round("Đợt 2026")
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(repeat="yearly"))
    [done] = wake_together(village, row.closes_at + HOUR)
    assert done.startswith(f"repeated {row.id} as ") and len(village.rows(Round)) == 2


def test_after_a_long_sleep_people_are_reminded_once_not_twice(village: Village) -> None:
    village.settle("1")
    row = village.round()
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        lifecycle.plan_reminders(connection, row.id, [now + HOUR, now + 2 * HOUR])
    assert wake_together(village, now + 5 * HOUR) == [f"reminded {row.id}"]
    assert all(reminder.done_at for reminder in village.rows(Reminder))
    assert [each.kind for each in village.rows(Delivery)] == ["invite", "reminder-1"]
