"""Whom a round would reach, before anything is sent: people and households per hamlet, by channel, and how long."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, exists, func, select

from storage.tables import Address, Muted, Person
from surveys.rounds.broadcasts import UNREACHED, first_address, lives_in
from surveys.rounds.rounds import find_round
from surveys.rounds.send_policy import Sending
from surveys.rounds.states import NOT_OPENED
from surveys.rounds.units import round_units

# Why somebody who once talked to us is not written to.
REASONS = ("stopped", "declined", "not_asked", "blocked", "no_channel")


def reach(connection: Connection, key: str | int, now: datetime, sending: Sending) -> dict[str, Any]:
    """People by what keeps them from being invited, per unit, its hamlets included; and how long sending takes.

    `blocked`: their app refuses us. `no_channel`: they answered on a page, where nobody can be written to.
    """
    row = find_round(connection, key)
    units = round_units(connection, row.id)
    known = {unit.id: unit for unit in units}
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for place, word, number in _people(connection, row.id):
        counted[place][word] += number
    for unit in reversed(units):  # children before their parents
        if unit.parent in known:
            counted[unit.parent] += counted[unit.id]
    tops = [unit for unit in units if unit.parent not in known]
    total = sum((counted[unit.id] for unit in tops), Counter[str]())
    households = [unit.households for unit in tops]
    begin = max(now, row.opens_at) if row.state in NOT_OPENED else now
    people = _said(total)
    return {
        "round": row.id,
        "name": row.name,
        "state": row.state,
        "households": sum(number or 0 for number in households) if None not in households else None,
        "people": {**people, "muted": _muted(connection, row.id)},
        "units": [
            {"unit": unit.key, "id": unit.id, "name": unit.name, "level": unit.level, "households": unit.households}
            | _said(counted[unit.id])
            for unit in units
        ],
        "estimate": {
            "messages": people["reachable"],
            "rate_per_second": sending.rate,
            "quiet_hours": str(sending.quiet) or None,
            "begins_at": begin.isoformat(),
            "done_at": sending.done_at(people["reachable"], begin).isoformat(),
            "seconds": round(sending.seconds(people["reachable"], begin), 1),
        },
    }


def _people(connection: Connection, round_id: int) -> list[tuple[int, str, int]]:
    """How many live at each place and what becomes of them: a channel's name, or why they are not written to."""
    chosen = select(Address.person_id, Address.channel).where(first_address()).subquery()
    elsewhere = exists().where(Address.person_id == Person.id, Address.channel.not_in(UNREACHED))
    word = case(
        (Person.stopped, "stopped"),
        (Person.consent.is_(None), "not_asked"),
        (Person.consent.is_(False), "declined"),
        (chosen.c.channel.is_not(None), chosen.c.channel),
        (elsewhere, "blocked"),
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


def _said(words: Counter[str]) -> dict[str, Any]:
    channels = {word: number for word, number in sorted(words.items()) if word not in REASONS}
    return {
        "known": words.total(),
        "reachable": sum(channels.values()),
        "by_channel": channels,
        **{reason: words[reason] for reason in REASONS},
    }


def _muted(connection: Connection, round_id: int) -> int:
    return connection.scalar(select(func.count()).select_from(Muted).where(Muted.round_id == round_id)) or 0
