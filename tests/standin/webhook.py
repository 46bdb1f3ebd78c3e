"""Webhook delivery: Telegram posts updates to the bot, lane by lane, until it answers 2xx."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from standin.updates import Lane, Pending, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post of an update; `status` is None if there was no answer."""

    update_id: int
    status: int | None


class Webhook:
    """Delivers pending updates to one address until it is closed."""

    def __init__(
        self,
        parameters: dict[str, Any],
        updates: Updates,
        clock: Callable[[], float],
        retry_delays: Sequence[float],
        attempts: list[Attempt],
    ) -> None:
        self.url: str = parameters["url"]
        self.max_connections: int = parameters.get("max_connections", 40)
        self.last_error: tuple[int, str] | None = None
        self._headers = {"Content-Type": "application/json"}
        if "secret_token" in parameters:
            self._headers[SECRET_HEADER] = parameters["secret_token"]
        self._updates = updates
        self._clock = clock
        self._retry_delays = retry_delays
        self._attempts = attempts
        self._lanes: dict[Lane, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.max_connections),
            timeout=aiohttp.ClientTimeout(total=30),
            trust_env=False,
        )

    def start(self) -> None:
        """Deliver what is pending, and what arrives from now on."""
        for pending in self._updates.alive():
            self._enqueue(pending)
        self._updates.on_arrival = self._enqueue

    async def close(self) -> None:
        """Stop delivering; what was not confirmed stays pending."""
        self._updates.on_arrival = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def _enqueue(self, pending: Pending) -> None:
        lane = self._lanes.get(pending.lane)
        if lane is not None:
            lane.append(pending)
            return
        self._lanes[pending.lane] = deque([pending])
        task = asyncio.create_task(self._work_off(pending.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, lane: Lane) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._lanes[lane]

    async def _deliver(self, pending: Pending) -> None:
        """Post until there is a 2xx or the update expires; the lane waits meanwhile."""
        failures = 0
        while pending.expires > self._clock():
            status, retry_after = await self._post(pending)
            if status is not None and 200 <= status < 300:
                break
            self.last_error = (int(self._clock()), f"Wrong response from the webhook: {status}")
            delay = self._retry_delays[min(failures, len(self._retry_delays) - 1)]
            await asyncio.sleep(delay if retry_after is None else retry_after)
            failures += 1
        self._updates.confirm(pending)

    async def _post(self, pending: Pending) -> tuple[int | None, float | None]:
        """The status of the answer, if there was one, and the seconds that it asks to wait."""
        status, retry_after = None, None
        try:
            async with self._session.post(
                self.url, json=pending.update, headers=self._headers, allow_redirects=False
            ) as response:
                await response.read()
                status = response.status
                asked = response.headers.get("Retry-After", "")
                retry_after = min(float(asked), 3600.0) if asked.isdecimal() else None
        except (aiohttp.ClientError, TimeoutError):
            status = None
        self._attempts.append(Attempt(pending.update_id, status))
        return status, retry_after
