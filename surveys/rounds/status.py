"""How rounds stand, for officials: people and coverage, never an answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from storage.database import clock
from storage.tables import Ballot, Delivery, Interview, Participation, Reminder, Round
from surveys.rounds.coverage import coverage
from surveys.rounds.delivery_reasons import why
from surveys.rounds.delivery_states import FINAL, GOING, DeliveryKind, DeliveryState
from surveys.rounds.rounds import find_round
from surveys.rounds.send_policy import HEADROOM, USUAL, Sending
from surveys.rounds.soft_launch import soft_launch_status
from surveys.rounds.states import Mode, PartState, RoundState

RECENT = timedelta(seconds=60)
ENOUGH = 20  # messages in that time, from which the rest can be foretold


def status(
    connection: Connection, key: str | int, sending: Sending = USUAL, now: datetime | None = None
) -> dict[str, Any]:
    """How a round stands: people, ballots, coverage per unit, how fast it goes. Never an answer."""
    row = find_round(connection, key)
    now = now or clock(connection)
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
        "ballots": _ballots(connection, row.id),
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


def _ballots(connection: Connection, round_id: int) -> dict[str, Any]:
    """Ballots handed in, by mode, paper among them; `started` are those and the ones under way."""
    by_mode: dict[str, int] = dict.fromkeys(Mode, 0)
    handed_in = select(Ballot.mode, func.count()).where(Ballot.round_id == round_id, Ballot.submitted)
    for mode, number in connection.execute(handed_in.group_by(Ballot.mode)):
        by_mode[mode] = number
    under_way = 0
    for part in (Interview, Participation):
        begun = select(func.count()).select_from(part).where(part.round_id == round_id, part.state == PartState.STARTED)
        under_way += connection.scalar(begun) or 0
    submitted = sum(by_mode.values())
    return {"started": submitted + under_way, "submitted": submitted, "by_mode": by_mode}


def under_way(connection: Connection, round_id: int, sending: Sending, now: datetime | None = None) -> dict[str, Any]:
    """How sending goes: `people`, `reminders`, `first_wave`, `paused` and the pace."""
    return _under_way(connection, find_round(connection, round_id), sending, now or clock(connection))


def _under_way(connection: Connection, row: Any, sending: Sending, now: datetime) -> dict[str, Any]:
    sent = messages(connection, row.id)
    return {
        "paused": row.state == RoundState.OPEN and row.paused_at is not None,
        "people": sent.get(DeliveryKind.INVITE, _summed([])),
        "reminders": _reminders(connection, row.id, sent),
        "first_wave": soft_launch_status(connection, row),
        **pace(connection, row, sending, now),
    }


def people(connection: Connection, round_id: int) -> dict[str, Any]:
    """Invitations by what became of them; `pending` are those still to be sent, of which `held` wait for a word."""
    return messages(connection, round_id).get(DeliveryKind.INVITE, _summed([]))


def messages(connection: Connection, round_id: int) -> dict[str, dict[str, Any]]:
    """By kind, `invite` or `reminder-1`, how many there are and what became of them."""
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for kind, state, reason, number in connection.execute(
        select(Delivery.kind, Delivery.state, Delivery.reason, func.count())
        .where(Delivery.round_id == round_id)
        .group_by(Delivery.kind, Delivery.state, Delivery.reason)
    ):
        found[kind].append((state, reason, number))
    return {kind: _summed(rows) for kind, rows in sorted(found.items())}


def _summed(rows: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for state, reason, number in rows:
        states[state] += number
        if state in FINAL and state != DeliveryState.SENT:
            reasons[reason] += number
            words[why(state, reason)] += number
    reasons.pop("", None)
    return {
        "invited": states.total(),
        "pending": states["pending"] + states["claimed"] + states["held"],
        "held": states["held"],
        **{state: states[state] for state in FINAL},
        "reasons": _most_first(reasons),
        "why": _most_first(words),
    }


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _reminders(connection: Connection, round_id: int, sent: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """When people will be reminded, and what became of the reminders that were owed."""
    waiting = select(Reminder.due_at).where(Reminder.round_id == round_id, Reminder.done_at.is_(None))
    return {
        "planned": [due.isoformat() for due in connection.scalars(waiting.order_by(Reminder.due_at))],
        "owed": [counted for kind, counted in sent.items() if kind.startswith("reminder-")],
    }


def pace(connection: Connection, row: Any, sending: Sending, now: datetime) -> dict[str, Any]:
    """How fast messages of this round went out in the last minute, and when those that wait will have gone.

    `eta_seconds` is null where nothing is being sent: not open, paused, or over.
    """
    mine = Delivery.round_id == row.id
    went, first = connection.execute(
        select(func.count(), func.min(Delivery.settled_at)).where(
            mine, Delivery.state == DeliveryState.SENT, Delivery.settled_at > now - RECENT, Delivery.settled_at <= now
        )
    ).one()
    rate = went / max((now - first).total_seconds(), 1.0) if first else 0.0
    waiting = connection.execute(select(func.count()).where(mine, Delivery.state.in_(GOING))).scalar_one()
    eta = None
    if row.state == RoundState.OPEN and row.paused_at is None and row.closes_at > now:
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
