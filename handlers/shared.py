"""What every conversation may need to know, read once and refreshed: territory, open rounds, texts, keys."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from faq import review
from faq.emergency import NO_OWN_NUMBERS, OwnNumbers
from faq.library import Library
from handlers.catalogue import Catalogue, load_catalogue
from handlers.messages import Capabilities, Inbound
from places.units import Place, Territory
from storage.tables import FormVersion, Round, RoundUnit, Unit
from surveys.forms.form import Form
from surveys.organisation import Organisation
from surveys.rounds.send_policy import USUAL, Sending
from surveys.rounds.states import RoundState
from surveys.secrecy.cipher import Cipher
from surveys.secrecy.vault import SecretGone, Vault

# A channel that nobody here knows any more: nothing can be sent there.
GONE = Capabilities(text_limit=1000, button_limit=0, label_limit=0, proactive_window=0)
GUESSES = 10  # short codes an address may try in an hour
STALE = 5.0  # seconds after which the territory is looked at again


@dataclass(frozen=True)
class OpenRound:
    """A round that takes answers, with its frozen form and its secret."""

    id: int
    name: str
    code: str
    form: Form
    secret: bytes
    units: tuple[int, ...]
    closes_at: datetime
    counts: str = "person"  # household: one ballot for each card
    self_declared: bool = False  # people without a card are asked all the same, one ballot each

    @cached_property
    def cipher(self) -> Cipher:
        """Closes and opens the answers of its ballots."""
        return Cipher(self.secret)


@dataclass(frozen=True, slots=True)
class Helping:
    """How helpers bring people the ballot: on which pages, and to how many households a day."""

    site: str = ""  # the address of our pages; empty: there are none
    per_day: int = 20


class SharedState:
    """Shared by all conversations of a process. `refresh` belongs to the writer thread."""

    def __init__(
        self,
        vault: Vault,
        organisation: Organisation,
        catalogue: Catalogue | None = None,
        library: Library | None = None,
        sending: Sending = USUAL,
        helping: Helping = Helping(),
        capabilities: Mapping[str, Capabilities] = MappingProxyType({}),
        own_numbers: OwnNumbers = NO_OWN_NUMBERS,
    ) -> None:
        self.vault = vault
        self.organisation = organisation
        self.sending = sending
        self.helping = helping
        self.capabilities = capabilities  # of each channel, by the name that addresses carry
        self.own_numbers = own_numbers
        self.catalogue = catalogue or load_catalogue()
        self.library = library or Library()
        self.key = vault.program_key()
        self.message_cipher = Cipher(self.key, b"letters")  # events that wait and replies that are owed
        self.territory = Territory(())
        self.rounds: dict[int, OpenRound] = {}
        self._forms: dict[int, Form] = {}
        self._guesses: dict[tuple[str, str], list[datetime]] = {}
        self._stamp: tuple[int | None, ...] = ()
        self._taught: tuple[object, ...] = ()
        self._looked = -STALE

    def refresh(self, connection: Connection, now: datetime | None = None) -> None:
        """See which rounds take answers now; one past its closing time takes none, closed or not.

        On PostgreSQL a round can't close under the caller's transaction.
        """
        if time.monotonic() - self._looked > STALE:
            self._refresh_territory(connection)
            self._refresh_search(connection)
        rows = connection.execute(
            select(
                Round.id,
                Round.name,
                Round.code,
                Round.form_id,
                Round.closes_at,
                Round.counts,
                Round.self_declared,
            )
            .where(Round.state == RoundState.OPEN, Round.closes_at > (now or datetime.now(UTC)))
            .order_by(Round.id)
            .with_for_update(read=True)
        ).all()
        opened: dict[int, OpenRound] = {}
        for row in rows:
            known = self.rounds.get(row.id)
            if known is None:
                try:
                    secret = self.vault.round_secret(row.code)
                except SecretGone:
                    continue  # opened on a machine whose secrets are not here: `check` says so
                known = OpenRound(
                    row.id,
                    row.name,
                    row.code,
                    self.form(connection, row.form_id),
                    secret,
                    self._units(connection, row.id),
                    row.closes_at,
                    row.counts,
                    row.self_declared,
                )
            opened[row.id] = known
        for closed in self.rounds.keys() - opened.keys():
            self.vault.drop_round_secret(self.rounds[closed].code)
        self.rounds = opened

    def able(self, channel: str) -> Capabilities:
        """What a channel can do; of one that is gone: nothing."""
        return self.capabilities.get(channel, GONE)

    def may_guess(self, inbound: Inbound, now: datetime) -> bool:
        """Whether an address may try a code; not once it has tried ten wrong ones within the hour."""
        return len(self._recent(inbound, now)) < GUESSES

    def guessed_wrong(self, inbound: Inbound, now: datetime) -> None:
        """Count a wrong code."""
        if len(self._guesses) > 10_000:
            self._guesses.clear()
        self._guesses[inbound.channel, inbound.address] = [*self._recent(inbound, now), now]

    def _recent(self, inbound: Inbound, now: datetime) -> list[datetime]:
        moments = self._guesses.get((inbound.channel, inbound.address), ())
        return [moment for moment in moments if now - moment < timedelta(hours=1)]

    def form(self, connection: Connection, form_id: int) -> Form:
        """A frozen form; it never changes, so it is read once."""
        if form_id not in self._forms:
            definition = connection.execute(
                select(FormVersion.definition).where(FormVersion.id == form_id)
            ).scalar_one()
            self._forms[form_id] = Form.from_dict(definition)
        return self._forms[form_id]

    def rounds_at(self, place_id: int | None) -> list[OpenRound]:
        """The open rounds that ask people who live in this commune or hamlet."""
        if place_id is None:
            return []
        return [open_round for open_round in self.rounds.values() if self.asks(open_round, place_id)]

    def asks(self, open_round: OpenRound, place_id: int) -> bool:
        return any(self.territory.covers(unit, place_id) for unit in open_round.units)

    def communes_asked(self, rounds: Sequence[OpenRound]) -> list[Place]:
        """The communes in which these rounds ask, in the order of their names."""
        communes: dict[int, Place] = {}
        for open_round in rounds:
            for unit_id in open_round.units:
                place = self.territory.get(unit_id)
                if place is None:
                    continue
                if place.level == "hamlet" and place.parent_id is not None:
                    place = self.territory[place.parent_id]
                if place.level == "commune":
                    communes[place.id] = place
        return sorted(communes.values(), key=lambda place: place.name)

    def _units(self, connection: Connection, round_id: int) -> tuple[int, ...]:
        return tuple(connection.execute(select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)).scalars())

    def _refresh_search(self, connection: Connection) -> None:
        """Let the search learn what an editor taught meanwhile."""
        stamp = review.stamp(connection)
        if stamp != self._taught:
            self.library.teach(review.taught(connection))
            self._taught = stamp

    def _refresh_territory(self, connection: Connection) -> None:
        self._looked = time.monotonic()
        stamp: tuple[int | None, ...] = tuple(
            connection.execute(
                select(
                    func.count(),
                    func.coalesce(func.max(Unit.id), 0),
                    func.coalesce(func.sum(Unit.households), 0),
                )
            ).one()
        )
        if stamp != self._stamp:
            self.territory, self._stamp = Territory.read(connection), stamp
