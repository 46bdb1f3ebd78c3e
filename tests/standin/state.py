"""All that the stand-in remembers."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from standin.chats import Chat, Kind, Sent, Shown
from standin.flood import FloodGate
from standin.objects import bot_user
from standin.polling import Polling
from standin.reading import Call
from standin.refusals import Refused, Violation
from standin.updates import Updates
from standin.webhook import Attempt, Webhook

TAP_LIFETIME = 150.0  # seconds in which a tap can be answered


@dataclass(slots=True, eq=False)
class Tap:
    """A press of a button, and when the bot answered it."""

    query_id: str
    user_id: int
    data: str
    moment: float
    answered_at: float | None = None
    text: str = ""
    show_alert: bool = False
    answers: int = 0

    @property
    def answered_after(self) -> float | None:
        """Seconds for which the button was spinning; None if it still is."""
        return None if self.answered_at is None else self.answered_at - self.moment


class State:
    """The bot's chats, updates and settings, as Telegram's servers would hold them."""

    def __init__(
        self,
        bot_id: int,
        clock: Callable[[], float],
        chance: random.Random,
        gate: FloodGate,
        retry_delays: Sequence[float],
    ) -> None:
        self.clock = clock
        self.chance = chance
        self.gate = gate
        self.bot = bot_user(bot_id)
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.updates = Updates(clock, first_id=chance.randrange(100_000_000, 900_000_000))
        self.polling = Polling(self.updates)
        self.webhook: Webhook | None = None
        self.retry_delays = retry_delays
        self.attempts: list[Attempt] = []
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}  # by scope and language
        self.profile: dict[tuple[str, str], str] = {}  # name and descriptions, by field and language
        self.menu_button: dict[str, Any] = {"type": "default"}
        self.ledger: list[Sent] = []
        self.violations: list[Violation] = []
        self.calls: Counter[str] = Counter()

    def chat(self, chat_id: int | str) -> Chat:
        """The chat that the bot may write to. Raises `Refused`."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        chat.check_reachable()
        return chat

    def deliver(self, chat: Chat, shown: Shown, kind: Kind) -> None:
        """Put a message or an edit on a phone, and on record."""
        self.ledger.append(chat.receive(shown, kind, self.clock()))

    async def replace_webhook(self, webhook: Webhook | None) -> None:
        """Let updates go to another address, or to getUpdates."""
        if self.webhook is not None:
            await self.webhook.close()
        self.webhook = webhook
        if webhook is not None:
            webhook.start()


Method = Callable[[State, Call], Any]  # the result of a call, or an awaitable of it
