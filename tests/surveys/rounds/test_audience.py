"""Whom a round would reach, before anything is sent."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import update
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Address, Delivery, Round
from surveys.rounds.audience import reach
from surveys.rounds.quiet_hours import QuietHours

HAMLET = f"{THUAN_HOA}/Ấp 2 (mẫu)"
NOON = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


def reached(village: Village, key: int, now: datetime | None = None, **sending: Any) -> dict[str, Any]:
    now = now or datetime.now(UTC)
    how = replace(village.shared.sending, **sending)
    return village.database.read_now(lambda connection: reach(connection, key, now, how).to_json())


def test_everybody_who_talked_to_us_is_counted_once_under_what_keeps_them_from_an_invitation(village: Village) -> None:
    village.settle("1", "2")
    village.settle("3", consent=False)
    village.settle("4", consent=None)
    village.settle("5", stopped=True)
    village.settle("6", "7")
    village.settle("8", unit=AN_THANH)
    with village.database.transaction() as connection:
        connection.execute(update(Address).where(Address.address == "6").values(reachable=False))
        connection.execute(update(Address).where(Address.address == "7").values(channel="web"))
    row = village.draft("Đợt")
    people = reached(village, row.id)["people"]
    assert people == {
        "known": 7, "reachable": 2, "by_channel": {"telegram": 2}, "stopped": 1, "declined": 1, "not_asked": 1,
        "blocked": 1, "no_channel": 1, "muted": 0,
    }  # fmt: skip
    assert people["reachable"] == village.open(row.id)


def test_people_and_households_are_told_for_each_hamlet_and_summed_for_the_commune(village: Village) -> None:
    village.settle("1", "2", hamlet_id=village.unit(HAMLET))
    village.settle("3")
    found = reached(village, village.draft("Đợt").id)
    units = {unit["name"]: unit for unit in found["units"]}
    assert units["Ấp 2 (mẫu)"]["reachable"] == 2 and units["Ấp 2 (mẫu)"]["households"] > 0
    assert units["Xã Thuận Hòa"]["reachable"] == 3 and found["units"][0]["level"] == "commune"
    assert found["households"] == units["Xã Thuận Hòa"]["households"]


def test_sending_takes_as_long_as_the_allowed_rate_and_the_night_demand(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 101)))
    row = village.draft("Đợt")
    estimate = reached(village, row.id, rate=10)["estimate"]
    assert (estimate["messages"], estimate["seconds"]) == (100, 10.2)
    night = QuietHours(time(21), time(7))
    late = datetime(2026, 12, 1, 13, 59, 55, tzinfo=UTC)  # five seconds before 21:00 in Vietnam
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(opens_at=late))
    estimate = reached(village, row.id, late, rate=10, quiet=night)["estimate"]
    assert estimate["quiet_hours"] == "21:00–07:00" and estimate["seconds"] > 10 * 3600


def test_looking_sends_nothing(village: Village) -> None:
    village.settle("1")
    reached(village, village.draft("Đợt").id)
    assert village.rows(Delivery) == []
