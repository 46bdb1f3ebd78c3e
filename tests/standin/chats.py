"""Private chats: who is at the other end, and what their phone shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from standin.markup import Entity
from standin.reading import Upload
from standin.refusals import Refused

Kind = Literal["send", "edit"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; one without `data` opens `url` or does something else."""

    label: str
    data: str = ""
    url: str = ""


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that a phone received: the ledger's unit."""

    chat_id: int
    message_id: int
    text: str
    keyboard: Keyboard
    moment: float  # seconds since 1970, on the stand-in's clock
    kind: Kind
    attachment: Upload | str | None = None

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.keyboard for button in row]


@dataclass(slots=True, eq=False)
class Shown:
    """A message as a phone now displays it."""

    message_id: int
    chat_id: int
    by_bot: bool
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: Keyboard = ()
    attachment: Upload | str | None = None
    content: dict[str, Any] = field(default_factory=dict)  # other fields of the Bot API's Message
    edited: int | None = None
    touched: int = 0  # the bot's latest receipt in this chat that wrote or changed it

    @property
    def buttons(self) -> list[Button]:
        """All buttons, row by row."""
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat of the bot with one person."""

    user: dict[str, Any]
    instance: str
    written: bool = False  # the person has written to the bot, so the bot may write
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, Shown] = field(default_factory=dict)
    received: int = 0  # how many messages and edits of the bot have arrived
    on_receipt: Callable[[], None] | None = None
    last_id: int = 0

    @property
    def chat_id(self) -> int:
        return int(self.user["id"])

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def check_reachable(self) -> None:
        """Raises `Refused` 403 if the bot cannot write here."""
        if self.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not self.written:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")

    def receive(self, message: Shown, kind: Kind, moment: float) -> Sent:
        """Show a new or changed message; returns the entry for the ledger."""
        self.received += 1
        message.touched = self.received
        self.messages[message.message_id] = message
        if self.on_receipt is not None:
            self.on_receipt()
        return Sent(self.chat_id, message.message_id, message.text, message.keyboard, moment, kind, message.attachment)


def keyboard_of(rows: list[list[dict[str, Any]]]) -> Keyboard:
    """The buttons of an `inline_keyboard`."""
    return tuple(
        tuple(Button(entry["text"], entry.get("callback_data", ""), entry.get("url", "")) for entry in row)
        for row in rows
    )
