"""The row that all senders of a bot share."""

import threading

import pytest
from sqlalchemy import update
from village import Village

from bot.delivery.shared_rate import FARTHEST, Reserved, pause, reserve
from storage.tables import Pace

pytestmark = pytest.mark.both_stores


def take(village: Village, count: int = 1, interval: float = 0.5) -> Reserved:
    with village.database.transaction() as connection:
        return reserve(connection, "telegram", count, interval)


def test_slots_follow_each_other_whoever_reserves_them(village: Village) -> None:
    first, second = take(village, 3), take(village, 2)
    assert first.start == pytest.approx(first.now) and second.start == pytest.approx(first.start + 1.5)
    assert take(village).start == pytest.approx(first.start + 2.5)


def test_no_slot_is_given_twice_to_those_who_ask_at_once(village: Village) -> None:
    found: list[float] = []

    def ask() -> None:
        for _ in range(20):
            found.append(take(village).start)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == pytest.approx([min(found) + number / 2 for number in range(80)])


def test_slots_lie_behind_a_pause_and_a_shorter_one_does_not_end_it(village: Village) -> None:
    with village.database.transaction() as connection:
        pause(connection, "telegram", 20)
        pause(connection, "telegram", 1)
    reserved = take(village)
    assert reserved.paused and 19 < reserved.start - reserved.now <= 20
    assert not take(village, 0).start < reserved.start + 0.5


def test_another_bot_keeps_its_own_pace(village: Village) -> None:
    take(village, 100)
    with village.database.transaction() as connection:
        other = reserve(connection, "zalo", 1, 1)
    assert other.start == pytest.approx(other.now)


def test_a_clock_that_was_set_back_stops_nobody(village: Village) -> None:
    take(village)
    with village.database.transaction() as connection:
        connection.execute(update(Pace).values(next_slot=Pace.next_slot + 2 * FARTHEST))
    reserved = take(village)
    assert reserved.start == pytest.approx(reserved.now)
