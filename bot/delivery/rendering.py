"""Messages that are written when they are sent: in the person's language, if the round still asks them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, func, select, update

from bot.delivery.ledger import Claimed, Outcome, read_payload
from handlers.messages import Message
from handlers.shared import SharedState
from handlers.survey.messages import invitation
from storage.tables import Address, Delivery, Interview, Person, Round
from surveys.rounds.broadcasts import PAUSED
from surveys.rounds.delivery_states import DeliveryKind, DeliveryState
from surveys.rounds.states import PartState, RoundState

log = structlog.get_logger()

SILENT = "window over"  # they wrote longer ago than the platform lets us write
OVER = Outcome(0, DeliveryState.EXPIRED, "round closed")
SECRET_MISSING = 60.0  # seconds until another process, which has the round's secret, may have taken it


def write(
    connection: Connection, shared: SharedState, rows: Sequence[Claimed], now: datetime
) -> list[tuple[Claimed, Message | Outcome]]:
    """The message of each row, or why it is not sent any more.

    Hours may lie between owing and sending: a person may have stopped or finished since, a round may have closed. What
    belongs to a paused round is held again, and not returned.
    """
    silent = _silent(connection, shared, rows, now)
    empty = [row for row in rows if row.payload is None]
    people: dict[int, Any] = {}
    missing: dict[int, Outcome] = {}
    answered: set[tuple[int, int]] = set()
    if empty:
        paused = _hold_paused(connection, empty)
        rows = [row for row in rows if row.id not in paused]
        shared.refresh(connection, now)
        found = select(Person.id, Person.language, Person.consent, Person.stopped)
        theirs = found.where(Person.id.in_([row.person_id for row in empty]))
        people = {row.id: row for row in connection.execute(theirs)}
        missing = _why_not(connection, {row.round_id for row in empty} - shared.rounds.keys(), now)
        answered = _answered(connection, empty)

    def write_one(row: Claimed) -> Message | Outcome:
        if row.urgency and (row.channel, row.address) in silent:
            return Outcome(row.id, DeliveryState.EXPIRED, SILENT)
        if (stored := read_payload(row, shared.message_cipher)) is not None:
            return stored
        entry, person = shared.rounds.get(row.round_id or 0), people.get(row.person_id)
        if entry is None:
            return replace(missing.get(row.round_id or 0, OVER), id=row.id)
        if person is None or person.stopped or not person.consent:
            return Outcome(row.id, DeliveryState.CANCELLED, "person stopped")
        if (row.person_id, entry.id) in answered:
            return Outcome(row.id, DeliveryState.CANCELLED, "already answered")
        again = row.kind != DeliveryKind.INVITE
        return invitation(shared, row.channel, row.address, person.language, entry, again=again)

    return [(row, _written(row, write_one)) for row in rows]


def _written(row: Claimed, write_one: Callable[[Claimed], Message | Outcome]) -> Message | Outcome:
    try:
        return write_one(row)
    except Exception as error:  # a fault of ours: this one can't be written, the others can
        log.error("message_not_written", kind=row.kind, error=type(error).__name__)
        return Outcome(row.id, DeliveryState.REJECTED, type(error).__name__)


def _hold_paused(connection: Connection, rows: Sequence[Claimed]) -> set[int]:
    """What had to wait, or was taken in the moment of the pause, waits with the others of its round."""
    rounds = {row.round_id for row in rows}
    paused = set(connection.scalars(select(Round.id).where(Round.id.in_(rounds), Round.paused_at.is_not(None))))
    held = {row.id for row in rows if row.round_id in paused}
    if held:
        values = {"state": DeliveryState.HELD, "reason": PAUSED, "owner": "", "lease_until": None}
        connection.execute(
            update(Delivery).where(Delivery.id.in_(held)).values(**values, attempts=Delivery.attempts - 1)
        )
    return held


def _silent(
    connection: Connection, shared: SharedState, rows: Sequence[Claimed], now: datetime
) -> set[tuple[str, str]]:
    """The addresses to which only an answer may go: their channel lets us write for a time after their last word."""
    silent: set[tuple[str, str]] = set()
    for channel in {row.channel for row in rows if row.urgency}:
        window = shared.able(channel).window if channel in shared.capabilities else None
        if window is None:
            continue
        here = {row.address for row in rows if row.channel == channel}
        found = select(Address.address).where(Address.channel == channel, Address.address.in_(here))
        heard = connection.scalars(found.where(func.coalesce(Address.heard_at, Address.since) > now - window))
        silent |= {(channel, address) for address in here - set(heard)}
    return silent


def _answered(connection: Connection, rows: Sequence[Claimed]) -> set[tuple[int, int]]:
    """Who has handed in a ballot meanwhile, and in which round."""
    theirs = (
        Interview.person_id.in_({row.person_id for row in rows}),
        Interview.round_id.in_({row.round_id for row in rows}),
    )
    query = select(Interview.person_id, Interview.round_id).where(*theirs, Interview.state == PartState.SUBMITTED)
    return {(row[0], row[1]) for row in connection.execute(query)}


def _why_not(connection: Connection, rounds: set[int | None], now: datetime) -> dict[int, Outcome]:
    """What becomes of the messages of rounds that ask nobody here: cancelled, over, or open on another machine."""
    if not rounds:
        return {}
    found = connection.execute(select(Round.id, Round.state, Round.closes_at).where(Round.id.in_(rounds)))
    cancelled = Outcome(0, DeliveryState.CANCELLED, "round cancelled")
    elsewhere = Outcome(0, DeliveryState.PENDING, "secret missing", SECRET_MISSING, unsent=True)
    return {
        row.id: cancelled if row.state == RoundState.CANCELLED else elsewhere
        for row in found
        if row.state == RoundState.CANCELLED or (row.state == RoundState.OPEN and row.closes_at > now)
    }
