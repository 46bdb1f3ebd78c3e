"""Which rounds a page may list: public ones for everybody, those of their own places for officials."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.tables import Round, RoundUnit, Unit
from surveys.rounds.states import RoundState


@dataclass(frozen=True, slots=True)
class Listed:
    """A round as lists show it."""

    id: int
    name: str
    code: str
    state: RoundState
    opens_at: datetime
    closes_at: datetime
    sample: bool


_COLUMNS = (Round.id, Round.name, Round.code, Round.state, Round.opens_at, Round.closes_at, Round.sample)


def _listed(row: tuple[int, str, str, str, datetime, datetime, bool]) -> Listed:
    number, name, code, state, opens_at, closes_at, sample = row
    return Listed(number, name, code, RoundState(state), opens_at, closes_at, sample)


def public_rounds(connection: Connection, state: RoundState, *, closing_after: datetime | None = None) -> list[Listed]:
    """All rounds in a state, those that close first at the top; perhaps only those that close after a moment."""
    query = select(*_COLUMNS).where(Round.state == state).order_by(Round.closes_at, Round.name)
    if closing_after is not None:
        query = query.where(Round.closes_at > closing_after)
    return [_listed(row) for row in connection.execute(query)]


def open_round(connection: Connection, code: str) -> Listed | None:
    """The open round with this code."""
    row = connection.execute(select(*_COLUMNS).where(Round.code == code, Round.state == RoundState.OPEN)).one_or_none()
    return None if row is None else _listed(row)


def rounds_about(connection: Connection, units: Collection[int] | None) -> list[Listed]:
    """Rounds that ask any of these units, open ones first, then the newest; all rounds for None."""
    query = select(*_COLUMNS).order_by(Round.state != RoundState.OPEN, Round.closes_at.desc(), Round.id.desc())
    if units is not None:
        asked = select(RoundUnit.round_id).where(RoundUnit.unit_id.in_(units))
        query = query.where(Round.id.in_(asked))
    return [_listed(row) for row in connection.execute(query)]


def ancestors(connection: Connection, unit_id: int) -> frozenset[int]:
    """The units that a unit lies in; a round that asks one of them asks it too."""
    above = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte("above", recursive=True)
    above = above.union(select(Unit.id, Unit.parent_id).join(above, Unit.id == above.c.parent_id))
    return frozenset(connection.scalars(select(above.c.id).where(above.c.id != unit_id)))
