"""The answers by which the stand-in, like Telegram, turns a request down."""

from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """The JSON that the caller gets."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class Violated(Refused):
    """A request that no correct program would send, whatever its chats have done."""

    def __init__(self, description: str) -> None:
        super().__init__(400, f"Bad Request: {description}")


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation on record."""

    method: str
    description: str
    parameters: dict[str, Any]


def flooded(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
