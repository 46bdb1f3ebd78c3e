"""What became of every single message of a round; and sending again to those where nobody knows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, select, true, update

from storage.tables import Delivery, Interview, Participation, Person, Unit
from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.rounds.delivery_states import DeliveryKind, DeliveryState
from surveys.rounds.rounds import find_round
from surveys.rounds.states import PartState, RoundState

MAX_COPIES = 2  # nobody gets a third


@dataclass(frozen=True, slots=True)
class Recipient:
    """One message, without whom it went to but for a random number."""

    person: int
    unit: str  # a commune's code, and a hamlet's name where it is known
    channel: str
    kind: DeliveryKind
    state: DeliveryState
    reason: str
    settled_at: datetime | None

    def to_json(self) -> Json:
        return {**asdict(self), "settled_at": self.settled_at.isoformat() if self.settled_at else None}


def recipients(connection: Connection, key: str | int, states: Sequence[str] = ()) -> list[Recipient]:
    """One row for each message: the person's random number, unit, channel, final state and reason. No address."""
    row = find_round(connection, key)
    chosen = Delivery.state.in_(states) if states else true()
    return _listed(connection, and_(Delivery.round_id == row.id, chosen))


def uncertain(connection: Connection, key: str | int) -> list[Recipient]:
    """Those whose invitation or reminder may not have arrived, and who may get a second copy."""
    return _listed(connection, _unclear(find_round(connection, key).id))


def resend(connection: Connection, key: str | int, now: datetime) -> int:
    """Owe a second copy to those; somebody who has it already sees it twice. Returns how many.

    Raises `SurveyError` when the round takes no answers or there is nobody.
    """
    row = find_round(connection, key)
    if row.state != RoundState.OPEN or row.closes_at <= now or row.paused_at is not None:
        raise SurveyError(f"đợt “{row.name}” không đang gửi nên không gửi lại được")
    owed = connection.execute(
        update(Delivery)
        .where(_unclear(row.id))
        .values(state=DeliveryState.PENDING, reason="second copy", due_at=now, settled_at=None)
    ).rowcount
    if not owed:
        raise SurveyError(f"đợt “{row.name}” không có ai mà lời mời không rõ đã tới hay chưa")
    return owed


def _unclear(round_id: int) -> ColumnElement[bool]:
    """Not those who answered, stopped or withdrew meanwhile, nor those who had two copies already."""
    mine = Interview.round_id == round_id, Interview.person_id == Delivery.person_id
    finished = exists().where(*mine, Interview.state == PartState.SUBMITTED).correlate(Delivery)
    house = Participation.round_id == round_id, Participation.household_id == Person.household_id
    house_finished = exists().where(*house, Participation.state == PartState.SUBMITTED).correlate(Person)
    agreed = Person.consent.is_(True), Person.stopped.is_(False)
    willing = exists().where(Person.id == Delivery.person_id, *agreed, ~house_finished).correlate(Delivery)
    return and_(
        Delivery.round_id == round_id,
        Delivery.state == DeliveryState.UNCERTAIN,
        Delivery.attempts < MAX_COPIES,
        Delivery.address != "",
        willing,
        ~finished,
    )


def _listed(connection: Connection, which: ColumnElement[bool]) -> list[Recipient]:
    hamlet = Unit.__table__.alias("hamlet")
    query = (
        select(
            Delivery.person_id,
            Unit.code,
            Unit.name,
            hamlet.c.name.label("hamlet"),
            Delivery.channel,
            Delivery.kind,
            Delivery.state,
            Delivery.reason,
            Delivery.settled_at,
        )
        .outerjoin(Person, Person.id == Delivery.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(hamlet, hamlet.c.id == Person.hamlet_id)
        .where(which)
        .order_by(Delivery.kind, Delivery.id)
    )
    return [
        Recipient(
            person=row.person_id,
            unit="/".join(part for part in (row.code, row.hamlet) if part),
            channel=row.channel,
            kind=DeliveryKind(row.kind),
            state=DeliveryState(row.state),
            reason=row.reason,
            settled_at=row.settled_at,
        )
        for row in connection.execute(query)
    ]
