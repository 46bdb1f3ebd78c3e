"""A first wave: a few are written to before the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from village import Village

from storage.tables import Delivery, Round
from surveys.errors import SurveyError
from surveys.rounds import lifecycle
from surveys.rounds.rounds import open_round
from surveys.rounds.send_policy import Sending
from surveys.rounds.soft_launch import soft_launch_status
from surveys.rounds.status import status

HALF_HOUR = timedelta(minutes=30)


def opened(village: Village, share: float, *, people: int = 40, after: timedelta | None = None) -> Any:
    village.settle(*(str(number) for number in range(1, people + 1)))
    row = village.draft("Đợt")
    with village.database.transaction() as connection:
        now = datetime.now(UTC)
        assert open_round(connection, village.vault, row.id, now, first_wave=share, continue_after=after) == people
    return row


def states(village: Village) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for row in village.rows(Delivery):
        counted[row.state, row.reason] = counted.get((row.state, row.reason), 0) + 1
    return counted


def settle(village: Village, **values: Any) -> None:
    """What became of those who were written to first."""
    with village.database.transaction() as connection:
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(**values))


def wake(village: Village, later: timedelta, sending: Sending | None = None) -> list[str]:
    with village.database.transaction() as connection:
        return lifecycle.wake(connection, village.vault, datetime.now(UTC) + later, sending or Sending())


def test_one_in_twenty_goes_first_and_the_rest_waits_for_a_word(village: Village) -> None:
    row = opened(village, 0.05)
    assert states(village) == {("pending", ""): 2, ("held", "first wave"): 38}
    settle(village, state="sent")
    wave = village.database.read_now(lambda connection: status(connection, row.id)).to_json()["first_wave"]
    assert (wave["people"], wave["sent"], wave["waiting"]) == (2, 2, 38)
    with village.database.transaction() as connection:
        assert lifecycle.continue_(connection, row.id) == 38
    assert states(village) == {("sent", ""): 2, ("pending", ""): 38}
    with village.database.transaction() as connection, pytest.raises(SurveyError, match="không có phần nào đang chờ"):
        lifecycle.continue_(connection, row.id)


def test_even_of_few_people_one_goes_first(village: Village) -> None:
    opened(village, 0.05, people=3)
    assert states(village) == {("pending", ""): 1, ("held", "first wave"): 2}


def test_where_everybody_is_in_the_first_wave_nothing_waits(village: Village) -> None:
    row = opened(village, 0.05, people=1)
    assert states(village) == {("pending", ""): 1}
    with village.database.transaction() as connection:
        lifecycle.remind(connection, row.id, datetime.now(UTC))


def test_the_rest_follows_by_itself_once_the_first_wave_went_well(village: Village) -> None:
    row = opened(village, 0.1, after=HALF_HOUR)
    assert wake(village, HALF_HOUR * 2) == []  # still being sent
    settle(village, state="sent")
    assert wake(village, HALF_HOUR / 2) == []  # not yet
    assert wake(village, HALF_HOUR * 2) == [f"continued {row.id}: 36"]
    assert wake(village, HALF_HOUR * 3) == []


def test_the_rest_stays_held_when_too_much_of_the_first_wave_failed(village: Village) -> None:
    row = opened(village, 0.1, after=HALF_HOUR)
    settle(village, state="rejected", reason="bad request")
    assert wake(village, HALF_HOUR * 2) == [f"held {row.id}: 4 of 4 of the first wave failed"]
    assert wake(village, HALF_HOUR * 3) == []
    assert states(village)["held", "first wave"] == 36
    with village.database.transaction() as connection:
        assert lifecycle.continue_(connection, row.id) == 36  # somebody looked, and says so


def test_a_pause_and_a_first_wave_hold_apart(village: Village) -> None:
    row = opened(village, 0.1)
    with village.database.transaction() as connection:
        lifecycle.pause(connection, row.id, datetime.now(UTC))
        lifecycle.continue_(connection, row.id)
    assert states(village) == {("held", "paused"): 40}
    with village.database.transaction() as connection:
        lifecycle.resume(connection, row.id)
    assert states(village) == {("pending", ""): 40}


def test_resuming_lets_only_the_first_wave_go(village: Village) -> None:
    row = opened(village, 0.1)
    with village.database.transaction() as connection:
        lifecycle.pause(connection, row.id, datetime.now(UTC))
        lifecycle.resume(connection, row.id)
    assert states(village) == {("pending", ""): 4, ("held", "first wave"): 36}


def test_nobody_is_reminded_before_everybody_was_invited(village: Village) -> None:
    row = opened(village, 0.1)
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        lifecycle.plan_reminders(connection, row.id, [now + HALF_HOUR])
        with pytest.raises(SurveyError, match="còn lời mời chưa gửi"):
            lifecycle.remind(connection, row.id, now)
    assert wake(village, HALF_HOUR * 2) == []
    with village.database.transaction() as connection:
        lifecycle.continue_(connection, row.id)
    assert wake(village, HALF_HOUR * 2) == [f"reminded {row.id}"]


def test_a_cancelled_round_cancels_who_waits(village: Village) -> None:
    row = opened(village, 0.1)
    with village.database.transaction() as connection:
        lifecycle.cancel(connection, row.id, datetime.now(UTC))
        current = connection.execute(select(Round.__table__).where(Round.id == row.id)).one()
        assert soft_launch_status(connection, current) is None
    assert states(village) == {("cancelled", "round cancelled"): 40}


def test_a_scheduled_round_opens_with_the_wave_that_is_configured(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 21)))
    row = village.draft("Đợt")
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(opens_at=datetime.now(UTC) + HALF_HOUR))
        lifecycle.schedule(connection, row.id, datetime.now(UTC))
    assert wake(village, HALF_HOUR * 2, Sending(first_wave=0.05)) == [f"opened {row.id}"]
    assert states(village) == {("pending", ""): 1, ("held", "first wave"): 19}
