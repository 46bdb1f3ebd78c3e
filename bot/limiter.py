"""One pace for everything a bot sends: even, a little below what the platform allows, replies first."""

import asyncio
import heapq
import itertools
import time

# Against a strict one-second window with arrival jitter j the best rate without a 429 is limit / (1 + j):
# 98 % at 20 ms. Never pace at exactly the limit.
JITTER = 0.02  # seconds by which a send may come late and still be made up for
HEADROOM = 1 / (1 + JITTER)


class Limiter:
    """Gives out slots at an even pace; the most urgent waiter gets the next one."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / (rate * HEADROOM)  # seconds between sends
        self._next = 0.0
        self._order = itertools.count()
        self._waiters: list[tuple[int, int, asyncio.Future[None]]] = []
        self._pacer: asyncio.Task[None] | None = None

    async def slot(self, urgency: int) -> None:
        """Wait for a slot."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (urgency, next(self._order), future))
        if self._pacer is None or self._pacer.done():
            self._pacer = asyncio.create_task(self._pace())
        await future

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long: the platform asked for it."""
        self._next = max(self._next, time.monotonic() + seconds)

    async def _pace(self) -> None:
        while self._waiters:
            now = time.monotonic()
            if self._next > now:
                await asyncio.sleep(self._next - now)
                continue
            _, _, future = heapq.heappop(self._waiters)
            if future.done():
                continue
            # After a rest the pace starts anew: slots not used are not saved up for a burst.
            self._next = max(self._next, now - JITTER) + self._interval
            future.set_result(None)
