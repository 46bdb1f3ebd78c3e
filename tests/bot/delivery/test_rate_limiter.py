"""One even pace, replies first. The clock moves only when nothing is left to do: a busy machine is no fault."""

import asyncio
import functools
import math
from collections.abc import Awaitable, Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest
from simulation.loop import VirtualLoop, run

from bot.delivery.rate_limiter import Limiter, Paused
from bot.delivery.shared_rate import Reserved


def timeless(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """The test on a virtual clock."""

    @functools.wraps(test)
    def on_a_virtual_clock() -> None:
        run(test(), VirtualLoop())

    del on_a_virtual_clock.__wrapped__  # else pytest takes it for what it wraps
    return on_a_virtual_clock


def stands_still(seconds: float) -> None:
    """The loop is held up by something that takes so long."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.now += seconds


def paced(rate: float) -> Limiter:
    """A limiter whose slots come from a row that nobody else uses."""
    limiter, free = Limiter(rate), -math.inf

    def reserve() -> None:
        nonlocal free
        loop = asyncio.get_running_loop()
        count, start = limiter.wanting, max(free, loop.time())
        free = start + count * limiter.interval
        limiter.grant(Reserved(start, loop.time(), count, paused=False), loop.time())

    limiter.bind(reserve)
    return limiter


async def slot(limiter: Limiter, urgency: int = 2) -> float:
    """Wait for a slot; the moment in which it came."""
    place = limiter.queue(urgency)
    limiter._wants()
    await place
    return asyncio.get_running_loop().time()


async def moments(limiter: Limiter, count: int) -> list[float]:
    return sorted(await asyncio.gather(*(slot(limiter) for _ in range(count))))


@timeless
async def test_slots_come_at_an_even_pace_below_the_rate() -> None:
    came = await moments(paced(200), 40)
    assert came[-1] - came[0] >= 38 / 200


@timeless
async def test_a_window_of_one_second_never_holds_more_than_the_rate() -> None:
    came = await moments(paced(30), 62)
    for earlier, later in zip(came, came[30:], strict=False):
        assert later - earlier > 1


@timeless
async def test_what_came_late_is_made_up_for_without_crowding_a_second() -> None:
    limiter = paced(50)
    waiting = [asyncio.create_task(slot(limiter)) for _ in range(120)]
    await asyncio.sleep(0.5)
    stands_still(0.2)
    came = sorted(await asyncio.gather(*waiting))
    assert came[-1] - came[0] < 120 * limiter.interval + 0.25
    for earlier, later in zip(came, came[50:], strict=False):
        assert later - earlier > 1


@timeless
async def test_beside_others_a_slot_that_was_missed_is_void() -> None:
    limiter = paced(50)
    limiter.alone = False
    waiting = [asyncio.create_task(slot(limiter)) for _ in range(20)]
    await asyncio.sleep(0.05)
    stands_still(0.1)
    came = sorted(await asyncio.gather(*waiting))
    assert all(later - earlier > limiter.interval / 3 for earlier, later in pairwise(came))


@timeless
async def test_a_rest_is_not_saved_up_for_a_burst() -> None:
    limiter = paced(20)
    await slot(limiter)
    await asyncio.sleep(0.5)
    came = await moments(limiter, 5)
    assert came[-1] - came[0] >= 3.5 / 20


@timeless
async def test_the_most_urgent_waiter_is_next_and_equals_wait_in_line() -> None:
    limiter, order = paced(100), []

    async def wait(name: str, place: Awaitable[None]) -> None:
        await place
        order.append(name)

    names = {"b1": 2, "b2": 2, "b3": 2, "n": 1, "r1": 0, "r2": 0}
    places = [wait(name, limiter.queue(urgency)) for name, urgency in names.items()]
    limiter._wants()
    await asyncio.gather(*places)
    assert order == ["r1", "r2", "n", "b1", "b2", "b3"]


@timeless
async def test_a_pause_makes_everybody_give_up_and_nobody_may_claim() -> None:
    limiter = paced(1000)
    await slot(limiter)
    now = asyncio.get_running_loop().time()
    waiting = limiter.queue(0)
    limiter.pause(10, now)
    limiter.pause(0.01, now)  # a shorter one does not end the longer
    with pytest.raises(Paused):
        await waiting
    with pytest.raises(Paused):
        await limiter.queue(0)
    assert limiter.room(now + 9) == 0 and limiter.paused(now + 9)
    assert limiter.room(now + 10) > 0 and not limiter.paused(now + 10)


@timeless
async def test_a_reservation_behind_a_pause_tells_of_it() -> None:
    limiter = Limiter(30)
    now = asyncio.get_running_loop().time()
    waiting = limiter.queue(2)
    limiter.grant(Reserved(1007.0, 1000.0, 1, paused=True), now)
    with pytest.raises(Paused):
        await waiting
    assert limiter.room(now + 6.5) == 0 and limiter.room(now + 7) > 0


@timeless
async def test_who_gave_up_takes_no_slot() -> None:
    limiter = paced(50)
    await slot(limiter)
    gone = limiter.queue(0)
    gone.cancel()
    begun = asyncio.get_running_loop().time()
    assert await slot(limiter) - begun < 2 / 50


@timeless
async def test_a_reading_of_the_clock_that_took_long_delays_nothing() -> None:
    limiter = Limiter(1000)
    limiter.grant(Reserved(500.0, 500.0, 1, paused=False), 100.0)
    limiter.grant(Reserved(500.2, 500.1, 1, paused=False), 100.15)  # 50 ms late
    assert limiter._slots == pytest.approx([100.0, 100.2], abs=0.001)
    limiter.grant(Reserved(900.0, 900.0, 1, paused=False), 100.2)  # the clock was set
    assert limiter._slots[-1] == pytest.approx(100.2)
