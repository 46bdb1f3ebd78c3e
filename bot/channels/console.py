"""The console: a person at a terminal, and the plainest of all channels, without buttons."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.messages import Capabilities, Inbound, Part, Unreadable


class ConsoleChannel:
    """Reads `{"key", "address", "text", "at"}`; writes to a function that takes text."""

    name = "console"
    capabilities = Capabilities(text_limit=10_000, button_limit=0, label_limit=0, proactive_window=0)

    def __init__(self, write: Callable[[str], None] = lambda text: None) -> None:
        self._write = write

    def read(self, raw: Any) -> Inbound:
        """A line that somebody typed; `/start CODE` carries what a QR code would. Raises `Unreadable`."""
        if not isinstance(raw, Mapping) or not isinstance(raw.get("text"), str):
            raise Unreadable("no text")
        text = raw["text"].strip()
        command, _, rest = text.partition(" ")
        fields: dict[str, Any] = {
            "channel": self.name,
            "address": str(raw.get("address", "terminal")),
            "event_key": str(raw.get("key", "")),
            "occurred_at": datetime.now(UTC),
            "language": str(raw.get("language", "")),
        }
        if command == "/start":
            return Inbound(**fields, kind="start", start_payload=rest.strip())
        if command == "/stop":
            return Inbound(**fields, kind="stop")
        return Inbound(**fields, kind="text", text=text)

    async def send(self, address: str, part: Part) -> str:
        """Print one part."""
        self._write("\n\n".join(piece for piece in (part.title, part.text, part.note) if piece))
        return ""
