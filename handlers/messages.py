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
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

Kind = Literal["text", "choice", "start", "stop", "contact", "media", "unsupported"]
Urgency = Literal["reply", "notice", "broadcast"]
# What may be typed: "text" in one's own words, everything else on one line.
Accepts = Literal["", "text", "number", "date", "place", "hamlet", "card", "question"]
# Messages that pages set in a way of their own.
Scene = Literal["", "consent", "lesson", "sent", "review"]


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
    url: str = ""  # opens this address instead of answering; left out where a channel can't: say it in the text too
    selected: bool = False  # ticked, in a question with several answers
    aside: bool = False  # a way out (back, skip), not an answer: shown smaller or on a row of its own
    mood: int | None = None  # from -2, a frown, to 2, a smile; None: no face says what the words do
    language: str = ""  # of the label, where the button changes to that language


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
class Row:
    """A line of a ballot that is looked through: the question, what was answered, the button that changes it."""

    question: str
    answer: str
    change: Choice


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
    scene: Scene = ""
    refuses: bool = False  # its first paragraph says why what was just said could not be taken
    in_vietnamese: tuple[str, ...] = ()  # which of its parts ("title", "text", "note") the person's language lacks
    lead: str = ""  # with `rows`: what stands above them
    rows: tuple[Row, ...] = ()  # what `text` and the numbered choices say, for a channel that sets them side by side
    asks: str = ""  # an opaque token: the question that a typed word is said to; "": it is said to none

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values for the ledger; only what is not the default and what is sent. No attachments."""
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
    own_page: bool = False  # a page of ours: no messenger sees what is said
    opens: tuple[str, ...] = ("https", "http")  # schemes of addresses that a button may open
    # Hours after the person's last word in which we may write without being asked; None: always; 0: never.
    proactive_window: int | None = None

    @property
    def can_push(self) -> bool:
        """Whether anything can be sent there that is no answer to what was just said."""
        return self.proactive_window != 0

    @property
    def window(self) -> timedelta | None:
        """`proactive_window` as a duration."""
        return None if self.proactive_window is None else timedelta(hours=self.proactive_window)


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
    """A messaging platform. How its events come in, and what else it may have: `bot/channels/abilities.py`."""

    name: str
    capabilities: Capabilities

    def read(self, raw: Any) -> Inbound:
        """Understand one raw event. Raises `Unreadable`."""

    async def send(self, address: str, part: Part) -> str:
        """Send or edit one message; returns its `message_ref`. Raises a `SendError`."""


def prefaced(message: Message, preface: str) -> Message:
    """The message with a sentence before its text."""
    return replace(message, text=f"{preface}\n\n{message.text}".strip())


def refused(message: Message, reason: str) -> Message:
    """The message again, after the reason why what was said could not be taken."""
    return replace(prefaced(message, reason), refuses=True)


def quoted(text: str) -> str:
    """What somebody typed, short enough to be repeated to them."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's 4096 limit."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
