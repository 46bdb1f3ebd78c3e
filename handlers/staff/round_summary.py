"""A round's reach and state in words, for an official on a phone. Coverage, never answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.visit import Visit
from surveys.local_time import say_moment
from surveys.results.official_format import format_share
from surveys.rounds.states import NOT_CLOSED, RoundState
from surveys.rounds.status import status

LOWEST = 10  # units shown: those with the lowest coverage, where somebody has to go


def status_text(visit: Visit, connection: Connection, round_id: int) -> str:
    """State, invitations, ballots, pace, and the units that are short."""
    now = status(connection, round_id, visit.shared.sending)
    people, ballots, wave = now["people"], now["ballots"], now["first_wave"]
    state = visit.text("state.held_back") if now["paused"] else visit.text(f"state.round.{now['state']}")
    lines = [
        visit.text(
            "officials.status",
            state=state,
            opens=say_moment(datetime.fromisoformat(now["opens_at"])),
            closes=say_moment(datetime.fromisoformat(now["closes_at"])),
        )
    ]
    if people["invited"]:
        lost = people["unreachable"] + people["rejected"]
        figures = {name: people[name] for name in ("invited", "sent", "pending", "uncertain")}
        lines.append(visit.text("officials.invitations", lost=lost, **figures))
        if people["why"]:
            reasons = "; ".join(f"{visit.text(f'why.{word}')} {number}" for word, number in people["why"].items())
            lines.append(visit.text("officials.reasons", reasons=reasons))
    lines += _reminders(visit, now)
    if wave:
        lines.append(visit.text("officials.wave", **{name: wave[name] for name in ("sent", "failed", "waiting")}))
    if now["eta_seconds"]:
        lines.append(visit.text("officials.pace", rate=now["rate_per_second"], minutes=_minutes(now["eta_seconds"])))
    if now["quiet_until"]:
        lines.append(visit.text("officials.quiet", until=say_moment(datetime.fromisoformat(now["quiet_until"]))))
    if now["state"] != RoundState.DRAFT:
        half = ballots["started"] - ballots["submitted"]
        lines.append(visit.text("officials.ballots", submitted=ballots["submitted"], started=half))
        lines += _coverage(now["units"])
    if now["state"] == RoundState.OPEN:
        lines.append("\n" + visit.text("officials.closing", round=round_id))
    return "\n".join(lines)


def reach_told(visit: Visit, found: Mapping[str, Any]) -> str:
    """How many can be written to, in which hamlet, and how long it takes."""
    people, estimate = found["people"], found["estimate"]
    channels = ", ".join(f"{name} {number}" for name, number in people["by_channel"].items())
    lines = [
        visit.text(
            "officials.reached",
            reachable=people["reachable"],
            known=people["known"],
            stopped=people["stopped"],
            blocked=people["blocked"],
        )
    ]
    if channels:
        done = say_moment(datetime.fromisoformat(estimate["done_at"]))
        lines.append(visit.text("officials.estimate", channels=channels, done=done))
    lines += [
        f"• {unit['name']}: {unit['reachable']}/{unit['known']}"
        + (f" ({visit.text('officials.households', count=unit['households'])})" if unit["households"] else "")
        for unit in found["units"][: LOWEST * 2]
    ]
    return "\n".join(lines)


def _reminders(visit: Visit, now: Mapping[str, Any]) -> list[str]:
    lines = [
        visit.text("officials.reminder", number=number, **{name: owed[name] for name in ("invited", "sent", "pending")})
        for number, owed in enumerate(now["reminders"]["owed"], 1)
    ]
    if now["reminders"]["planned"] and now["state"] in NOT_CLOSED:
        moments = "; ".join(say_moment(datetime.fromisoformat(due)) for due in now["reminders"]["planned"])
        lines.append(visit.text("officials.planned", moments=moments))
    return lines


def _coverage(units: list[dict[str, Any]]) -> list[str]:
    known = [unit for unit in units if unit["coverage"] is not None and unit["level"] == "hamlet"]
    known.sort(key=lambda unit: (unit["coverage"], unit["name"]))
    return [
        f"• {unit['name']}: {unit['ballots']}/{unit['households']} ({format_share(unit['coverage'])})"
        for unit in known[:LOWEST]
    ]


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
