"""The ballots of visits: loaded and stored for a whole batch, a person's own or their household's.

In a round that counts households the part in it is a `participation` and the tag that of the household; in any
other an `interview` and the tag of the person. From there on they are the same to every conversation.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from handlers.shared import OpenRound, SharedState
from handlers.visit import InterviewState, PersonState, Visit
from storage.tables import Ballot, Interview, Participation
from surveys.rounds.states import PartState, read_mode
from surveys.secrecy.vault import ballot_tag, household_tag

_FACTS = ("unit_id", "mode", "state", "cursor", "submitted_at")


def load_interviews(
    connection: Connection, shared: SharedState, people: Sequence[PersonState]
) -> dict[int, dict[int, InterviewState]]:
    """What these people, or the households that they answer for, have begun in the open rounds, by person and round."""
    found: dict[int, dict[int, InterviewState]] = {person.id: {} for person in people}
    if not people or not shared.rounds:
        return found
    for row in connection.execute(
        select(Interview.person_id, Interview.round_id, *_columns(Interview)).where(
            Interview.person_id.in_(list(found)), Interview.round_id.in_(list(shared.rounds))
        )
    ):
        found[row.person_id][row.round_id] = _state(row, None)
    counted = [open_round.id for open_round in shared.rounds.values() if open_round.counts == "household"]
    houses = {person.household_id for person in people if person.household_id is not None}
    if counted and houses:
        parts: dict[int, dict[int, InterviewState]] = {}
        for row in connection.execute(
            select(Participation.household_id, Participation.round_id, *_columns(Participation)).where(
                Participation.household_id.in_(houses), Participation.round_id.in_(counted)
            )
        ):
            parts.setdefault(row.household_id, {})[row.round_id] = _state(row, row.household_id)
        for person in people:
            found[person.id] |= parts.get(person.household_id or 0, {})
    _load_answers(connection, shared, found)
    return found


def _columns(table: Any) -> list[Any]:
    return [table.unit_id, table.mode, table.state, table.cursor]


def _state(row: Any, household_id: int | None) -> InterviewState:
    return InterviewState(
        row.round_id,
        row.unit_id,
        read_mode(row.mode),
        row.state == PartState.SUBMITTED,
        row.cursor,
        household_id=household_id,
    )


def _load_answers(connection: Connection, shared: SharedState, found: dict[int, dict[int, InterviewState]]) -> None:
    waiting: dict[int, dict[bytes, list[InterviewState]]] = {}  # several people may look at one household's ballot
    for person_id, interviews in found.items():
        for round_id, interview in interviews.items():
            tag = tag_of(shared.rounds[round_id], person_id, interview)
            waiting.setdefault(round_id, {}).setdefault(tag, []).append(interview)
    if not waiting:
        return
    wanted = [and_(Ballot.round_id == round_id, Ballot.tag.in_(list(tags))) for round_id, tags in waiting.items()]
    for ballot in connection.execute(select(Ballot.round_id, Ballot.tag, Ballot.answers).where(or_(*wanted))):
        for interview in waiting[ballot.round_id][bytes(ballot.tag)]:
            cipher, tag = shared.rounds[ballot.round_id].cipher, bytes(ballot.tag)
            interview.answers = cipher.decrypt(tag, ballot.answers)


def tag_of(open_round: OpenRound, person_id: int, interview: InterviewState) -> bytes:
    """Where the ballot lies: under the household's tag, or the person's."""
    if interview.household_id is not None:
        return household_tag(open_round.secret, interview.household_id)
    return ballot_tag(open_round.secret, person_id)


_UPDATE_INTERVIEW = (
    update(Interview)
    .where(Interview.person_id == bindparam("key"), Interview.round_id == bindparam("key_round"))
    .values({name: bindparam(name) for name in _FACTS})
)
_UPDATE_PARTICIPATION = (
    update(Participation)
    .where(Participation.household_id == bindparam("key"), Participation.round_id == bindparam("key_round"))
    .values({name: bindparam(name) for name in _FACTS})
)
_UPDATE_BALLOT = (
    update(Ballot)
    .where(Ballot.round_id == bindparam("key_round"), Ballot.tag == bindparam("key"))
    .values({name: bindparam(name) for name in ("unit_id", "mode", "submitted", "answers")})
)


class BallotRows:
    """The rows that a batch of visits inserts and updates, one statement per table."""

    def __init__(self) -> None:
        self._inserts: dict[Any, list[dict[str, Any]]] = {table: [] for table in (Interview, Participation, Ballot)}
        self._dropped: list[tuple[int, int, bytes]] = []
        self._updates: list[tuple[Any, list[dict[str, Any]]]] = [
            (statement, []) for statement in (_UPDATE_INTERVIEW, _UPDATE_PARTICIPATION, _UPDATE_BALLOT)
        ]

    def add(self, visit: Visit, interview: InterviewState, old: InterviewState | None) -> None:
        """What changed in somebody's part in a round since it was loaded; `old` is None when they just began."""
        open_round = visit.shared.rounds[interview.round_id]
        household = interview.household_id is not None
        facts: dict[str, Any] = {
            "unit_id": interview.unit_id,
            "mode": interview.mode,
            "state": PartState.SUBMITTED if interview.submitted else PartState.STARTED,
            "cursor": interview.cursor,
            "submitted_at": visit.now if interview.submitted else None,
        }
        tag = tag_of(open_round, visit.person.id, interview)
        ballot: dict[str, Any] = {
            "unit_id": interview.unit_id,
            "mode": interview.mode,
            "submitted": interview.submitted,
            "answers": open_round.cipher.encrypt(tag, interview.answers),
        }
        key = interview.household_id if household else visit.person.id
        if old is None:
            whose = {"household_id" if household else "person_id": key, "round_id": open_round.id}
            table = Participation if household else Interview
            self._inserts[table].append({**facts, **whose, "started_at": visit.now})
            self._inserts[Ballot].append({**ballot, "round_id": open_round.id, "tag": tag})
            return
        if (old.unit_id, old.submitted, old.cursor) != (interview.unit_id, interview.submitted, interview.cursor):
            self._updates[household][1].append({**facts, "key": key, "key_round": open_round.id})
        self._updates[2][1].append({**ballot, "key_round": open_round.id, "key": tag})

    def drop(self, visit: Visit, interview: InterviewState) -> None:
        """A person's own part in a round, which their household's replaces."""
        tag = tag_of(visit.shared.rounds[interview.round_id], visit.person.id, interview)
        self._dropped.append((visit.person.id, interview.round_id, tag))

    def write(self, connection: Connection) -> None:
        for person_id, round_id, tag in self._dropped:
            mine = and_(Interview.person_id == person_id, Interview.round_id == round_id)
            connection.execute(delete(Interview).where(mine))
            connection.execute(delete(Ballot).where(Ballot.round_id == round_id, Ballot.tag == tag))
        for table, rows in self._inserts.items():
            if rows:
                connection.execute(insert(table), rows)
        for statement, rows in self._updates:
            if rows:
                connection.execute(statement, rows)
