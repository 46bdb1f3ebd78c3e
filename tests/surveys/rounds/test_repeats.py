"""Rounds that come again every year."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from village import FORM, THUAN_HOA, Village

from storage.tables import Reminder, Round, RoundUnit, Unit
from surveys.rounds import lifecycle
from surveys.rounds.repeats import repeat_due, years_later
from surveys.rounds.rounds import create_round, find_round
from surveys.rules.rule_sets import read_rule

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def yearly(village: Village, name: str = "Đợt 2026", **changes: Any) -> int:
    values = {
        "name": name, "form": FORM, "rule": read_rule("xa-nang-cao-chua-xac-nhan"), "units": [village.unit(THUAN_HOA)],
        "opens": NOW, "closes": NOW + 20 * DAY, "counts": "person", "now": NOW, "repeat": "yearly",
    } | changes  # fmt: skip
    with village.database.transaction() as connection:
        number = create_round(connection, **values)
        lifecycle.plan_reminders(connection, number, [NOW + 10 * DAY])
        return number


def copies(village: Village, now: datetime) -> list[tuple[int, int]]:
    with village.database.transaction() as connection:
        return repeat_due(connection, now)


def look(village: Village, key: int) -> Any:
    return village.database.read_now(lambda connection: find_round(connection, key))


def test_when_a_round_is_over_the_next_years_is_scheduled_with_the_same_plan(village: Village) -> None:
    first = yearly(village)
    village.open(first)
    assert copies(village, NOW + DAY) == []
    [(old, new)] = copies(village, NOW + 21 * DAY)
    row = look(village, new)
    assert (old, row.follows, row.state, row.name) == (first, first, "scheduled", "Đợt 2027")
    assert (row.opens_at, row.closes_at) == (NOW + 365 * DAY, NOW + 385 * DAY)
    assert row.form_id == look(village, first).form_id and row.code != look(village, first).code
    assert [unit.unit_id for unit in village.rows(RoundUnit) if unit.round_id == new] == [village.unit(THUAN_HOA)]
    assert [each.due_at for each in village.rows(Reminder) if each.round_id == new] == [NOW + 375 * DAY]


def test_it_is_made_once_and_the_copy_goes_on_repeating(village: Village) -> None:
    first = yearly(village)
    village.open(first)
    [(_, new)] = copies(village, NOW + 21 * DAY)
    assert copies(village, NOW + 21 * DAY) == []
    assert (look(village, first).repeat, look(village, new).repeat) == (None, "yearly")


def test_a_round_that_was_closed_early_is_repeated_too(village: Village) -> None:
    first = yearly(village)
    village.open(first)
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(closes_at=datetime.now(UTC) + DAY))
    village.close(first)
    assert len(copies(village, NOW)) == 1


def test_a_process_that_was_down_for_years_makes_the_one_that_is_still_to_come(village: Village) -> None:
    village.open(yearly(village))
    [(_, new)] = copies(village, NOW + 3 * 366 * DAY)
    assert look(village, new).opens_at.year == 2029 and look(village, new).name == "Đợt 2029"


def test_drafts_and_cancelled_rounds_are_not_repeated(village: Village) -> None:
    yearly(village)
    second = yearly(village, "Đợt khác")
    with village.database.transaction() as connection:
        lifecycle.cancel(connection, second, NOW)
    assert copies(village, NOW + 400 * DAY) == []


def test_where_a_unit_is_dissolved_until_then_somebody_has_to_look(village: Village) -> None:
    village.open(yearly(village))
    with village.database.transaction() as connection:
        connection.execute(update(Unit).where(Unit.id == village.unit(THUAN_HOA)).values(valid_to=date(2027, 7, 1)))
    [(_, new)] = copies(village, NOW + 21 * DAY)
    with village.database.transaction() as connection:
        connection.execute(update(Unit).values(valid_to=None))  # the territory is shared by the tests
    assert look(village, new).state == "draft"


def test_a_taken_name_gets_a_number(village: Village) -> None:
    village.open(yearly(village))
    village.draft("Đợt 2027")
    [(_, new)] = copies(village, NOW + 21 * DAY)
    assert look(village, new).name == "Đợt 2027 (2)"


def test_a_name_without_a_year_gets_one(village: Village) -> None:
    village.open(yearly(village, "Đợt thường niên"))
    [(_, new)] = copies(village, NOW + 21 * DAY)
    assert look(village, new).name == "Đợt thường niên (2027)"


@pytest.mark.parametrize(
    ("moment", "years", "later"),
    [
        (datetime(2024, 2, 29, 1, tzinfo=UTC), 1, datetime(2025, 2, 28, 1, tzinfo=UTC)),
        (datetime(2024, 2, 28, 18, tzinfo=UTC), 1, datetime(2025, 2, 27, 18, tzinfo=UTC)),  # the 29th in Vietnam
        (datetime(2026, 12, 31, 18, tzinfo=UTC), 1, datetime(2027, 12, 31, 18, tzinfo=UTC)),
    ],
)
def test_the_day_and_hour_are_those_of_vietnam(moment: datetime, years: int, later: datetime) -> None:
    assert years_later(moment, years) == later
