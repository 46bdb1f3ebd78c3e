"""A first wave: a few, drawn by lot, are written to before the rest, so that a mistake reaches few."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.tables import Delivery, Round
from surveys.errors import SurveyError
from surveys.rounds.broadcasts import PAUSED, WAVE
from surveys.rounds.delivery_states import FAILED, UNSETTLED, DeliveryKind, DeliveryState
from surveys.rounds.states import RoundState


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


def send_rest(connection: Connection, row: Any) -> int:
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


def soft_launch_status(connection: Connection, row: Any) -> dict[str, Any] | None:
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
    return {
        "people": states.total(),
        "sent": states[DeliveryState.SENT],
        "failed": sum(states[state] for state in FAILED),
        "pending": sum(states[state] for state in UNSETTLED),
        "waiting": waiting,
        "continues_at": row.continue_at.isoformat() if row.continue_at else None,
    }


def follow_due(connection: Connection, now: datetime, most_errors: float) -> list[str]:
    """Let the rest of rounds follow whose time has come, where the first wave is through and went well.

    Where it did not the rest stays held until somebody says so. Returns what was done, for the log.
    """
    done = []
    due = select(Round.__table__).where(
        Round.state == RoundState.OPEN, Round.continue_at <= now, Round.paused_at.is_(None), Round.closes_at > now
    )
    for row in connection.execute(due.with_for_update(skip_locked=True)).all():
        wave = soft_launch_status(connection, row)
        if wave is None or wave["pending"]:
            continue  # look again: quiet hours, or a slow network
        if went_well(wave, most_errors):
            done.append(f"continued {row.id}: {send_rest(connection, row)}")
        else:
            connection.execute(update(Round).where(Round.id == row.id).values(continue_at=None))
            done.append(f"held {row.id}: {wave['failed']} of {wave['people']} of the first wave failed")
    return done


def went_well(wave: Mapping[str, Any], most_errors: float) -> bool:
    return bool(wave["failed"] <= most_errors * wave["people"])
