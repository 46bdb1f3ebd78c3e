"""What the pages need from the rest of the program, and nothing else: they are built from a `WebDependencies`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.messages import Message
from storage.database import Database
from surveys.organisation import Organisation
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
    # Rows {"id": unit id, "name", "households", "ballots", "coverage"} of a round.
    coverage: Callable[[Connection, int], Sequence[Mapping[str, Any]]] | None = None
    # How a round's invitations go: `surveys.rounds.status.under_way`.
    sending: Callable[[Connection, int], Mapping[str, Any]] | None = None
    # The scores of a round as they may be published, in the JSON shape of the command `score`; "id" is the unit's id.
    scores: Callable[[Connection, int], Mapping[str, Any]] | None = None
    # The same as officials read them; None: there is only what may be published.
    staff_scores: Callable[[Connection, int], Mapping[str, Any]] | None = None
    telegram_verify: Callable[[Mapping[str, str], bytes], bool] | None = None  # None: no such webhook
    telegram_name: Callable[[], str] = str  # the bot's name, without "@"; empty while it is not known
    # Logs who of the staff did what to what, in the transaction of the deed.
    note: Callable[[Connection, str, str, str], None] | None = None
    vault: Vault | None = None  # the secrets of rounds, for kiosks; None: there are none
    organisation: Organisation = NOBODY  # who asks, as kiosks say
    secure_cookies: bool = False  # True where the pages are served over HTTPS
    sample: bool = False  # made-up data: every page says so
    clock: Callable[[], datetime] = utc_now
