"""How many ballots came back, unit by unit; it needs no answer to be read."""

from collections import Counter
from dataclasses import replace

from sqlalchemy import Connection, func, select

from storage.tables import Ballot
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.units import WHOLE, Turnout, round_units, with_whole


def coverage(connection: Connection, key: str | int) -> tuple[Turnout, ...]:
    """How many ballots were handed in from each unit, in whichever mode; it needs no answer to be read."""
    found = coverage_with_whole(connection, find_round(connection, key))
    return tuple(replace(unit, parent=unit.parent or None) for unit in found if unit.id != WHOLE)


def coverage_with_whole(connection: Connection, row: RoundRow) -> tuple[Turnout, ...]:
    """The same, under one that stands for all of them where there are several."""
    query = select(Ballot.unit_id, func.count()).where(Ballot.round_id == row.id, Ballot.submitted)
    query = query.group_by(Ballot.unit_id)
    ballots = Counter({unit: number for unit, number in connection.execute(query)})
    units = with_whole(round_units(connection, row.id), row.name)
    for unit in reversed(units):
        if unit.parent is not None:
            ballots[unit.parent] += ballots[unit.id]
    return tuple(replace(unit, ballots=ballots[unit.id]) for unit in units)
