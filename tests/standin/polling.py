"""getUpdates: long polling, by one program at a time."""

import asyncio
from typing import Any

from standin.refusals import Refused
from standin.updates import Updates

TIMEOUT_LIMIT = 50  # seconds; the server waits no longer, whatever is asked (tdlib/telegram-bot-api)
BATCH_LIMIT = 100


class Poll:
    """One getUpdates under way; `ended` says why it was cut short."""

    ended = ""


class Polling:
    """Answers getUpdates; a new one ends the one before."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._poll = Poll()
        self.begun = 0  # polls, those that wait among them

    def interrupt(self, reason: str) -> None:
        """End the poll under way with 409."""
        self._poll.ended = reason
        self._updates.bell.set()

    async def fetch(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """The next updates from `offset` on, as soon as there are any. Raises `Refused` 409."""
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        poll = self._poll = Poll()
        self.begun += 1
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(max(seconds, 0), TIMEOUT_LIMIT)
        self._updates.alive()
        self._updates.confirm_below(offset)
        while True:
            if poll.ended:
                raise Refused(409, f"Conflict: {poll.ended}")
            batch = self._updates.alive()[: limit if 0 < limit < BATCH_LIMIT else BATCH_LIMIT]
            remaining = deadline - loop.time()
            if batch or remaining <= 0:
                return [pending.update for pending in batch]
            self._updates.bell.clear()
            try:
                await asyncio.wait_for(self._updates.bell.wait(), remaining)
            except TimeoutError:
                continue
