"""A round's reach and state in words, for an official on a phone. Coverage, never answers."""

from collections.abc import Sequence

from sqlalchemy import Connection

from handlers.visit import Visit
from surveys.local_time import say_moment
from surveys.results.official_format import format_share
from surveys.rounds.audience import Audience
from surveys.rounds.sending_status import Sent
from surveys.rounds.states import NOT_CLOSED, RoundState
from surveys.rounds.status import RoundStatus, status
from surveys.rounds.units import Turnout

LOWEST = 10  # units shown: those with the lowest coverage, where somebody has to go


def status_text(visit: Visit, connection: Connection, round_id: int) -> str:
    """State, invitations, ballots, pace, and the units that are short."""
    now = status(connection, round_id, visit.shared.sending)
    row, ballots, wave, pace = now.round, now.ballots, now.sending.first_wave, now.sending.pace
    state = visit.text("state.held_back") if row.paused else visit.text(f"state.round.{row.state}")
    opens, closes = say_moment(row.opens_at), say_moment(row.closes_at)
    lines = [visit.text("officials.status", state=state, opens=opens, closes=closes)]
    lines += _invitations(visit, now.sending.people)
    lines += _reminders(visit, now)
    if wave:
        lines.append(visit.text("officials.wave", sent=wave.sent, failed=wave.failed, waiting=wave.waiting))
    if pace.eta_seconds:
        lines.append(visit.text("officials.pace", rate=pace.rate_per_second, minutes=_minutes(pace.eta_seconds)))
    if pace.quiet_until:
        lines.append(visit.text("officials.quiet", until=say_moment(pace.quiet_until)))
    if row.state != RoundState.DRAFT:
        half = ballots.started - ballots.submitted
        lines.append(visit.text("officials.ballots", submitted=ballots.submitted, started=half))
        lines += _coverage(now.units)
    if row.state == RoundState.OPEN:
        lines.append("\n" + visit.text("officials.closing", round=round_id))
    return "\n".join(lines)


def reach_told(visit: Visit, found: Audience) -> str:
    """How many can be written to, in which hamlet, and how long it takes."""
    people = found.people
    channels = ", ".join(f"{name} {number}" for name, number in people.by_channel.items())
    lines = [
        visit.text(
            "officials.reached",
            reachable=people.reachable,
            known=people.known,
            stopped=people.stopped,
            blocked=people.blocked,
        )
    ]
    if channels:
        done = say_moment(found.estimate.done_at)
        lines.append(visit.text("officials.estimate", channels=channels, done=done))
    lines += [
        f"• {each.unit.name}: {each.people.reachable}/{each.people.known}"
        + (f" ({visit.text('officials.households', count=each.unit.households)})" if each.unit.households else "")
        for each in found.units[: LOWEST * 2]
    ]
    return "\n".join(lines)


def _invitations(visit: Visit, people: Sent) -> list[str]:
    if not people.invited:
        return []
    figures = {"invited": people.invited, "sent": people.sent, "pending": people.pending}
    lost = people.unreachable + people.rejected
    lines = [visit.text("officials.invitations", lost=lost, uncertain=people.uncertain, **figures)]
    if people.why:
        reasons = "; ".join(f"{visit.text(f'why.{word}')} {number}" for word, number in people.why.items())
        lines.append(visit.text("officials.reasons", reasons=reasons))
    return lines


def _reminders(visit: Visit, now: RoundStatus) -> list[str]:
    told = now.sending.reminders
    lines = [
        visit.text("officials.reminder", number=number, invited=owed.invited, sent=owed.sent, pending=owed.pending)
        for number, owed in enumerate(told.owed, 1)
    ]
    if told.planned and now.round.state in NOT_CLOSED:
        lines.append(visit.text("officials.planned", moments="; ".join(map(say_moment, told.planned))))
    return lines


def _coverage(units: Sequence[Turnout]) -> list[str]:
    known = [(unit.coverage, unit.name, unit) for unit in units if unit.coverage is not None and unit.level == "hamlet"]
    return [
        f"• {name}: {unit.ballots}/{unit.households} ({format_share(share)})"
        for share, name, unit in sorted(known, key=lambda each: each[:2])[:LOWEST]
    ]


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
