"""Visits are loaded and stored for a whole batch at once, one statement per table."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from handlers.messages import Inbound
from handlers.visit import InterviewState, PersonState, Visit, stranger
from handlers.world import World
from storage.audit import record
from storage.models import Address, Ballot, Consent, FaqQuestion, Interview, Person, ShortCode
from surveys.erasure import erase_person, withdraw_ballots
from surveys.rights import fulfil, whose
from surveys.secrecy import ballot_tag


def load(connection: Connection, world: World, inbounds: Sequence[Inbound], now: datetime) -> list[Visit]:
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
    interviews = _load_interviews(connection, world, [person.id for person in people.values()])
    visits = []
    for inbound in inbounds:
        person = people.get(inbound.address)
        visit = Visit(world, inbound, now, person or stranger(inbound), known=person is not None)
        visit.interviews = interviews.get(visit.person.id, {})
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
    visit.interviews = _load_interviews(connection, visit.world, [person_id]).get(person_id, {})
    visit.keep()
    return True


_PERSON = (
    "id",
    "language",
    "consent",
    "unit_id",
    "hamlet_id",
    "hamlet_asked",
    "round_id",
    "stopped",
    "shown",
)


def _load_interviews(
    connection: Connection, world: World, people: Sequence[int]
) -> dict[int, dict[int, InterviewState]]:
    if not people or not world.rounds:
        return {}
    found: dict[int, dict[int, InterviewState]] = {}
    tags: dict[tuple[int, bytes], InterviewState] = {}
    for row in connection.execute(
        select(
            Interview.person_id,
            Interview.round_id,
            Interview.unit_id,
            Interview.mode,
            Interview.state,
            Interview.cursor,
        ).where(Interview.person_id.in_(people), Interview.round_id.in_(list(world.rounds)))
    ):
        state = InterviewState(row.round_id, row.unit_id, row.mode, row.state == "submitted", row.cursor)
        found.setdefault(row.person_id, {})[row.round_id] = state
        tags[row.round_id, ballot_tag(world.rounds[row.round_id].secret, row.person_id)] = state
    by_round: dict[int, list[bytes]] = {}
    for round_id, tag in tags:
        by_round.setdefault(round_id, []).append(tag)
    if by_round:
        wanted = [and_(Ballot.round_id == round_id, Ballot.tag.in_(each)) for round_id, each in by_round.items()]
        for ballot in connection.execute(select(Ballot.round_id, Ballot.tag, Ballot.answers).where(or_(*wanted))):
            seal = world.rounds[ballot.round_id].seal
            tags[ballot.round_id, bytes(ballot.tag)].answers = seal.open(bytes(ballot.tag), ballot.answers)
    return found


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
_UPDATE_INTERVIEW = (
    update(Interview)
    .where(Interview.person_id == bindparam("key"), Interview.round_id == bindparam("key_round"))
    .values({name: bindparam(name) for name in ("unit_id", "mode", "state", "cursor", "submitted_at")})
)
_UPDATE_BALLOT = (
    update(Ballot)
    .where(Ballot.round_id == bindparam("key_round"), Ballot.tag == bindparam("key"))
    .values({name: bindparam(name) for name in ("unit_id", "mode", "submitted", "answers")})
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
            table: [] for table in (Person, Address, Interview, Ballot, Consent, ShortCode, FaqQuestion)
        }
        self.people: list[dict[str, Any]] = []
        self.interviews: list[dict[str, Any]] = []
        self.ballots: list[dict[str, Any]] = []
        self.gone: list[Visit] = []
        self.rights: list[Visit] = []
        self.addresses: list[dict[str, Any]] = []
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
        for table, row in visit.rows:
            self.inserts[table].append(row)
        self.later += visit.later
        for round_id, interview in visit.interviews.items():
            old = before[1].get(round_id) if before is not None else None
            if interview != old:
                self._add_interview(visit, interview, old)

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

    def _add_interview(self, visit: Visit, interview: InterviewState, old: InterviewState | None) -> None:
        person_id, round_id = visit.person.id, interview.round_id
        state = "submitted" if interview.submitted else "started"
        facts: dict[str, Any] = {
            "unit_id": interview.unit_id,
            "mode": interview.mode,
            "state": state,
            "cursor": interview.cursor,
            "submitted_at": visit.now if interview.submitted else None,
        }
        entry = visit.world.rounds[round_id]
        tag = ballot_tag(entry.secret, person_id)
        ballot: dict[str, Any] = {
            "unit_id": interview.unit_id,
            "mode": interview.mode,
            "submitted": interview.submitted,
            "answers": entry.seal.close(tag, interview.answers),
        }
        if old is None:
            key = {"person_id": person_id, "round_id": round_id}
            self.inserts[Interview].append({**facts, **key, "started_at": visit.now})
            self.inserts[Ballot].append({**ballot, "round_id": round_id, "tag": tag})
        else:
            if (old.unit_id, old.submitted, old.cursor) != (
                interview.unit_id,
                interview.submitted,
                interview.cursor,
            ):
                self.interviews.append({**facts, "key": person_id, "key_round": round_id})
            self.ballots.append({**ballot, "key_round": round_id, "key": tag})

    def write(self, connection: Connection) -> None:
        for visit in self.rights:
            _honour(connection, visit)
        for visit in self.gone:
            forget(connection, visit)
        for table, rows in self.inserts.items():
            if rows:
                connection.execute(insert(table), rows)
        for statement, rows in (
            (_REACH_AGAIN, self.addresses),
            (_UPDATE_PERSON, self.people),
            (_UPDATE_INTERVIEW, self.interviews),
            (_UPDATE_BALLOT, self.ballots),
        ):
            if rows:
                connection.execute(statement, rows)
        for statement in self.later:
            connection.execute(statement)


def forget(connection: Connection, visit: Visit) -> None:
    """Delete a person, with their ballots of open rounds and what was still to be sent."""
    if visit.known:
        erase_person(connection, visit.person.id, _secrets(visit))


def _honour(connection: Connection, visit: Visit) -> None:
    """Withdraw what they withdraw, and enter what they asked into the register; deletions are audited too."""
    if visit.withdraws:
        withdraw_ballots(connection, visit.person.id, _secrets(visit))
    key, inbound = visit.world.key, visit.inbound
    owner = whose(key, inbound.channel, inbound.address)
    for kind in visit.asked:
        fulfil(connection, kind, owner, via=inbound.channel, now=visit.now)
        if kind == "delete":
            record(connection, key, actor="resident", action="person.delete", subject=owner, now=visit.now)


def _secrets(visit: Visit) -> dict[int, bytes]:
    return {entry.id: entry.secret for entry in visit.world.rounds.values()}
