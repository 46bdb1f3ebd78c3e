"""What may happen to a round between its making and its publication, beside opening and closing.

    draft ──schedule──▶ scheduled ──(its time)──▶ open ──close──▶ closed ──publish──▶ published
      └──────────── open ────────────────────────▶ │ pause, resume, continue, remind
    draft, scheduled, open ──cancel──▶ cancelled

Functions take a `Connection` inside a transaction of the caller's and raise `SurveyError` with the reason.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.tables import Ballot, Delivery, Interview, Participation, Reminder, Round, RoundUnit
from surveys.errors import SurveyError
from surveys.rounds.broadcasts import PAUSED, broadcast
from surveys.rounds.delivery_states import REMINDERS, WAITING, DeliveryState
from surveys.rounds.repeats import repeat_due
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round, open_round
from surveys.rounds.send_policy import USUAL, Sending, Windows
from surveys.rounds.soft_launch import follow_due, send_rest
from surveys.rounds.states import NOT_CLOSED, STATES, RoundState
from surveys.secrecy.vault import Vault
from surveys.unit_names import refuse_empty

MOST_REMINDERS = len(REMINDERS)  # more only annoys; who did not answer by then is visited


def schedule(connection: Connection, key: str | int, now: datetime) -> RoundRow:
    """Let the clock open a draft at its opening time."""
    row = find_round(connection, key)
    if row.opens_at <= now:
        raise SurveyError(f"giờ mở của đợt “{row.name}” đã tới; hãy mở luôn: langnghe round open {row.id}")
    asked = connection.scalars(select(RoundUnit.unit_id).where(RoundUnit.round_id == row.id)).all()
    refuse_empty(connection, asked, row.opens_at.date())
    _move(connection, row, (RoundState.DRAFT,), RoundState.SCHEDULED)
    return row


def pause(connection: Connection, key: str | int, now: datetime) -> RoundRow:
    """Stop sending; what was not sent is held. Answers are still taken."""
    row = find_round(connection, key)
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state == RoundState.OPEN, Round.paused_at.is_(None))
        .values(paused_at=now)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” không đang gửi nên không tạm dừng được")
    connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state == DeliveryState.PENDING)
        .values(state=DeliveryState.HELD, reason=PAUSED)
    )
    return row


def resume(connection: Connection, key: str | int) -> RoundRow:
    """Go on sending what was held."""
    row = find_round(connection, key)
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state == RoundState.OPEN, Round.paused_at.is_not(None))
        .values(paused_at=None)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” không đang tạm dừng")
    connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state == DeliveryState.HELD, Delivery.reason == PAUSED)
        .values(state=DeliveryState.PENDING, reason="")
    )
    return row


def continue_(connection: Connection, key: str | int) -> int:
    """Let the rest follow after a first wave. Returns their number."""
    return send_rest(connection, find_round(connection, key))


def cancel(connection: Connection, key: str | int, now: datetime) -> RoundRow:
    """Call a round off: nothing more is sent, ballots are deleted, there will be no result.

    The caller destroys the round's secret once this is committed.
    """
    row = find_round(connection, key)
    _move(connection, row, NOT_CLOSED, RoundState.CANCELLED, closed_at=now)
    connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state.in_(WAITING))
        .values(state=DeliveryState.CANCELLED, reason="round cancelled", settled_at=now)
    )
    connection.execute(delete(Ballot).where(Ballot.round_id == row.id))
    for part in (Interview, Participation):
        connection.execute(delete(part).where(part.round_id == row.id))
    return row


def publish(connection: Connection, key: str | int) -> RoundRow:
    """Show a closed round's results to everybody."""
    row = find_round(connection, key)
    _move(connection, row, (RoundState.CLOSED,), RoundState.PUBLISHED)
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


