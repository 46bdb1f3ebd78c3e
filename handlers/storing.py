"""Visits are loaded and stored for a whole batch at once, one statement per table."""

from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from handlers.ballot_rows import BallotRows, load_interviews
from handlers.messages import Inbound
from handlers.shared import SharedState
from handlers.visit import PersonState, Visit, stranger
from places.register.households import Known, lock_households
from storage.audit import record
from storage.tables import Address, Consent, FaqQuestion, Holder, Person, ShortCode
from surveys.privacy.erasure import erase_person, withdraw_ballots
from surveys.privacy.requests import fulfil, whose


def load(connection: Connection, shared: SharedState, inbounds: Sequence[Inbound], now: datetime) -> list[Visit]:
    """The visits of these events: all of one channel, each from another address.

    On PostgreSQL the persons' rows are locked until the end of the transaction.
    """
    addresses = [inbound.address for inbound in inbounds]
    rows = connection.execute(
        select(Address.address, Address.reachable, *(getattr(Person, name) for name in _PERSON))
        .join(Person, Person.id == Address.person_id)
        .where(Address.channel == inbounds[0].channel, Address.address.in_(addresses))
        .order_by(Person.id)
        .with_for_update(of=Person)
    ).all()
    people = {row[0]: PersonState(*row[2:]) for row in rows}
    lost = {row.address for row in rows if not row.reachable}
    houses = _load_households(connection, people.values())
    interviews = load_interviews(connection, shared, list(people.values()))
    visits = []
    for inbound in inbounds:
        person = people.get(inbound.address)
        visit = Visit(shared, inbound, now, person or stranger(inbound), known=person is not None)
        visit.interviews = interviews.get(visit.person.id, {})
        visit.household = houses.get(visit.person.household_id or 0)
        visit.connection = connection
        visit.returns = inbound.address in lost and inbound.kind != "stop"
        visit.keep()
        visits.append(visit)
    return visits


def become(visit: Visit, connection: Connection, person_id: int) -> bool:
    """Go on as another person, whose short code was typed; False when there is no such person."""
    columns = [getattr(Person, name) for name in _PERSON]
    row = connection.execute(select(*columns).where(Person.id == person_id).with_for_update()).first()
    if row is None:
        return False
    visit.leaves = copy(visit)
    visit.person, visit.known, visit.rows = PersonState(*row), True, []
    houses = _load_households(connection, [visit.person])
    visit.household = houses.get(visit.person.household_id or 0)
    visit.interviews = load_interviews(connection, visit.shared, [visit.person])[person_id]
    visit.keep()
    return True


def _load_households(connection: Connection, people: Collection[PersonState]) -> dict[int, Known]:
    """Whom these people answer for, locked like their own rows; one that became void is nobody's any more."""
    ids = {person.household_id for person in people if person.household_id is not None}
    houses = lock_households(connection, ids) if ids else {}
    for person in people:
        if person.household_id not in houses:
            person.household_id = None
    return houses


_PERSON = (
    "id",
    "language",
    "consent",
    "unit_id",
    "hamlet_id",
    "hamlet_asked",
    "household_id",
    "round_id",
    "stopped",
    "shown",
)


_UPDATE_PERSON = (
    update(Person)
    .where(Person.id == bindparam("key"))
    .values({name: bindparam(name) for name in (*_PERSON[1:], "seen_at")})
)
_REACH_AGAIN = (
    update(Address)
    .where(Address.channel == bindparam("key"), Address.address == bindparam("key_address"))
    .values(reachable=True)
)
# By the hour, rounded down: enough for a window of days, and no clock of who answered when.
_HEARD = (
    update(Address)
    .where(Address.channel == bindparam("key"), Address.address == bindparam("key_address"))
    .where(or_(Address.heard_at.is_(None), Address.heard_at < bindparam("hour")))
    .values(heard_at=bindparam("hour"))
)


def store(connection: Connection, visits: Sequence[Visit]) -> None:
    """Write what the conversations changed, one statement per table for all visits together."""
    batch = _Batch()
    for visit in visits:
        batch.add(visit)
    batch.write(connection)


