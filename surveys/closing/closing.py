"""Closing a round for good, in steps that a crash can't half-do.

    open ──begin──▶ closing: shuffle ▶ destroy ▶ compact ──▶ closed

1. `begin`: no more ballots are taken, and nobody can read one yet
2. shuffle: one transaction opens the ballots, counts them and writes them in random order under random tags
3. destroy: the secret, once that is committed; from here on nothing can link a ballot to a person
4. compact: dead rows still lie in the order in which they came
5. only now the state is `closed`, and answers may be read

Whoever calls `finish` after a crash, the same command or the clock, goes on where it stopped.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage.audit import record
from storage.bulk import compact
from storage.database import Database
from storage.retention import blur_timestamps
from storage.tables import (
    Ballot,
    Closing,
    Delivery,
    FormVersion,
    Interview,
    Kiosk,
    Participation,
    Receipt,
    Round,
)
from surveys.ballots.back_checks import finish_at_close
from surveys.closing.pair import closing_pair
from surveys.closing.shuffling import shuffle
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.permissions import targets
from surveys.rounds.delivery_states import WAITING, DeliveryState
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.states import STATES, ClosingStep, RoundState
from surveys.secrecy.cipher import SEALED
from surveys.secrecy.vault import SecretGone, Vault

ABANDONED = timedelta(minutes=3)  # a close that began longer ago is taken up by the clock


@dataclass(frozen=True, slots=True)
class Closed:
    """How far a close is, and what it counted."""

    round_id: int
    step: ClosingStep
    ballots: int
    unreadable: int  # their seal was broken, so nobody can tell what they said


def close_for_good(
    database: Database, vault: Vault, key: str | int, *, by: str, witness: str, now: datetime | None = None
) -> Closed:
    """Close a round by two people, to the last step. Returns how far it came.

    A close that a crash cut off is finished by the same call. Raises `SurveyError` when the round is not open,
    when these two may not close it (`closing_pair`), or when the round's secret is not on this machine.
    """
    with database.transaction() as connection:
        row = find_round(connection, key)
        if row.state != RoundState.CLOSING:
            begin(connection, vault, row, by=by, witness=witness, now=now or datetime.now(UTC))
    return finish(database, vault, row.id)


def begin(connection: Connection, vault: Vault, row: RoundRow, *, by: str, witness: str, now: datetime) -> None:
    """Take no more ballots, send nothing more, and remember who closes. Raises `SurveyError`."""
    pair = closing_pair(connection, targets(connection, row.id), by, witness)
    if not vault.has_round_secret(row.code) and _any_sealed(connection, row.id):
        raise SurveyError(
            f"khóa của đợt “{row.name}” không có trong thư mục khóa của máy này; hãy đóng đợt ở máy đã mở đợt"
        )
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state == RoundState.OPEN)
        .values(state=RoundState.CLOSING, closed_at=now, closed_by=list(pair.names))
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” {STATES[row.state]} nên không đóng được")
    connection.execute(
        insert(Closing).values(round_id=row.id, step=ClosingStep.SHUFFLE, ballots=0, unreadable=0, begun_at=now)
    )
    connection.execute(
        update(Delivery)
        .where(Delivery.round_id == row.id, Delivery.state.in_(WAITING))
        .values(state=DeliveryState.EXPIRED, reason="round closed", settled_at=now)
    )
    connection.execute(delete(Kiosk).where(Kiosk.round_id == row.id, Kiosk.household_id.is_not(None)))
    connection.execute(update(Kiosk).where(Kiosk.round_id == row.id).values(draft=None))
    helped = finish_at_close(connection, row.id)
    # One write over all: no row's own transaction tells when it came. And a household that was the only one of its
    # hamlet at the kiosk, say, must not be found by its mode.
    connection.execute(update(Interview).where(Interview.round_id == row.id).values(cursor=""))
    connection.execute(update(Participation).where(Participation.round_id == row.id).values(cursor="", mode=""))
    blur_timestamps(connection, now)
    if helped:
        key = vault.program_key()
        by, subject = pair.names[0], str(row.id)
        record(connection, key, actor=by, action="ballots.callbacks", subject=subject, detail=helped, now=now)


def finish(database: Database, vault: Vault, round_id: int) -> Closed:
    """Do the steps that are left. Raises `SurveyError` where the secret is missing."""
    with database.transaction() as connection:
        row = find_round(connection, round_id)
        if _closing(connection, round_id).step == ClosingStep.SHUFFLE:
            _shuffle(connection, vault, row)
    vault.destroy_round_secret(row.code)
    with database.transaction() as connection:
        _move(connection, round_id, ClosingStep.DESTROY, ClosingStep.COMPACT)
        step = _closing(connection, round_id).step
    if step == ClosingStep.COMPACT:
        compact(database, *(table.__tablename__ for table in (Ballot, Receipt, Interview, Participation)))
    with database.transaction() as connection:
        if _move(connection, round_id, ClosingStep.COMPACT, ClosingStep.DONE):
            connection.execute(update(Round).where(Round.id == round_id).values(state=RoundState.CLOSED))
        return _closing(connection, round_id)


def wake(database: Database, vault: Vault, now: datetime) -> list[int]:
    """Finish closes that were cut off, where their secret is on this machine. Returns the rounds' numbers."""
    waiting = database.read_now(
        lambda connection: connection.execute(
            select(Round.id, Round.code, Closing.step)
            .join(Closing, Closing.round_id == Round.id)
            .where(Closing.step != ClosingStep.DONE, Closing.begun_at < now - ABANDONED)
        ).all()
    )
    mine = [row.id for row in waiting if row.step != ClosingStep.SHUFFLE or vault.has_round_secret(row.code)]
    for round_id in mine:
        finish(database, vault, round_id)
    return mine


def _shuffle(connection: Connection, vault: Vault, row: RoundRow) -> None:
    try:
        secret = vault.round_secret(row.code)
    except SecretGone:
        if _any_sealed(connection, row.id):
            raise SurveyError(f"khóa của đợt “{row.name}” không có trong thư mục khóa của máy này") from None
        secret = None
    definition = connection.execute(select(FormVersion.definition).where(FormVersion.id == row.form_id)).scalar_one()
    done = shuffle(connection, row.id, row.code, secret, Form.from_dict(definition))
    connection.execute(
        update(Closing)
        .where(Closing.round_id == row.id)
        .values(step=ClosingStep.DESTROY, ballots=done.ballots, unreadable=done.unreadable)
    )
    by, witness = row.closed_by
    detail = {"with": witness, "ballots": done.ballots, "unreadable": done.unreadable}
    record(connection, vault.program_key(), actor=by, action="round.close", subject=str(row.id), detail=detail)


def _closing(connection: Connection, round_id: int) -> Closed:
    """The row of `closing`, locked until the end of the transaction: others wait for the step under way."""
    columns = (Closing.round_id, Closing.step, Closing.ballots, Closing.unreadable)
    row = connection.execute(select(*columns).where(Closing.round_id == round_id).with_for_update()).one()
    return Closed(row[0], ClosingStep(row[1]), row[2], row[3])


def _move(connection: Connection, round_id: int, old: ClosingStep, new: ClosingStep) -> bool:
    here = (Closing.round_id == round_id, Closing.step == old)
    return connection.execute(update(Closing).where(*here).values(step=new)).rowcount == 1


def _any_sealed(connection: Connection, round_id: int) -> bool:
    sealed = Ballot.answers[SEALED].as_string().is_not(None)
    return bool(connection.execute(select(exists().where(Ballot.round_id == round_id, sealed))).scalar())
