"""One even pace, replies first."""

import asyncio
import time

from bot.limiter import Limiter


async def test_slots_come_at_an_even_pace_below_the_rate() -> None:
    limiter, moments = Limiter(200), []
    for _ in range(40):
        await limiter.slot(2)
        moments.append(time.monotonic())
    assert moments[-1] - moments[0] >= 34 / 200
    for start in range(20):  # a tenth of a second holds what the rate allows, and little more
        assert sum(moments[start] <= moment < moments[start] + 0.1 for moment in moments) <= 25


async def test_a_window_of_one_second_never_holds_more_than_the_rate_not_even_after_a_rest() -> None:
    limiter, moments = Limiter(30), []
    for _ in range(31):
        await limiter.slot(2)
        moments.append(time.monotonic())
    assert moments[30] - moments[0] >= 1


async def test_a_rest_is_not_saved_up_for_a_burst() -> None:
    limiter = Limiter(20)
    await limiter.slot(2)
    await asyncio.sleep(0.5)
    begun = time.monotonic()
    for _ in range(5):
        await limiter.slot(2)
    assert time.monotonic() - begun >= 3.5 / 20


async def test_the_most_urgent_waiter_is_next_and_equals_wait_in_line() -> None:
    limiter, order = Limiter(100), []

    async def wait(name: str, urgency: int) -> None:
        await limiter.slot(urgency)
        order.append(name)

    await asyncio.gather(
        wait("b1", 2), wait("b2", 2), wait("b3", 2), wait("n", 1), wait("r1", 0), wait("r2", 0)
    )  # fmt: skip
    assert order == ["r1", "r2", "n", "b1", "b2", "b3"]


async def test_a_pause_holds_everybody() -> None:
    limiter = Limiter(1000)
    await limiter.slot(0)
    limiter.pause(0.15)
    limiter.pause(0.01)  # a shorter one does not end the longer
    begun = time.monotonic()
    await asyncio.gather(limiter.slot(0), limiter.slot(2))
    assert time.monotonic() - begun >= 0.14


async def test_a_pause_reaches_those_who_wait_already() -> None:
    limiter = Limiter(3)
    await limiter.slot(0)
    waiting = asyncio.create_task(limiter.slot(0))
    await asyncio.sleep(0.01)
    limiter.pause(0.5)
    begun = time.monotonic()
    await waiting
    assert time.monotonic() - begun >= 0.45


async def test_who_gave_up_takes_no_slot() -> None:
    limiter = Limiter(50)
    await limiter.slot(0)
    gone, stays = asyncio.create_task(limiter.slot(0)), asyncio.create_task(limiter.slot(0))
    await asyncio.sleep(0)
    gone.cancel()
    begun = time.monotonic()
    await stays
    assert time.monotonic() - begun < 2 / 50
