"""How rounds stand, for officials: people and coverage, never an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.database import clock
from storage.tables import Ballot, Interview, Participation, Round
from surveys.json_values import Json
from surveys.rounds.coverage import coverage
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.rounds import find_round
from surveys.rounds.send_policy import USUAL, Sending
from surveys.rounds.sending_status import SendingStatus, sending_status
from surveys.rounds.states import Mode, PartState
from surveys.rounds.units import Turnout


@dataclass(frozen=True, slots=True)
class BallotsIn:
    """Ballots handed in, by mode, paper among them; `started` are those and the ones under way."""

    started: int
    submitted: int
    by_mode: Mapping[Mode, int]

    def to_json(self) -> Json:
        return {"started": self.started, "submitted": self.submitted, "by_mode": dict(self.by_mode)}


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """How a round stands."""

    round: RoundRow
    ballots: BallotsIn
    units: tuple[Turnout, ...]
    sending: SendingStatus

    def to_json(self) -> Json:
        row = self.round
        return {
            "round": row.id,
            "name": row.name,
            "code": row.code,
            "state": row.state,
            "opens_at": row.opens_at.isoformat(),
            "closes_at": row.closes_at.isoformat(),
            "counts": row.counts,
            "sample": row.sample,
            "repeat": row.repeat,
            "follows": row.follows,
            "ballots": self.ballots.to_json(),
            "units": [unit.to_json() for unit in self.units],
            **self.sending.to_json(),
        }


def status(
    connection: Connection, key: str | int, sending: Sending = USUAL, now: datetime | None = None
) -> RoundStatus:
    """How a round stands: people, ballots, coverage per unit, how fast it goes. Never an answer."""
    row = find_round(connection, key)
    now = now or clock(connection)
    return RoundStatus(
        row, _ballots(connection, row.id), coverage(connection, row.id), sending_status(connection, row, sending, now)
    )


def _ballots(connection: Connection, round_id: int) -> BallotsIn:
    by_mode = dict.fromkeys(Mode, 0)
    handed_in = select(Ballot.mode, func.count()).where(Ballot.round_id == round_id, Ballot.submitted)
    for mode, number in connection.execute(handed_in.group_by(Ballot.mode)):
        by_mode[Mode(mode)] = number
    under_way = 0
    for part in (Interview, Participation):
        begun = select(func.count()).select_from(part).where(part.round_id == round_id, part.state == PartState.STARTED)
        under_way += connection.scalar(begun) or 0
    submitted = sum(by_mode.values())
    return BallotsIn(submitted + under_way, submitted, by_mode)


def list_rounds(connection: Connection) -> list[RoundRow]:
    """Every round, newest first."""
    return read_rounds(connection, select_rounds().order_by(Round.id.desc()))


def brief_json(row: RoundRow) -> Json:
    """A round as lists of rounds show it."""
    return {
        "round": row.id,
        "name": row.name,
        "code": row.code,
        "state": row.state,
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "sample": row.sample,
    }