class _Batch:
    def __init__(self) -> None:
        self.inserts: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (Person, Address, Holder, Consent, ShortCode, FaqQuestion)
        }
        self.people: list[dict[str, Any]] = []
        self.ballots = BallotRows()
        self.gone: list[Visit] = []
        self.joined: list[tuple[int, int]] = []  # people who turned out to be another one: (before, now)
        self.rights: list[Visit] = []
        self.addresses: list[dict[str, Any]] = []
        self.try_text: list[dict[str, Any]] = []
        self.later: list[Any] = []

    def add(self, visit: Visit) -> None:
        person, before = visit.person, visit._before
        if visit.asked or visit.withdraws:
            self.rights.append(visit)
        if visit.forget:
            self.gone.append(visit)
            return
        if visit.leaves is not None:
            self.gone.append(visit.leaves)
            self.joined.append((visit.leaves.person.id, person.id))
            self._add_address(visit)
        values = {name: getattr(person, name) for name in _PERSON}
        if visit.known:
            if before is None or person != before[0]:
                values["key"] = values.pop("id")
                self.people.append({**values, "seen_at": visit.now})
        else:
            self.inserts[Person].append({**values, "created_at": visit.now, "seen_at": visit.now})
            self._add_address(visit)
        if visit.returns:
            self.addresses.append({"key": visit.inbound.channel, "key_address": visit.inbound.address})
        if visit.shared.able(visit.inbound.channel).window and not visit.inbound.silent:
            self._add_word(visit.inbound, visit.now)
        for table, row in visit.rows:
            self.inserts[table].append(row)
        self.later += visit.later
        for interview in visit.dropped:
            self.ballots.drop(visit, interview)
        for round_id, interview in visit.interviews.items():
            old = before[1].get(round_id) if before is not None else None
            if interview != old:
                self.ballots.add(visit, interview, old)

    def _add_address(self, visit: Visit) -> None:
        self.inserts[Address].append(
            {
                "channel": visit.inbound.channel,
                "address": visit.inbound.address,
                "person_id": visit.person.id,
                "reachable": True,
                "since": visit.now,
            }
        )

    def _add_word(self, inbound: Inbound, now: datetime) -> None:
        hour = min(inbound.occurred_at, now).replace(minute=0, second=0, microsecond=0)
        self.try_text.append({"key": inbound.channel, "key_address": inbound.address, "hour": hour})

    def write(self, connection: Connection) -> None:
        for visit in self.rights:
            _honour(connection, visit)
        for before, now in self.joined:
            hand_over(connection, before, now)
        for visit in self.gone:
            forget(connection, visit)
        for table, rows in self.inserts.items():
            if rows:
                connection.execute(insert(table), rows)
        for statement, rows in (
            (_REACH_AGAIN, self.addresses),
            (_HEARD, self.try_text),
            (_UPDATE_PERSON, self.people),
        ):
            if rows:
                connection.execute(statement, rows)
        self.ballots.write(connection)
        for statement in self.later:
            connection.execute(statement)


def forget(connection: Connection, visit: Visit) -> None:
    """Delete a person, with their ballots of open rounds and what was still to be sent."""
    if visit.known:
        erase_person(connection, visit.person.id, _secrets(visit))


def hand_over(connection: Connection, before: int, now: int) -> None:
    """Let one person hold the households whose cards another one has shown, who turned out to be the same."""
    held = select(Holder.household_id).where(Holder.person_id == now)
    mine = Holder.person_id == before, Holder.household_id.not_in(held)
    connection.execute(update(Holder).where(*mine).values(person_id=now))


def _honour(connection: Connection, visit: Visit) -> None:
    """Withdraw what they withdraw, and enter what they asked into the register; deletions are audited too."""
    if visit.withdraws:
        withdraw_ballots(connection, visit.person.id, _secrets(visit))
    key, inbound = visit.shared.key, visit.inbound
    owner = whose(key, inbound.channel, inbound.address)
    for kind in visit.asked:
        fulfil(connection, kind, owner, via=inbound.channel, now=visit.now)
        if kind == "delete":
            record(connection, key, actor="resident", action="person.delete", subject=owner, now=visit.now)


def _secrets(visit: Visit) -> dict[int, bytes]:
    return {open_round.id: open_round.secret for open_round in visit.shared.rounds.values()}
