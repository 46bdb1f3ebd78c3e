"""What Telegram has for the bot: pending updates, kept until confirmed or expired."""

import asyncio
import math
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LIFETIME = 24 * 3600.0  # seconds, core.telegram.org/bots/api#getting-updates
LIFETIMES = {
    "callback_query": 150.0,
    "shipping_query": 150.0,
    "pre_checkout_query": 150.0,
    "inline_query": 30.0,
}
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}  # only if asked for by name
MESSAGES = {"message", "edited_message"}

Lane = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """One update that waits to be confirmed."""

    update_id: int
    update: dict[str, Any]
    lane: Lane  # a webhook gets the updates of one lane one after the other
    expires: float


class Updates:
    """The pending updates of the bot, in the order of their ids."""

    def __init__(self, clock: Callable[[], float], first_id: int) -> None:
        self._clock = clock
        self._next_id = first_id
        self._pending: list[Pending] = []
        self._next_expiry = math.inf
        self._empty = asyncio.Event()
        self._empty.set()
        self.bell = asyncio.Event()  # rung when an update arrives or a poll is to end
        self.allowed: list[str] = []  # empty: all but those given on request only
        self.on_arrival: Callable[[Pending], None] | None = None

    def add(self, update: dict[str, Any]) -> int | None:
        """Make an update pending. Returns its id, or None if the bot does not want its kind."""
        kind = kind_of(update)
        if not self._wanted(kind):
            return None
        update_id: int = update.get("update_id", self._next_id)
        self._next_id = max(self._next_id, update_id + 1)
        lifetime = LIFETIMES.get(kind, LIFETIME)
        pending = Pending(
            update_id,
            {"update_id": update_id} | update,
            lane_of(kind, update, update_id),
            self._clock() + lifetime,
        )
        insort(self._pending, pending, key=lambda known: known.update_id)
        self._next_expiry = min(self._next_expiry, pending.expires)
        self._empty.clear()
        self.bell.set()
        if self.on_arrival is not None:
            self.on_arrival(pending)
        return update_id

    def alive(self) -> Sequence[Pending]:
        """The pending updates that have not expired."""
        now = self._clock()
        if now >= self._next_expiry:
            self._pending = [pending for pending in self._pending if pending.expires > now]
            self._next_expiry = min((pending.expires for pending in self._pending), default=math.inf)
            self._note_if_empty()
        return self._pending

    def confirm_below(self, offset: int) -> None:
        """Forget the updates below an offset; a negative one counts from the end."""
        end = len(self._pending) + offset if offset < 0 else self._place(offset)
        del self._pending[: max(end, 0)]
        self._note_if_empty()

    def confirm(self, pending: Pending) -> None:
        """Forget one update, wherever it stands."""
        place = self._place(pending.update_id)
        while place < len(self._pending) and self._pending[place].update_id == pending.update_id:
            if self._pending[place] is pending:
                del self._pending[place]
                break
            place += 1
        self._note_if_empty()

    def clear(self) -> None:
        self._pending.clear()
        self._note_if_empty()

    async def emptied(self) -> None:
        """Wait until nothing is pending."""
        await self._empty.wait()

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed and kind else kind not in ON_REQUEST

    def _place(self, update_id: int) -> int:
        return bisect_left(self._pending, update_id, key=lambda known: known.update_id)

    def _note_if_empty(self) -> None:
        if not self._pending:
            self._empty.set()


def kind_of(update: dict[str, Any]) -> str:
    """The update's one other field, such as "message"; "" for malformed ones."""
    return next((key for key in update if key != "update_id"), "")


def lane_of(kind: str, update: dict[str, Any], update_id: int) -> Lane:
    """Messages of a chat share a lane and taps of a person another, as in Telegram's webhook queues.

    So a text and a tap of one person may arrive at the same time, or swapped
    (tdlib/telegram-bot-api, Client.cpp, add_update).
    """
    try:
        if kind in MESSAGES:
            return "chat", int(update[kind]["chat"]["id"])
        if kind == "callback_query":
            return "taps", int(update[kind]["from"]["id"])
        return kind, int(update[kind]["chat"]["id"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return "malformed", update_id
