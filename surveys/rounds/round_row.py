"""A round as its row says, with a type for each column: what `find_round` and every list of rounds return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from storage.tables import Round
from surveys.rounds.states import RoundState
from surveys.rounds.units import CountedUnit


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A `round` row."""

    id: int
    name: str
    code: str  # public: in links and QR codes
    form_id: int
    rule: str
    rule_definition: Mapping[str, object]  # the rule set as it was when the round was made
    counts: CountedUnit
    self_declared: bool
    state: RoundState
    sample: bool
    created_at: datetime
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    paused_at: datetime | None  # nothing is sent while it is set; answers are still taken
    closed_at: datetime | None
    closed_by: tuple[str, ...]  # the two people; nobody before the close
    wave_at: datetime | None  # a first wave is out and the rest is held
    continue_at: datetime | None  # when the rest follows by itself
    repeat: str | None  # "yearly"
    follows: int | None  # the round that this one repeats

    @property
    def paused(self) -> bool:
        """Whether it is open and sends nothing."""
        return self.state == RoundState.OPEN and self.paused_at is not None


_COLUMNS = (
    *(Round.id, Round.name, Round.code, Round.form_id, Round.rule, Round.rule_definition, Round.counts),
    *(Round.self_declared, Round.state, Round.sample, Round.created_at, Round.opens_at, Round.closes_at),
    *(Round.opened_at, Round.paused_at, Round.closed_at, Round.closed_by, Round.wave_at, Round.continue_at),
    *(Round.repeat, Round.follows),
)


def select_rounds() -> Select[*tuple[Any, ...]]:
    """What `read_rounds` executes; the caller says which rounds and in which order."""
    return select(*_COLUMNS)


def read_rounds(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[RoundRow]:
    """The rounds of a query that `select_rounds` began."""
    return [_read(row) for row in connection.execute(query)]


def round_with_id(connection: Connection, round_id: int) -> RoundRow | None:
    """The round of this number, if there is one."""
    return next(iter(read_rounds(connection, select_rounds().where(Round.id == round_id))), None)


def _read(row: Row[*tuple[Any, ...]]) -> RoundRow:
    return RoundRow(
        id=row.id,
        name=row.name,
        code=row.code,
        form_id=row.form_id,
        rule=row.rule,
        rule_definition=row.rule_definition,
        counts=row.counts,
        self_declared=row.self_declared,
        state=RoundState(row.state),
        sample=row.sample,
        created_at=row.created_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        opened_at=row.opened_at,
        paused_at=row.paused_at,
        closed_at=row.closed_at,
        closed_by=tuple(row.closed_by or ()),
        wave_at=row.wave_at,
        continue_at=row.continue_at,
        repeat=row.repeat,
        follows=row.follows,
    )
