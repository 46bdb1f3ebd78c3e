"""What the pages need from the rest of the program, and nothing else: they are built from a `WebDependencies`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.messages import Message
from storage.audit import record
from storage.database import Database
from surveys.organisation import Organisation
from surveys.results.results import score
from surveys.results.round_score import RoundScore
from surveys.results.suppression import SMALL
from surveys.rounds.send_policy import USUAL, Sending
from surveys.secrecy.vault import Vault


class UnknownCode(Exception):
    """No round and no card has this code; the page says that it was not found."""


class Conversation(Protocol):
    """The way in to the handlers."""

    async def converse(self, channel: str, raws: Sequence[dict[str, Any]]) -> list[Message]:
        """Store and handle these raw events in order, in one transaction; what we answer to the last of them.

        An event that was handled before (same key) is not handled again and is answered with nothing.
        """

    async def current(
        self, channel: str, address: str, code: str, language: str, at: int | None = None
    ) -> Message | None:
        """What stands on the person's screen now, without writing anything.

        For a stranger: the consent question of the round with this code, in this language. May raise `UnknownCode`.
        `at`: the question with this number in the form, as it was answered; None where it cannot be shown.
        """

    async def accept(self, channel: str, body: bytes) -> None:
        """Commit what a channel's platform called us with to the inbox."""


Verify = Callable[[Mapping[str, str], bytes], bool]  # of the request's headers and body
NOBODY = Organisation("")


def no_links(payload: str) -> Mapping[str, str]:
    return {}


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class WebDependencies:
    """Everything the pages are built from."""

    conversation: Conversation
    database: Database
    vault: Vault  # the program's key, and the secrets of rounds
    webhooks: Mapping[str, Verify] = field(default_factory=dict)  # by the channel's name: what says who really calls
    links: Callable[[str], Mapping[str, str]] = no_links  # from a payload: apps that can be begun with it, by title
    organisation: Organisation = NOBODY  # who asks, as kiosks say
    sending: Sending = USUAL  # how a round's invitations go
    small_cells: int = SMALL  # answers of fewer ballots are not shown
    secure_cookies: bool = False  # True where the pages are served over HTTPS
    sample: bool = False  # made-up data: every page says so
    clock: Callable[[], datetime] = utc_now

    def scores(self, connection: Connection, round_id: int) -> RoundScore:
        """The scores of a round as they may be published."""
        return score(connection, round_id, public=True, small=self.small_cells)

    def staff_scores(self, connection: Connection, round_id: int) -> RoundScore:
        """The same as officials read them."""
        return score(connection, round_id, small=self.small_cells)

    def log(self, connection: Connection, actor: str, action: str, subject: str) -> None:
        """Enter who of the staff did what to what into the audit log, in the transaction of the deed."""
        record(connection, self.vault.program_key(), actor=actor, action=action, subject=subject)
