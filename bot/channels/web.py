"""The browser: survey page and chat.

The page asks and shows the answer in one request, so nothing is ever pushed; an invitation or a reminder
cannot reach a browser, and no other part of the program should believe that it did.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.messages import Capabilities, Inbound, Kind, Part, Rejected, Unreadable

TEXT_LIMIT = 4000  # characters a person may type at once
TOKEN_LIMIT = 64  # characters of a key, an address, a choice token, a code
_KINDS: tuple[Kind, ...] = ("text", "choice", "start", "stop")


class WebChannel:
    """Understands the events that the pages make of form posts."""

    name = "web"
    capabilities = Capabilities(
        text_limit=100_000,
        button_limit=200,
        label_limit=1000,
        opens=("https", "http", "tel"),
        proactive_window=0,
        own_page=True,
    )

    def read(self, raw: Any) -> Inbound:
        """Understand `{"key", "address", "kind"?, "text", "choice", "start", "language", "shown"?, "at": ISO 8601}`."""
        if not isinstance(raw, Mapping):
            raise Unreadable("not an object")
        choice, start = _word(raw, "choice"), _word(raw, "start")
        text = _clean(raw, "text")
        key, address = _word(raw, "key"), _word(raw, "address")
        if not key or not address:
            raise Unreadable("key or address is missing")
        return Inbound(
            channel=self.name,
            address=address,
            event_key=key,
            kind=_kind(raw, text, choice, start),
            occurred_at=_moment(raw.get("at")),
            text=text[:TEXT_LIMIT],
            choice=choice,
            start_payload=start,
            language=_word(raw, "language"),
            shown=_word(raw, "shown") if "shown" in raw else None,
        )

    async def send(self, address: str, part: Part) -> str:
        """Always raises `Rejected`: a browser fetches what it shows, nothing can be sent to it."""
        raise Rejected("a web page fetches its messages; nothing can be sent to it")


def _kind(raw: Mapping[str, Any], text: str, choice: str, start: str) -> Kind:
    for kind in _KINDS:
        if raw.get("kind") == kind:
            return kind
    if raw.get("kind"):
        raise Unreadable("unknown kind")
    if start:
        return "start"
    if choice:
        return "choice"
    if text.strip():
        return "text"
    raise Unreadable("nothing was said")


def _clean(raw: Mapping[str, Any], field: str) -> str:
    """The field as text that both databases can store: no NUL, no half of a surrogate pair."""
    value = raw.get(field, "")
    if not isinstance(value, str):
        raise Unreadable(f"{field} is not text")
    return value.encode("utf-8", "ignore").decode().replace("\0", "")


def _word(raw: Mapping[str, Any], field: str) -> str:
    value = _clean(raw, field)
    if len(value) > TOKEN_LIMIT or not value.isascii():
        raise Unreadable(f"{field} is not a short ASCII word")
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("at is not a moment") from None
    if moment.tzinfo is None:
        raise Unreadable("at has no time zone")
    return moment.astimezone(UTC)
