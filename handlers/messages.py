"""The contract between conversations and channels.

Conversations receive an `Inbound` and answer with `Message`s; a channel turns its platform's events into the
one and `Part`s into its platform's calls. Nothing here does I/O.

    SendError
    ├── RetryLater    surely not sent; the same send may be tried after `after` seconds
    ├── Moved         surely not sent: the same chat has another address now
    ├── Unreachable   the person blocked us or is gone: stop writing to this address
    ├── Rejected      the platform will never take this message
    └── Unknown       it may have arrived: never sent again blindly
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

Kind = Literal["text", "choice", "start", "stop", "contact", "media", "unsupported"]
Urgency = Literal["reply", "notice", "broadcast"]
Accepts = Literal["", "text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a person did, on whatever channel."""

    channel: str
    address: str  # the channel's own id of the person, as a string
    event_key: str  # the same event delivered twice has the same key
    kind: Kind
    occurred_at: datetime  # aware, UTC
    text: str = ""
    choice: str = ""  # the opaque token of a pressed button
    start_payload: str = ""  # what a QR code or deep link carried
    language: str = ""  # the platform's hint, such as "vi"; not the person's choice
    message_ref: str = ""  # the message whose button was pressed
    silent: bool = False  # the platform tells us, such as a block; nobody waits for an answer
    shown: str | None = None  # `Message.asks` of the page it was posted from; None: the channel does not say
    edited: bool = False  # it takes the place of what `message_ref` said before
    borrowed: bool = False  # the words of others: forwarded, or made by a bot; never an answer or an order
    replies_to: str = ""  # the message of ours that it was written under, where the channel says so
    pictured: bool = False  # a picture or file came with it, which is not kept
    received_at: datetime | None = None  # by the clock of the database


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer on offer. `token` is opaque, at most 64 ASCII bytes."""

    token: str
    label: str
    url: str = ""  # opens this address instead of answering
    selected: bool = False  # ticked, in a question with several answers
    aside: bool = False  # a way out (back, skip), not an answer: shown smaller or on a row of its own


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """One of our own sketches, by its name; `says` is what it shows, in words. A channel may leave it out."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Message:
    """What we say. All texts are plain; each channel escapes and styles them for itself."""

    text: str
    title: str = ""  # a heading, bold where the channel can
    note: str = ""  # a hint, in small or italic letters where the channel can
    choices: tuple[Choice, ...] = ()
    accepts: Accepts = ""  # what may be typed beside the choices
    progress: tuple[int, int] | None = None  # (question number, of how many)
    replaces: str = ""  # `message_ref` to edit, where the channel can edit
    picture: Picture | None = None
    attachment: Attachment | None = None
    urgency: Urgency = "reply"
    asks: str = ""  # an opaque token: the question that a typed word is said to; "": it is said to none

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values for the ledger; only what is not the default. Attachments are not stored."""
        fields: dict[str, Any] = {"text": self.text}
        for name in ("title", "note", "accepts", "progress", "replaces"):
            if value := getattr(self, name):
                fields[name] = value
        if self.choices:
            fields["choices"] = [[each.token, each.label, each.url, each.selected, each.aside] for each in self.choices]
        if self.picture:
            fields["picture"] = [self.picture.name, self.picture.says]
        if self.urgency != "reply":
            fields["urgency"] = self.urgency
        return fields

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Message":
        progress = fields.get("progress")
        return cls(
            **{
                **fields,
                "choices": tuple(Choice(*each) for each in fields.get("choices", ())),
                "progress": (progress[0], progress[1]) if progress else None,
                "picture": Picture(*fields["picture"]) if "picture" in fields else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry. Lengths are in UTF-16 code units, as the platforms count them."""

    text_limit: int
    button_limit: int  # 0: no buttons
    label_limit: int  # longer labels become a numbered list
    edit: bool = False
    attachments: bool = False
    proactive_window: int | None = None  # hours after the person's last word in which we may write; None: any


@dataclass(frozen=True, slots=True)
class Part:
    """One platform call: a message that fits, with the buttons that go under it."""

    text: str
    title: str = ""
    note: str = ""
    buttons: tuple[Choice, ...] = ()
    replaces: str = ""
    picture: Picture | None = None
    attachment: Attachment | None = None
    urgency: Urgency = "reply"


