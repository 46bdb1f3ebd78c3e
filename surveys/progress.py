"""How rounds stand, for officials: people and coverage, never an answer."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from storage.database import clock
from storage.models import Delivery, Interview, Round
from surveys.results import coverage
from surveys.rounds import INVITE, find_round
from surveys.sending import HEADROOM, USUAL, Sending
from surveys.waves import first_wave

RECENT = timedelta(seconds=60)
ENOUGH = 20  # messages in that time, from which the rest can be foretold


def status(
    connection: Connection, key: str | int, sending: Sending = USUAL, now: datetime | None = None
) -> dict[str, Any]:
    """How a round stands: people, ballots, coverage per unit, how fast it goes. Never an answer."""
    row = find_round(connection, key)
    now = now or clock(connection)
    interviews = connection.execute(
        select(Interview.state, Interview.mode, func.count())
        .where(Interview.round_id == row.id)
        .group_by(Interview.state, Interview.mode)
    ).all()
    by_mode = {"self": 0, "assisted": 0, "kiosk": 0, "paper": 0}
    for state, mode, number in interviews:
        if state == "submitted":
            by_mode[mode] = by_mode.get(mode, 0) + number
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
        "ballots": {
            "started": sum(number for _, _, number in interviews),
            "submitted": sum(by_mode.values()),
            "by_mode": by_mode,
        },
        "units": [
            {
                "unit": unit.key,
                "id": unit.id,
                "name": unit.name,
                "level": unit.level,
                "households": unit.households,
                "ballots": unit.ballots,
                "coverage": float(unit.coverage) if unit.coverage is not None else None,
            }
            for unit in coverage(connection, row.id)
        ],
        **_under_way(connection, row, sending, now),
    }


def under_way(connection: Connection, round_id: int, sending: Sending, now: datetime | None = None) -> dict[str, Any]:
    """How sending goes: `people`, `first_wave`, `paused` and the pace."""
    return _under_way(connection, find_round(connection, round_id), sending, now or clock(connection))


def _under_way(connection: Connection, row: Any, sending: Sending, now: datetime) -> dict[str, Any]:
    return {
        "paused": row.paused_at is not None,
        "people": people(connection, row.id),
        "first_wave": first_wave(connection, row),
        **pace(connection, row, sending, now),
    }


def people(connection: Connection, round_id: int) -> dict[str, Any]:
    """Invitations by what became of them; `pending` are those still to be sent, of which `held` wait for a word."""
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for state, reason, number in connection.execute(
        select(Delivery.state, Delivery.reason, func.count())
        .where(Delivery.round_id == round_id, Delivery.kind == INVITE)
        .group_by(Delivery.state, Delivery.reason)
    ):
        states[state] += number
        if reason and state not in ("sent", "pending", "claimed", "held"):
            reasons[reason] += number
    final = ("sent", "unreachable", "rejected", "uncertain", "cancelled", "expired")
    return {
        "invited": states.total(),
        "pending": states["pending"] + states["claimed"] + states["held"],
        "held": states["held"],
        **{state: states[state] for state in final},
        "reasons": dict(reasons.most_common()),
    }


def pace(connection: Connection, row: Any, sending: Sending, now: datetime) -> dict[str, Any]:
    """How fast messages of this round went out in the last minute, and when those that wait will have gone.

    `eta_seconds` is null where nothing is being sent: not open, paused, or over.
    """
    mine = Delivery.round_id == row.id
    went, first = connection.execute(
        select(func.count(), func.min(Delivery.settled_at)).where(
            mine, Delivery.state == "sent", Delivery.settled_at > now - RECENT, Delivery.settled_at <= now
        )
    ).one()
    rate = went / max((now - first).total_seconds(), 1.0) if first else 0.0
    waiting = connection.execute(
        select(func.count()).where(mine, Delivery.state.in_(("pending", "claimed")))
    ).scalar_one()
    eta = None
    if row.state == "open" and row.paused_at is None and row.closes_at > now:
        steady = replace(sending, rate=rate / HEADROOM) if went >= ENOUGH else sending
        eta = round(steady.seconds(waiting, now), 1)
    quiet = sending.quiet.after(now, timedelta(0)) if waiting and sending.quiet.at(now) else None
    return {
        "rate_per_second": round(rate, 2),
        "eta_seconds": eta,
        "quiet_until": quiet.isoformat() if quiet else None,
    }


def list_rounds(connection: Connection) -> list[dict[str, Any]]:
    """Every round, newest first."""
    rows = connection.execute(
        select(Round.id, Round.name, Round.code, Round.state, Round.opens_at, Round.closes_at, Round.sample).order_by(
            Round.id.desc()
        )
    ).all()
    return [
        {
            "round": row.id,
            "name": row.name,
            "code": row.code,
            "state": row.state,
            "opens_at": row.opens_at.isoformat(),
            "closes_at": row.closes_at.isoformat(),
            "sample": row.sample,
        }
        for row in rows
    ]
