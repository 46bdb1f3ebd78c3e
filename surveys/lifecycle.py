"""What may happen to a round between its making and its publication, beside opening and closing.

    draft ──schedule──▶ scheduled ──(its time)──▶ open ──close──▶ closed ──publish──▶ published
      └──────────── open ────────────────────────▶ │ pause, resume, remind
    draft, scheduled, open ──cancel──▶ cancelled

Functions take a `Connection` inside a transaction of the caller's and raise `SurveyError` with the reason.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.models import Ballot, Delivery, Interview, Reminder, Round
from surveys.broadcasts import broadcast
from surveys.errors import SurveyError
from surveys.rounds import STATES, find_round, open_round
from surveys.secrecy import Vault

MOST_REMINDERS = 2  # more only annoys; who did not answer by then is visited


def schedule(connection: Connection, key: str | int, now: datetime) -> Any:
    """Let the clock open a draft at its opening time."""
    row = find_round(connection, key)
    if row.opens_at <= now:
        raise SurveyError(f"giờ mở của đợt “{row.name}” đã tới; hãy mở luôn: langnghe round open {row.id}")
    _move(connection, row, ("draft",), "scheduled")
    return row


def pause(connection: Connection, key: str | int, now: datetime) -> Any:
    """Stop sending; what was not sent is held. Answers are still taken."""
    row = find_round(connection, key)
    changed = connection.execute(
        update(Round).where(Round.id == row.id, Round.state == "open", Round.paused_at.is_(None)).values(paused_at=now)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” không đang gửi nên không tạm dừng được")
    _change_deliveries(connection, row.id, "pending", "held")
    return row


def resume(connection: Connection, key: str | int) -> Any:
    """Go on sending what was held."""
    row = find_round(connection, key)
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state == "open", Round.paused_at.is_not(None))
        .values(paused_at=None)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” không đang tạm dừng")
    _change_deliveries(connection, row.id, "held", "pending")
    return row


def cancel(connection: Connection, key: str | int, now: datetime) -> Any:
    """Call a round off: nothing more is sent, ballots are deleted, there will be no result.

    The caller destroys the round's secret once this is committed.
    """
    row = find_round(connection, key)
    _move(connection, row, ("draft", "scheduled", "open"), "cancelled", closed_at=now)
    connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state.in_(("pending", "held")))
        .values(state="cancelled", reason="round cancelled", settled_at=now)
    )
    connection.execute(delete(Ballot).where(Ballot.round_id == row.id))
    connection.execute(delete(Interview).where(Interview.round_id == row.id))
    return row


def publish(connection: Connection, key: str | int) -> Any:
    """Show a closed round's results to everybody."""
    row = find_round(connection, key)
    _move(connection, row, ("closed",), "published")
    return row


def plan_reminders(connection: Connection, round_id: int, moments: Sequence[datetime]) -> None:
    """Reminders at these moments, between the round's opening and its closing time."""
    row = find_round(connection, round_id)
    if len(moments) > MOST_REMINDERS:
        raise SurveyError(f"nhiều nhất {MOST_REMINDERS} lần nhắc")
    if any(not row.opens_at < moment < row.closes_at for moment in moments):
        raise SurveyError("giờ nhắc phải nằm giữa giờ mở và giờ đóng")
    if moments:
        rows = [
            {"round_id": round_id, "number": number, "due_at": moment}
            for number, moment in enumerate(sorted(moments), 1)
        ]
        connection.execute(insert(Reminder), rows)


def remind(connection: Connection, key: str | int, now: datetime) -> int:
    """Owe a reminder to everybody who may be written to and has not finished. Returns their number."""
    row = find_round(connection, key)
    if row.state != "open" or row.closes_at <= now:
        raise SurveyError(f"đợt “{row.name}” không đang mở nên không nhắc được")
    sent = connection.execute(
        select(func.count(func.distinct(Delivery.kind))).where(
            Delivery.round_id == row.id, Delivery.kind.like("reminder-%")
        )
    ).scalar_one()
    if sent >= MOST_REMINDERS:
        raise SurveyError(f"đợt “{row.name}” đã nhắc {sent} lần; hơn nữa chỉ làm phiền bà con")
    return broadcast(
        connection, row.id, f"reminder-{sent + 1}", now, unfinished=True, state="held" if row.paused_at else "pending"
    )


def wake(connection: Connection, vault: Vault, now: datetime) -> list[str]:
    """Do what is due: open scheduled rounds, send planned reminders. Returns what was done, for the log.

    Rows decide: a conditional update lets one process do each thing once, and one that was down catches up.
    """
    done = []
    due = select(Round.id).where(Round.state == "scheduled", Round.opens_at <= now, Round.closes_at > now)
    for round_id in connection.execute(due.with_for_update(skip_locked=True)).scalars().all():
        open_round(connection, vault, round_id, now)
        done.append(f"opened {round_id}")
    waiting = (
        select(Reminder.round_id, Reminder.number)
        .join(Round, Round.id == Reminder.round_id)
        .where(Reminder.done_at.is_(None), Reminder.due_at <= now, Round.state == "open", Round.closes_at > now)
        .order_by(Reminder.round_id, Reminder.number)
    )
    for round_id, number in connection.execute(waiting).all():
        claimed = connection.execute(
            update(Reminder)
            .where(Reminder.round_id == round_id, Reminder.number == number, Reminder.done_at.is_(None))
            .values(done_at=now)
        ).rowcount
        if claimed == 1:
            remind(connection, round_id, now)
            done.append(f"reminded {round_id}")
    return done


def _move(connection: Connection, row: Any, sources: Sequence[str], state: str, **values: Any) -> None:
    changed = connection.execute(
        update(Round).where(Round.id == row.id, Round.state.in_(sources)).values(state=state, **values)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” {STATES[row.state]} nên không làm việc này được")


def _change_deliveries(connection: Connection, round_id: int, old: str, new: str) -> None:
    connection.execute(update(Delivery).where(Delivery.round_id == round_id, Delivery.state == old).values(state=new))
