"""What a browser's person has begun and sent, and which open rounds ask where they live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, union_all

from storage.tables import Address, Interview, Participation, Person, Round, RoundUnit, Unit
from surveys.rounds.states import PartState, RoundState
from web.public.round_lists import ancestors

_NAMED = 3  # units; a round of more is called by its name


@dataclass(frozen=True, slots=True)
class OwnRounds:
    """Of a stranger, and of somebody who has not said where they live, nothing is known."""

    place: str = ""  # where they live
    asking: tuple[str, ...] = ()  # codes of the open rounds that ask there
    begun: frozenset[str] = frozenset()  # of rounds whose ballot is not sent
    sent: frozenset[str] = frozenset()

    def rank(self, code: str) -> int:
        """Where a round belongs on a list: what was begun, then what asks here, then the rest."""
        return 0 if code in self.begun else 1 if code in self.asking or code in self.sent else 2

    def instead(self, code: str) -> str:
        """The code of the round to go to where this one does not ask: nothing where it does, or none does."""
        if code in self.asking or not self.asking:
            return ""
        waiting = [each for each in self.asking if each not in self.sent]
        return next((each for each in waiting if each in self.begun), (waiting or list(self.asking))[0])


@dataclass(frozen=True, slots=True)
class OtherRound:
    """A round whose link was followed by somebody whom it does not ask."""

    code: str
    asked: str  # whom it asks
    own: str  # where the person lives


def find_own(connection: Connection, address: str, now: datetime) -> OwnRounds:
    """What is stored of the browser with this address."""
    person = connection.execute(
        select(Person.id, Person.consent, Person.unit_id, Person.hamlet_id, Person.household_id)
        .join(Address, Address.person_id == Person.id)
        .where(Address.channel == "web", Address.address == address)
    ).one_or_none()
    if person is None:
        return OwnRounds()
    parts = connection.execute(
        union_all(
            select(Round.code, Interview.state)
            .join(Round, Round.id == Interview.round_id)
            .where(Interview.person_id == person.id),
            select(Round.code, Participation.state)
            .join(Round, Round.id == Participation.round_id)
            .where(Participation.household_id == person.household_id),
        )
    ).all()
    home = person.hamlet_id or person.unit_id
    settled = person.consent and home is not None
    sent = frozenset(part.code for part in parts if part.state == PartState.SUBMITTED)
    return OwnRounds(
        place=_name(connection, home) if settled else "",
        asking=tuple(_asking(connection, home, now)) if settled else (),
        begun=frozenset(part.code for part in parts) - sent,
        sent=sent,
    )


def other_round(connection: Connection, code: str, own: OwnRounds) -> OtherRound | None:
    """The round with this code, if it is open to others than this person."""
    if not own.place or code in own.asking:
        return None
    units = connection.execute(
        select(Round.name.label("round"), Unit.name)
        .join(RoundUnit, RoundUnit.round_id == Round.id)
        .join(Unit, Unit.id == RoundUnit.unit_id)
        .where(Round.code == code, Round.state == RoundState.OPEN)
        .order_by(Unit.name)
    ).all()
    if not units:
        return None
    asked = ", ".join(_within(unit.name) for unit in units) if len(units) <= _NAMED else f"“{units[0].round}”"
    return OtherRound(code, asked, own.place)


def _asking(connection: Connection, home: int, now: datetime) -> Sequence[str]:
    """Codes of the open rounds that ask a unit or one that it lies in."""
    return connection.scalars(
        select(Round.code)
        .join(RoundUnit, RoundUnit.round_id == Round.id)
        .where(
            Round.state == RoundState.OPEN,
            Round.closes_at > now,
            RoundUnit.unit_id.in_({home, *ancestors(connection, home)}),
        )
        .distinct()
        .order_by(Round.code)
    ).all()


def _name(connection: Connection, unit_id: int) -> str:
    """A hamlet with its commune: "ấp 1, xã Thuận Hòa"."""
    name, level, parent = connection.execute(
        select(Unit.name, Unit.level, Unit.parent_id).where(Unit.id == unit_id)
    ).one()
    return f"{_within(name)}, {_name(connection, parent)}" if level == "hamlet" and parent else _within(name)


def _within(name: str) -> str:
    """The name inside a sentence: "xã Thuận Hòa"."""
    return name[:1].lower() + name[1:]