def remind(connection: Connection, key: str | int, now: datetime, windows: Windows | None = None) -> int:
    """Owe a reminder to everybody who may be written to and has not finished. Returns their number."""
    number = find_round(connection, key).id
    connection.execute(select(Round.id).where(Round.id == number).with_for_update())  # one reminder at a time
    row = find_round(connection, number)
    if row.state != RoundState.OPEN or row.closes_at <= now:
        raise SurveyError(f"đợt “{row.name}” không đang mở nên không nhắc được")
    if row.wave_at is not None:
        raise SurveyError(f"đợt “{row.name}” còn lời mời chưa gửi; gửi hết đã: langnghe round continue {row.id}")
    sent = connection.execute(
        select(func.count(func.distinct(Delivery.kind))).where(
            Delivery.round_id == row.id, Delivery.kind.in_(REMINDERS)
        )
    ).scalar_one()
    if sent >= MOST_REMINDERS:
        raise SurveyError(f"đợt “{row.name}” đã nhắc {sent} lần; hơn nữa chỉ làm phiền bà con")
    held = PAUSED if row.paused_at else ""
    return broadcast(connection, row.id, REMINDERS[sent], now, unfinished=True, held=held, windows=windows)


def wake(connection: Connection, vault: Vault, now: datetime, sending: Sending = USUAL) -> list[str]:
    """Do what is due: open scheduled rounds, send planned reminders, let the rest follow a first wave, make the
    next of a repeated round, put back what was missed. Returns what was done, for the log.

    Rows decide: a conditional update lets one process do each thing once, and one that was down catches up.
    """
    return [
        *_open_due(connection, vault, now, sending),
        *_remind_due(connection, now, sending.windows),
        *follow_due(connection, now, sending.most_errors),
        *(f"repeated {old} as {new}" for old, new in repeat_due(connection, now)),
        *_missed(connection, now),
    ]


def _open_due(connection: Connection, vault: Vault, now: datetime, sending: Sending) -> list[str]:
    """Open what is scheduled; what cannot be opened is a draft again, for somebody to look at."""
    done = []
    due = select(Round.id).where(Round.state == RoundState.SCHEDULED, Round.opens_at <= now, Round.closes_at > now)
    for round_id in connection.execute(due.with_for_update(skip_locked=True)).scalars().all():
        try:
            with connection.begin_nested():
                open_round(
                    connection,
                    vault,
                    round_id,
                    now,
                    first_wave=sending.first_wave,
                    continue_after=sending.continue_after,
                    windows=sending.windows,
                )
        except SurveyError as error:
            connection.execute(
                update(Round)
                .where(Round.id == round_id, Round.state == RoundState.SCHEDULED)
                .values(state=RoundState.DRAFT)
            )
            done.append(f"not opened {round_id}: {error}")
        else:
            done.append(f"opened {round_id}")
    return done


def _missed(connection: Connection, now: datetime) -> list[str]:
    """What was never opened, since nothing ran until its closing time: a draft again, for somebody to look at."""
    missed = (
        update(Round).where(Round.state == RoundState.SCHEDULED, Round.closes_at <= now).values(state=RoundState.DRAFT)
    )
    return [f"missed {number}" for number in connection.scalars(missed.returning(Round.id)).all()]


def _remind_due(connection: Connection, now: datetime, windows: Windows | None) -> list[str]:
    """Send planned reminders; of several of one round that are due, after a long sleep, only one."""
    done = []
    waiting = (
        select(Reminder.round_id)
        .join(Round, Round.id == Reminder.round_id)
        .where(
            Reminder.done_at.is_(None),
            Reminder.due_at <= now,
            Round.state == RoundState.OPEN,
            Round.closes_at > now,
            Round.wave_at.is_(None),
        )
        .order_by(Reminder.round_id)
        .distinct()
    )
    for round_id in connection.execute(waiting).scalars().all():
        claimed = connection.execute(
            update(Reminder)
            .where(Reminder.round_id == round_id, Reminder.done_at.is_(None), Reminder.due_at <= now)
            .values(done_at=now)
        ).rowcount
        if not claimed:
            continue
        try:
            remind(connection, round_id, now, windows)
        except SurveyError as error:  # before anything was written: reminded by hand as often as may be
            done.append(f"not reminded {round_id}: {error}")
        else:
            done.append(f"reminded {round_id}")
    return done


def _move(
    connection: Connection, row: RoundRow, sources: Sequence[RoundState], state: RoundState, **values: datetime
) -> None:
    changed = connection.execute(
        update(Round).where(Round.id == row.id, Round.state.in_(sources)).values(state=state, **values)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” {STATES[row.state]} nên không làm việc này được")
