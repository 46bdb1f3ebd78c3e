"""What the pages need from the rest of the program, and nothing else: they are built from a `WebDependencies`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.messages import Message
from handlers.shared import Organisation
from storage.database import Database
from surveys.results.round_score import RoundScore
from surveys.rounds.sending_status import SendingStatus
from surveys.rounds.units import Turnout
from surveys.secrecy.vault import Vault


class UnknownCode(Exception):
    """No round and no card has this code; the page says that it was not found."""


class Conversation(Protocol):
    """The way in to the handlers."""

    async def converse(self, channel: str, raws: Sequence[dict[str, Any]]) -> list[Message]:
        """Store and handle these raw events in order, in one transaction; what we answer to the last of them.

        An event that was handled before (same key) is not handled again and is answered with nothing.
        """

    async def current(self, channel: str, address: str, code: str, language: str) -> Message:
        """What stands on the person's screen now, without writing anything.

        For a stranger: the consent question of the round with this code, in this language. May raise `UnknownCode`.
        """

    async def accept(self, channel: str, raws: Sequence[bytes]) -> None:
        """Commit raw webhook bodies to the inbox."""


NOBODY = Organisation("")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebDependencies:
    """Everything the pages are built from."""

    conversation: Conversation
    database: Database
    migrated: Callable[[Connection], bool]  # whether the schema is at its newest revision
    coverage: Callable[[Connection, int], Sequence[Turnout]] | None = None  # of a round's units
    sending: Callable[[Connection, int], SendingStatus] | None = None  # how a round's invitations go
    scores: Callable[[Connection, int], RoundScore] | None = None  # of a round, as they may be published
    telegram_verify: Callable[[Mapping[str, str], bytes], bool] | None = None  # None: no such webhook
    telegram_name: Callable[[], str] = str  # the bot's name, without "@"; empty while it is not known
    # Logs who of the staff did what to what, in the transaction of the deed.
    note: Callable[[Connection, str, str, str], None] | None = None
    vault: Vault | None = None  # the secrets of rounds, for kiosks; None: there are none
    organisation: Organisation = NOBODY  # who asks, as kiosks say
    secure_cookies: bool = False  # True where the pages are served over HTTPS
    sample: bool = False  # made-up data: every page says so
    clock: Callable[[], datetime] = utc_now
