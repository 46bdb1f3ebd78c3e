"""One pace for everything a bot sends: even, a little below what the platform allows, replies first.

Slots are reserved in the row of `bot/delivery/shared_rate.py`, so that all processes share one rate; here they are
given to whoever waits, the most urgent first: a reply takes the next slot even when it was reserved for a broadcast.
"""

import asyncio
import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable

from bot.delivery.shared_rate import Reserved

# Against a strict window of one second with arrival jitter j the best rate without a 429 is limit / (1 + j). At
# hundreds a second a burst on either side takes tens of milliseconds.
JITTER, JITTER_FAST = 0.015, 0.03  # seconds
FAST = 100  # messages a second
LATE = 0.8  # part of the jitter that our own lateness may use up; the rest is the network's
AHEAD = 0.1  # seconds: messages are claimed so long before their slot; a crash leaves no more in doubt
FORGOTTEN = 1.0  # seconds after which a slot that nobody took is void
DRIFT = 0.001  # seconds that two clocks may part in a second
JUMP = 0.5  # seconds: more is a clock that was set


class Paused(Exception):
    """The platform asked for a pause: who waits for a slot gives back what it has claimed."""


class Limiter:
    """Gives out slots. All times are those of the event loop, which a simulation may own."""

    def __init__(self, rate: float) -> None:
        jitter = JITTER_FAST if rate > FAST else JITTER
        self.interval = (1 + jitter) / rate  # seconds between slots
        self.alone = True  # nobody else sends for this bot: being late can't crowd somebody else's slots
        self._late = jitter * LATE
        self._window: deque[float] = deque(maxlen=max(1, math.floor(rate)))  # our latest sends
        self._slots: deque[float] = deque()
        self._waiters: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._next = -math.inf  # the first slot that is free, as far as we know
        self._paused_until = -math.inf
        self._offset = _Offset()
        self._pacer: asyncio.Task[None] | None = None
        self._wants: Callable[[], None] = lambda: None

    def bind(self, wants: Callable[[], None]) -> None:
        """Call this when somebody waits for whom no slot is reserved."""
        self._wants = wants

    @property
    def wanting(self) -> int:
        """How many wait for whom no slot is reserved."""
        return max(0, sum(not future.done() for _, _, future in self._waiters) - len(self._slots))

    def room(self, now: float) -> int:
        """How many more messages may be claimed now: as many as have a slot soon."""
        first = max(self._next, self._paused_until, now)
        if first > now + AHEAD:
            return 0
        return max(0, max(1, int((now + AHEAD - first) / self.interval)) - self.wanting)

    def paused(self, now: float) -> bool:
        return self._paused_until > now

    def resumes(self, now: float) -> float:
        """Seconds until there is room for half of what may be claimed ahead."""
        return max(0.0, max(self._next, self._paused_until) - now - AHEAD / 2)

    def queue(self, urgency: int) -> asyncio.Future[None]:
        """A place in the line for the next slot. Its result may be `Paused`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        if self._paused_until > loop.time():
            future.set_exception(Paused())
            return future
        heapq.heappush(self._waiters, (urgency, next(self._order), future))
        self._start()
        return future

    def grant(self, reserved: Reserved, now: float) -> None:
        """Slots that were reserved a moment ago."""
        if reserved.paused:
            self.pause(reserved.start - reserved.now, now)
            return
        start = self._offset.local(reserved.start, reserved.now, now)
        self._slots.extend(start + number * self.interval for number in range(reserved.count))
        self._next = start + reserved.count * self.interval
        self._start()

    def pause(self, seconds: float, now: float) -> None:
        """Nobody sends for so long: the platform asked for it. Who waits gives up."""
        self._paused_until = max(self._paused_until, now + seconds)
        self._slots.clear()
        while self._waiters:
            _, _, future = heapq.heappop(self._waiters)
            if not future.done():
                future.set_exception(Paused())

    def release(self) -> None:
        """We stop: who waits gives up."""
        self.pause(0, -math.inf)

    def _start(self) -> None:
        if self._pacer is None or self._pacer.done():
            self._pacer = asyncio.create_task(self._pace())

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiters and self._slots:
            if self._waiters[0][2].done():  # gave up meanwhile
                heapq.heappop(self._waiters)
                continue
            now = loop.time()
            if now > self._slots[0] + (FORGOTTEN if self.alone else self._late):
                self._slots.popleft()  # void: another one is reserved
                continue
            moment = self._moment()
            if moment > now:
                await asyncio.sleep(moment - now)
                continue
            self._slots.popleft()
            self._window.append(now)
            heapq.heappop(self._waiters)[2].set_result(None)
        if self.wanting:
            loop.call_soon(self._wants)

    def _moment(self) -> float:
        """When the next message may go: at its slot, or when our own latest sends leave room for it."""
        if len(self._window) < (self._window.maxlen or 0):
            return self._slots[0]
        return max(self._slots[0], self._window[0] + 1 + self._late)


class _Offset:
    """From the database's clock to the loop's. A reading that took long is late, so the earliest is the best."""

    def __init__(self) -> None:
        self._best: float | None = None
        self._read = 0.0

    def local(self, moment: float, clock: float, now: float) -> float:
        """The moment by the loop's clock; `clock` is the database's as it was read just before `now`."""
        offset = now - clock
        best = self._best
        if best is not None:
            best += DRIFT * (now - self._read)
        if best is None or offset < best or offset > best + JUMP:
            best = offset
        self._best, self._read = best, now
        return moment + best
