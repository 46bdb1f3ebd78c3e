"""What a channel may have beside `read` and `send`: what it has, the program uses; nobody asks for its name."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from bot.channels.raw import Accept, Raw
from handlers.messages import Channel


@runtime_checkable
class Webhook(Protocol):
    """Its platform calls us: it is served at `/in/<name>`, and answered once the event is stored."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a call really comes from the platform (constant time). Header names are in lower case."""


@runtime_checkable
class Unpacking(Protocol):
    """A call's body is not just one JSON event that `read` understands."""

    def unpack(self, body: bytes) -> Sequence[Raw]:
        """The events of a call. What makes no sense is kept too: the platform must not send it for ever."""


@runtime_checkable
class Polled(Protocol):
    """We ask its platform for events."""

    async def poll(self, accept: Accept) -> None:
        """Hand events over until cancelled; what `accept` has returned from may be confirmed."""


@runtime_checkable
class Acknowledging(Protocol):
    """Its platform wants a word on each event, such as that a button was pressed."""

    def acknowledge_all(self, payloads: Sequence[Any]) -> None:
        """These are stored. Returns at once, raises nothing."""


@runtime_checkable
class Opened(Protocol):
    """It has connections of its own. Opening them calls nobody: the platform may be out of reach just now."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...


@runtime_checkable
class Introduced(Protocol):
    """Its platform wants to know something of us before it works."""

    async def introduce(self, menus: Mapping[str, Sequence[tuple[str, str]]], default: str) -> None:
        """Say where events go and which commands there are, by language; called again when it raises."""


@runtime_checkable
class Linked(Protocol):
    """Our pages can send people there."""

    title: str  # what people call it

    def link(self, payload: str) -> str:
        """An address that opens it and begins with this payload; "" while it is not known."""


def sends(channel: Channel) -> bool:
    """Whether messages go out to it, and it needs a lane of its own; a page fetches what it shows."""
    return channel.capabilities.can_push or isinstance(channel, (Webhook, Polled))