class SendError(Exception):
    """A send that did not plainly succeed; the subclass says what the caller must do."""


class RetryLater(SendError):
    """Surely not sent; may be tried again after `after` seconds."""

    def __init__(self, after: float, *, flooded: bool = False) -> None:
        super().__init__(f"retry in {after:g} s")
        self.after = after
        self.flooded = flooded  # the platform itself asked for the pause: everyone on this bot waits


class Moved(SendError):
    """Surely not sent: the same chat has another address now."""

    def __init__(self, address: str) -> None:
        super().__init__("chat moved")
        self.address = address


class Unreachable(SendError):
    """The person blocked the bot or the account is gone."""


class Rejected(SendError):
    """The platform will never take this message."""


class Unknown(SendError):
    """No answer, or not a clear one: the message may have arrived."""


class Unreadable(Exception):
    """An event that cannot be understood; it is quarantined and the next one is handled."""


class Channel(Protocol):
    """A messaging platform."""

    name: str
    capabilities: Capabilities

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a webhook call really comes from the platform (constant time)."""

    def read(self, raw: Any) -> Inbound:
        """Understand one raw event. Raises `Unreadable`."""

    async def send(self, address: str, part: Part) -> str:
        """Send or edit one message; returns its `message_ref`. Raises a `SendError`."""


def prefaced(message: Message, preface: str) -> Message:
    """The message with a sentence before its text."""
    return replace(message, text=f"{preface}\n\n{message.text}".strip())


def quoted(text: str) -> str:
    """What somebody typed, short enough to be repeated to them."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's 4096 limit."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plan(message: Message, capabilities: Capabilities) -> tuple[Part, ...]:
    """Fit a message to a channel: split long text, turn choices into buttons or a numbered list.

    Where the choices do not fit on buttons they are numbered in the text; a channel with buttons then
    carries the numbers on them. Where the answer is typed, the ways out are words to type. The last part holds
    the buttons; only the first may replace an older message.
    """
    text, buttons = message.text, message.choices
    if is_numbered(message, capabilities):
        counted = [choice for choice in buttons if not choice.url and not (message.accepts and choice.aside)]
        words = [choice for choice in buttons if not choice.url and message.accepts and choice.aside]
        lines = [f"{number}. {_ticked(choice)}" for number, choice in enumerate(counted, 1)]
        lines += [f"{choice.label}: {choice.url}" for choice in buttons if choice.url]
        text = "\n".join([text, "", *lines]) if text else "\n".join(lines)
        numbered = (*(replace(choice, label=str(number)) for number, choice in enumerate(counted, 1)), *words)
        buttons = numbered if len(numbered) <= capabilities.button_limit else ()
        if words and not buttons:  # a number before a way out would be taken for the answer
            text += "\n" + " · ".join(f"“{choice.label.lstrip('◀ ')}”" for choice in words)
    room = capabilities.text_limit - utf16(message.title) - utf16(message.note) - 8  # line breaks between them
    pieces = split(text, max(room, 200))
    last = len(pieces) - 1
    return tuple(
        Part(
            text=piece,
            title=message.title if index == 0 else "",
            note=message.note if index == last else "",
            buttons=buttons if index == last else (),
            replaces=message.replaces if index == 0 and capabilities.edit else "",
            picture=message.picture if index == 0 else None,
            attachment=message.attachment if index == last and capabilities.attachments else None,
            urgency=message.urgency,
        )
        for index, piece in enumerate(pieces)
    )


def is_numbered(message: Message, capabilities: Capabilities) -> bool:
    """Whether the choices do not fit on buttons, so that numbers stand before their labels."""
    fits = len(message.choices) <= capabilities.button_limit and all(
        utf16(choice.label) <= capabilities.label_limit for choice in message.choices
    )
    return bool(message.choices) and not fits


def _ticked(choice: Choice) -> str:
    return f"☑ {choice.label}" if choice.selected else choice.label


def split(text: str, limit: int) -> list[str]:
    """Cut text into pieces of at most `limit` UTF-16 units, at a line or word end where there is one."""
    pieces = []
    while utf16(text) > limit:
        head = text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
        cut = max(head.rfind("\n"), head.rfind(" "))
        cut = cut if cut > limit // 2 else len(head)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]
