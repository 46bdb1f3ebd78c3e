"""How many messages a second pass before the stand-in answers 429."""

import math
from collections import deque
from dataclasses import dataclass

from standin.refusals import flooded


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float = 1.0


class SlidingWindow:
    """The moments in which messages passed, held against a limit."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._passed: deque[float] = deque()

    def wait(self, now: float) -> int:
        """0 if a message may pass now, else the whole seconds until it may."""
        while self._passed and self._passed[0] <= now - self._limit.seconds:
            self._passed.popleft()
        if len(self._passed) < self._limit.count:
            return 0
        return max(1, math.ceil(self._passed[0] + self._limit.seconds - now))

    def count(self, now: float) -> None:
        self._passed.append(now)


class FloodGate:
    """The limits over all chats and for each; `floods` counts what was turned away."""

    def __init__(self, overall: Limit | None, per_chat: Limit | None) -> None:
        self.floods = 0
        self._overall = [SlidingWindow(overall)] if overall else []
        self._per_chat = per_chat
        self._chats: dict[int, SlidingWindow] = {}

    def pass_message(self, chat_id: int, now: float) -> None:
        """Count one message to a chat. Raises `Refused` 429 when there have been too many."""
        windows = list(self._overall)
        if self._per_chat is not None:
            windows.append(self._chats.setdefault(chat_id, SlidingWindow(self._per_chat)))
        if wait := max((window.wait(now) for window in windows), default=0):
            self.floods += 1
            raise flooded(wait)
        for window in windows:
            window.count(now)
