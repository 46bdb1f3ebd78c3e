"""How the sending of a round goes: what became of its messages, how fast they go, what is still to come."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage.database import clock
from storage.tables import Delivery, Reminder
from surveys.json_values import Json
from surveys.rounds.delivery_reasons import Why, why
from surveys.rounds.delivery_states import FINAL, GOING, REMINDERS, UNSETTLED, DeliveryKind, DeliveryState
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.send_policy import HEADROOM, Sending
from surveys.rounds.soft_launch import FirstWave, soft_launch_status
from surveys.rounds.states import RoundState

RECENT = timedelta(seconds=60)
ENOUGH = 20  # messages in that time, from which the rest can be foretold


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages of one kind by what became of them."""

    invited: int = 0  # all of them
    pending: int = 0  # still to be sent
    held: int = 0  # those of them that wait for somebody's word
    sent: int = 0
    unreachable: int = 0
    rejected: int = 0
    uncertain: int = 0
    cancelled: int = 0
    expired: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)  # as platforms said them, the most frequent first
    why: Mapping[Why, int] = field(default_factory=dict)  # the same in our words

    def to_json(self) -> Json:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast messages went out in the last minute, and when those that wait will have gone."""

    rate_per_second: float
    eta_seconds: float | None  # None where nothing is being sent: not open, paused, or over
    quiet_until: datetime | None  # people are left in peace until then

    def to_json(self) -> Json:
        quiet = self.quiet_until.isoformat() if self.quiet_until else None
        return {"rate_per_second": self.rate_per_second, "eta_seconds": self.eta_seconds, "quiet_until": quiet}


@dataclass(frozen=True, slots=True)
class Reminded:
    """When people will be reminded, and what became of the reminders that were owed."""

    planned: tuple[datetime, ...]
    owed: tuple[Sent, ...]

    def to_json(self) -> Json:
        return {"planned": [due.isoformat() for due in self.planned], "owed": [each.to_json() for each in self.owed]}


@dataclass(frozen=True, slots=True)
class SendingStatus:
    """How the sending of one round goes."""

    paused: bool
    people: Sent  # the invitations
    reminders: Reminded
    first_wave: FirstWave | None
    pace: Pace

    def to_json(self) -> Json:
        return {
            "paused": self.paused,
            "people": self.people.to_json(),
            "reminders": self.reminders.to_json(),
            "first_wave": self.first_wave.to_json() if self.first_wave else None,
            **self.pace.to_json(),
        }


def under_way(connection: Connection, round_id: int, sending: Sending, now: datetime | None = None) -> SendingStatus:
    """How the sending of the round with this number goes."""
    return sending_status(connection, find_round(connection, round_id), sending, now or clock(connection))


def sending_status(connection: Connection, row: RoundRow, sending: Sending, now: datetime) -> SendingStatus:
    sent = messages(connection, row.id)
    return SendingStatus(
        paused=row.paused,
        people=sent.get(DeliveryKind.INVITE, Sent()),
        reminders=_reminders(connection, row.id, sent),
        first_wave=soft_launch_status(connection, row),
        pace=pace(connection, row, sending, now),
    )


def messages(connection: Connection, round_id: int) -> dict[DeliveryKind, Sent]:
    """By kind, how many there are and what became of them."""
    found: dict[DeliveryKind, list[tuple[DeliveryState, str, int]]] = defaultdict(list)
    for kind, state, reason, number in connection.execute(
        select(Delivery.kind, Delivery.state, Delivery.reason, func.count())
        .where(Delivery.round_id == round_id)
        .group_by(Delivery.kind, Delivery.state, Delivery.reason)
    ):
        found[DeliveryKind(kind)].append((DeliveryState(state), reason, number))
    return {kind: _summed(rows) for kind, rows in sorted(found.items())}


def _summed(rows: Iterable[tuple[DeliveryState, str, int]]) -> Sent:
    states: Counter[DeliveryState] = Counter()
    reasons: Counter[str] = Counter()
    words: Counter[Why] = Counter()
    for state, reason, number in rows:
        states[state] += number
        if state in FINAL and state != DeliveryState.SENT:
            reasons[reason] += number
            words[why(state, reason)] += number
    reasons.pop("", None)
    return Sent(
        invited=states.total(),
        pending=sum(states[state] for state in UNSETTLED),
        held=states[DeliveryState.HELD],
        sent=states[DeliveryState.SENT],
        unreachable=states[DeliveryState.UNREACHABLE],
        rejected=states[DeliveryState.REJECTED],
        uncertain=states[DeliveryState.UNCERTAIN],
        cancelled=states[DeliveryState.CANCELLED],
        expired=states[DeliveryState.EXPIRED],
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        why=dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))),
    )


def _reminders(connection: Connection, round_id: int, sent: Mapping[DeliveryKind, Sent]) -> Reminded:
    waiting = select(Reminder.due_at).where(Reminder.round_id == round_id, Reminder.done_at.is_(None))
    planned = tuple(connection.scalars(waiting.order_by(Reminder.due_at)))
    return Reminded(planned, tuple(sent[kind] for kind in REMINDERS if kind in sent))


def pace(connection: Connection, row: RoundRow, sending: Sending, now: datetime) -> Pace:
    """How fast messages of this round went out lately, and when the rest will have gone."""
    mine = Delivery.round_id == row.id
    went, first = connection.execute(
        select(func.count(), func.min(Delivery.settled_at)).where(
            mine,
            Delivery.state == DeliveryState.SENT,
            Delivery.settled_at > now - RECENT,
            Delivery.settled_at <= now,
        )
    ).one()
    rate = went / max((now - first).total_seconds(), 1.0) if first else 0.0
    waiting = connection.execute(select(func.count()).where(mine, Delivery.state.in_(GOING))).scalar_one()
    eta = None
    if row.state == RoundState.OPEN and row.paused_at is None and row.closes_at > now:
        steady = replace(sending, rate=rate / HEADROOM) if went >= ENOUGH else sending
        eta = round(steady.seconds(waiting, now), 1)
    quiet = sending.quiet.after(now, timedelta(0)) if waiting and sending.quiet.at(now) else None
    return Pace(round(rate, 2), eta, quiet)
