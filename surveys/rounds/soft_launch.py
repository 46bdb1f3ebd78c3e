"""A first wave: a few, drawn by lot, are written to before the rest, so that a mistake reaches few."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from storage.tables import Delivery, Round
from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.rounds.broadcasts import PAUSED, WAVE
from surveys.rounds.delivery_states import FAILED, UNSETTLED, DeliveryKind, DeliveryState
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.states import RoundState


@dataclass(frozen=True, slots=True)
class FirstWave:
    """How the first wave of a round went."""

    people: int
    sent: int
    failed: int
    pending: int  # of the wave itself
    waiting: int  # the rest
    continues_at: datetime | None  # when the rest follows by itself

    def to_json(self) -> Json:
        return {
            "people": self.people,
            "sent": self.sent,
            "failed": self.failed,
            "pending": self.pending,
            "waiting": self.waiting,
            "continues_at": self.continues_at.isoformat() if self.continues_at else None,
        }


def send_first(
    connection: Connection, round_id: int, share: float, people: int, now: datetime, continue_after: timedelta | None
) -> int:
    """Let this share of the invitations that are held go, at least one. Returns how many."""
    first = min(people, max(1, math.ceil(share * people)))
    drawn = (
        select(Delivery.id)
        .where(Delivery.round_id == round_id, Delivery.state == DeliveryState.HELD, Delivery.reason == WAVE)
        .order_by(func.random())
        .limit(first)
    )
    connection.execute(update(Delivery).where(Delivery.id.in_(drawn)).values(state=DeliveryState.PENDING, reason=""))
    if first < people:
        connection.execute(
            update(Round)
            .where(Round.id == round_id)
            .values(wave_at=now, continue_at=now + continue_after if continue_after else None)
        )
    return first


def send_rest(connection: Connection, row: RoundRow) -> int:
    """Let the rest follow. Returns how many. Raises `SurveyError` when none is waiting for that."""
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state == RoundState.OPEN, Round.wave_at.is_not(None))
        .values(wave_at=None, continue_at=None)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” không có phần nào đang chờ sau lượt gửi đầu")
    values = {"reason": PAUSED} if row.paused_at else {"state": DeliveryState.PENDING, "reason": ""}
    return connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state == DeliveryState.HELD, Delivery.reason == WAVE)
        .values(**values)
    ).rowcount


def soft_launch_status(connection: Connection, row: RoundRow) -> FirstWave | None:
    """How the first wave went; None when there is none under way."""
    if row.wave_at is None or row.state != RoundState.OPEN:
        return None
    found = connection.execute(
        select(Delivery.state, Delivery.reason, func.count())
        .where(Delivery.round_id == row.id, Delivery.kind == DeliveryKind.INVITE)
        .group_by(Delivery.state, Delivery.reason)
    ).all()
    waiting, states = 0, Counter[str]()
    for state, reason, number in found:
        if (state, reason) == (DeliveryState.HELD, WAVE):
            waiting += number
        else:
            states[state] += number
    return FirstWave(
        people=states.total(),
        sent=states[DeliveryState.SENT],
        failed=sum(states[state] for state in FAILED),
        pending=sum(states[state] for state in UNSETTLED),
        waiting=waiting,
        continues_at=row.continue_at,
    )


def follow_due(connection: Connection, now: datetime, most_errors: float) -> list[str]:
    """Let the rest of rounds follow whose time has come, where the first wave is through and went well.

    Where it did not the rest stays held until somebody says so. Returns what was done, for the log.
    """
    done = []
    due = select_rounds().where(
        Round.state == RoundState.OPEN, Round.continue_at <= now, Round.paused_at.is_(None), Round.closes_at > now
    )
    for row in read_rounds(connection, due.with_for_update(skip_locked=True)):
        wave = soft_launch_status(connection, row)
        if wave is None or wave.pending:
            continue  # look again: quiet hours, or a slow network
        if went_well(wave, most_errors):
            done.append(f"continued {row.id}: {send_rest(connection, row)}")
        else:
            connection.execute(update(Round).where(Round.id == row.id).values(continue_at=None))
            done.append(f"held {row.id}: {wave.failed} of {wave.people} of the first wave failed")
    return done


def went_well(wave: FirstWave, most_errors: float) -> bool:
    return wave.failed <= most_errors * wave.people
