"""How rounds stand, for officials: people and coverage, never an answer."""

from typing import Any

from sqlalchemy import Connection, func, select

from storage.models import Delivery, Interview, Round
from surveys.results import coverage
from surveys.rounds import INVITE, find_round


def status(connection: Connection, key: str | int) -> dict[str, Any]:
    """How a round stands: people, ballots, coverage per unit. Never an answer."""
    row = find_round(connection, key)
    invitations = connection.execute(
        select(Delivery.state, func.count())
        .where(Delivery.round_id == row.id, Delivery.kind == INVITE)
        .group_by(Delivery.state)
    )
    states = {state: number for state, number in invitations}
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
        "people": {
            "invited": sum(states.values()),
            "sent": states.get("sent", 0),
            "pending": states.get("pending", 0) + states.get("claimed", 0),
            "unreachable": states.get("unreachable", 0),
            "rejected": states.get("rejected", 0),
            "uncertain": states.get("uncertain", 0),
        },
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
        "rate_per_second": 0.0,
        "eta_seconds": None,
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
