"""Whom a round would reach, before anything is sent: people and households per hamlet, by channel, and how long."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, case, exists, func, select, true

from storage.tables import Address, Muted, Person
from surveys.json_values import Json
from surveys.rounds.broadcasts import first_address, lives_in
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.send_policy import Sending, Windows
from surveys.rounds.states import NOT_OPENED
from surveys.rounds.units import Turnout, round_units

# Why somebody who once talked to us is not written to.
REASONS = ("stopped", "declined", "not_asked", "blocked", "no_channel")


@dataclass(frozen=True, slots=True)
class Reached:
    """People who once talked to us, by what keeps them from being invited."""

    known: int  # all of them
    reachable: int
    by_channel: Mapping[str, int]  # the reachable
    stopped: int
    declined: int
    not_asked: int
    blocked: int  # their app refuses us
    no_channel: int  # they answered on a page, where nobody can be written to

    def to_json(self) -> Json:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long sending would take, begun when the round opens."""

    messages: int
    rate_per_second: float
    quiet_hours: str  # such as "21:00–07:00"; empty where it is never quiet
    begins_at: datetime
    done_at: datetime
    seconds: float

    def to_json(self) -> Json:
        return {
            "messages": self.messages,
            "rate_per_second": self.rate_per_second,
            "quiet_hours": self.quiet_hours or None,
            "begins_at": self.begins_at.isoformat(),
            "done_at": self.done_at.isoformat(),
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class ReachedUnit:
    """The people of one unit, its hamlets included."""

    unit: Turnout
    people: Reached

    def to_json(self) -> Json:
        unit = self.unit
        place = {"unit": unit.key, "id": unit.id, "name": unit.name, "level": unit.level}
        return {**place, "households": unit.households, **self.people.to_json()}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a round would reach."""

    round: RoundRow
    households: int | None  # None where the number of one unit is not known
    people: Reached
    muted: int  # who want no reminders of this round
    units: tuple[ReachedUnit, ...]
    estimate: Estimate

    def to_json(self) -> Json:
        return {
            "round": self.round.id,
            "name": self.round.name,
            "state": self.round.state,
            "households": self.households,
            "people": {**self.people.to_json(), "muted": self.muted},
            "units": [unit.to_json() for unit in self.units],
            "estimate": self.estimate.to_json(),
        }


def reach(connection: Connection, key: str | int, now: datetime, sending: Sending) -> Audience:
    """People by what keeps them from being invited, per unit, its hamlets included; and how long sending takes."""
    row = find_round(connection, key)
    units = round_units(connection, row.id)
    known = {unit.id: unit for unit in units}
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for place, word, number in _people(connection, row.id, sending.windows, now):
        counted[place][word] += number
    for unit in reversed(units):  # children before their parents
        if unit.parent in known:
            counted[unit.parent] += counted[unit.id]
    tops = [unit for unit in units if unit.parent not in known]
    households = [unit.households for unit in tops]
    people = _reached(sum((counted[unit.id] for unit in tops), Counter[str]()))
    begin = max(now, row.opens_at) if row.state in NOT_OPENED else now
    return Audience(
        row,
        sum(number or 0 for number in households) if None not in households else None,
        people,
        _muted(connection, row.id),
        tuple(ReachedUnit(unit, _reached(counted[unit.id])) for unit in units),
        _estimate(people.reachable, begin, sending),
    )


def _estimate(messages: int, begin: datetime, sending: Sending) -> Estimate:
    done, seconds = sending.done_at(messages, begin), round(sending.seconds(messages, begin), 1)
    return Estimate(messages, sending.rate, str(sending.quiet), begin, done, seconds)


def _people(
    connection: Connection, round_id: int, windows: Windows | None, now: datetime
) -> list[tuple[int, str, int]]:
    """How many live at each place and what becomes of them: a channel's name, or why they are not written to."""
    chosen = select(Address.person_id, Address.channel).where(first_address(windows, now)).subquery()
    can_push = true() if windows is None else Address.channel.in_(windows)
    refused = exists().where(Address.person_id == Person.id, Address.reachable.is_(False), can_push)
    word = case(
        (Person.stopped, "stopped"),
        (Person.consent.is_(None), "not_asked"),
        (Person.consent.is_(False), "declined"),
        (chosen.c.channel.is_not(None), chosen.c.channel),
        (refused, "blocked"),
        else_="no_channel",
    )
    place = func.coalesce(Person.hamlet_id, Person.unit_id)
    counted = (
        select(place.label("place"), word.label("word"))
        .outerjoin(chosen, chosen.c.person_id == Person.id)
        .where(lives_in(round_id))
        .subquery()
    )
    query = select(counted.c.place, counted.c.word, func.count()).group_by(counted.c.place, counted.c.word)
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _reached(words: Counter[str]) -> Reached:
    channels = {word: number for word, number in sorted(words.items()) if word not in REASONS}
    return Reached(
        known=words.total(),
        reachable=sum(channels.values()),
        by_channel=channels,
        stopped=words["stopped"],
        declined=words["declined"],
        not_asked=words["not_asked"],
        blocked=words["blocked"],
        no_channel=words["no_channel"],
    )


def _muted(connection: Connection, round_id: int) -> int:
    return connection.scalar(select(func.count()).select_from(Muted).where(Muted.round_id == round_id)) or 0
