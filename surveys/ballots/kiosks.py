"""Kiosks of rounds: opened by a one-time link, used by one screen, ended by its PIN or by command.

A helper's screen (`surveys/ballots/assisted.py`) is a kiosk for one household: it ends with the ballot, or after
two hours.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from argon2 import PasswordHasher
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from storage.tables import Assisted, Household, Kiosk, Round, Unit
from surveys.ballots.states import KioskState
from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.rounds.rounds import find_round
from surveys.rounds.states import ENDED, STATES, Mode, RoundState
from surveys.rounds.units import CountedUnit, round_units

VISIT = timedelta(hours=2)  # that a screen for one household lasts
Kind = Literal["desk", "visit"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A new kiosk; `token`, the end of its one-time link, is known to nobody else."""

    id: int
    token: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A kiosk that a screen shows, with what its pages need of the round."""

    id: int
    unit_id: int
    round_id: int
    name: str
    code: str
    form_id: int
    state: RoundState
    opens_at: datetime
    closes_at: datetime
    counts: CountedUnit
    self_declared: bool
    session: str  # its cookie's digest
    pin: str
    draft: Mapping[str, object] | None
    opened_at: datetime
    household_id: int | None = None  # the only one that this screen is for
    household: str = ""  # its number
    how: str = ""  # alone, aloud: a helper is with them

    @property
    def visit(self) -> bool:
        """Whether it is a helper's, for one household alone."""
        return self.household_id is not None

    @property
    def mode(self) -> Mode:
        return Mode.ASSISTED if self.visit else Mode.KIOSK

    def over(self, now: datetime) -> bool:
        """Whether a visit's time is up."""
        return self.visit and now >= self.opened_at + VISIT

    def takes_answers(self, now: datetime) -> bool:
        return self.state == RoundState.OPEN and now < self.closes_at


@dataclass(frozen=True, slots=True)
class ListedKiosk:
    """A screen at a desk as lists show it."""

    id: int
    round: str
    unit: str
    state: KioskState
    opened_at: datetime
    ballots: int

    def to_json(self) -> Json:
        return {
            "kiosk": self.id,
            "round": self.round,
            "unit": self.unit,
            "state": self.state,
            "opened_at": self.opened_at.isoformat(),
            "ballots": self.ballots,
        }


def open_kiosk(connection: Connection, key: str | int, unit_id: int, pin: str, now: datetime) -> Opened:
    """A kiosk for a round, standing in a unit that the round asks.

    Raises `SurveyError` when the round is over, does not ask there, or the PIN is not 4 to 12 digits.
    """
    row = find_round(connection, key)
    if row.state in ENDED or row.closes_at <= now:
        raise SurveyError(f"đợt “{row.name}” {STATES[row.state]} nên không đặt được máy trả lời")
    if unit_id not in {unit.id for unit in round_units(connection, row.id)}:
        name = connection.scalar(select(Unit.name).where(Unit.id == unit_id))
        raise SurveyError(f"đợt “{row.name}” không hỏi ở {name}; --unit: chọn xã hoặc ấp của đợt")
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise SurveyError("--pin: cần từ 4 đến 12 chữ số")
    return _insert(connection, row.id, unit_id, now, pin=PasswordHasher().hash(pin))


def open_for(connection: Connection, round_id: int, household_id: int, unit_id: int, now: datetime) -> Opened:
    """A screen for this household alone, in place of any that it had in this round."""
    end_for(connection, round_id, household_id)
    return _insert(connection, round_id, unit_id, now, household_id=household_id)


def end_for(connection: Connection, round_id: int, household_id: int) -> None:
    """Nothing of a household's own screen is left."""
    connection.execute(delete(Kiosk).where(Kiosk.round_id == round_id, Kiosk.household_id == household_id))


def _insert(
    connection: Connection,
    round_id: int,
    unit_id: int,
    now: datetime,
    *,
    pin: str = "",
    household_id: int | None = None,
) -> Opened:
    token = secrets.token_urlsafe(16)
    row = {"round_id": round_id, "unit_id": unit_id, "pin": pin, "household_id": household_id}
    return Opened(
        connection.execute(
            insert(Kiosk).values(**row, link_digest=digest(token), opened_at=now).returning(Kiosk.id)
        ).scalar_one(),
        token,
    )


def waits(connection: Connection, token: str, now: datetime) -> Kind | None:
    """What a link of ours that nobody has used opens; None for any other."""
    query = select(Kiosk.household_id, Kiosk.opened_at).where(Kiosk.link_digest == digest(token), _unused())
    row = connection.execute(query).first()
    if row is None or (row.household_id is not None and now >= row.opened_at + VISIT):
        return None
    return "desk" if row.household_id is None else "visit"


def use_link(connection: Connection, token: str, session: str) -> int | None:
    """Bind the kiosk of a one-time link to the screen with this cookie; its number, or None when it was used."""
    return connection.execute(
        update(Kiosk)
        .where(Kiosk.link_digest == digest(token), _unused())
        .values(session_digest=digest(session))
        .returning(Kiosk.id)
    ).scalar_one_or_none()


def find_screen(connection: Connection, session: str, *, lock: bool = False) -> Screen | None:
    """The kiosk of the screen with this cookie, unless it was ended.

    `lock`: nobody else changes it, and its round cannot close, until the transaction ends (SQLite is locked anyway).
    """
    rounds = (Round.name, Round.code, Round.form_id, Round.state, Round.opens_at, Round.closes_at)
    query = (
        select(Kiosk.id, Kiosk.unit_id, Kiosk.round_id, *rounds, Round.counts, Round.self_declared)
        .add_columns(Kiosk.session_digest, Kiosk.pin, Kiosk.draft, Kiosk.opened_at)
        .add_columns(Kiosk.household_id, func.coalesce(Household.number, ""), func.coalesce(Assisted.how, ""))
        .join(Round, Round.id == Kiosk.round_id)
        .outerjoin(Household, Household.id == Kiosk.household_id)
        .outerjoin(Assisted, and_(Assisted.round_id == Kiosk.round_id, Assisted.household_id == Kiosk.household_id))
        .where(Kiosk.session_digest == digest(session), Kiosk.ended_at.is_(None))
    )
    if lock:
        connection.execute(select(Kiosk.id).where(Kiosk.session_digest == digest(session)).with_for_update())
        query = query.with_for_update(read=True, of=Round)
    row = connection.execute(query).first()
    return _screen(row) if row else None


def _screen(row: Row[*tuple[Any, ...]]) -> Screen:
    screen = Screen(*row)
    return replace(screen, state=RoundState(screen.state))


def keep_draft(
    connection: Connection, kiosk_id: int, draft: Mapping[str, object] | None, *, handed_in: bool = False
) -> None:
    """Store what is on the screen, or nothing; and that a ballot more came from here."""
    ballots = Kiosk.ballots + 1 if handed_in else Kiosk.ballots
    connection.execute(update(Kiosk).where(Kiosk.id == kiosk_id).values(draft=draft, ballots=ballots))


def stands_in(connection: Connection, kiosk_id: int) -> int:
    """The unit in which a kiosk stands. Raises `SurveyError` when there is no such kiosk."""
    here = (Kiosk.id == kiosk_id, Kiosk.household_id.is_(None))
    unit_id = connection.execute(select(Kiosk.unit_id).where(*here)).scalar_one_or_none()
    if unit_id is None:
        raise SurveyError(f"không có máy trả lời số {kiosk_id}; xem: langnghe kiosk list")
    return unit_id


def end_kiosk(connection: Connection, kiosk_id: int, now: datetime) -> None:
    """The screen shows nothing from now on; only a new link opens another. Raises `SurveyError` when it has ended."""
    ended = update(Kiosk).where(Kiosk.id == kiosk_id, Kiosk.ended_at.is_(None)).values(ended_at=now, draft=None)
    if connection.execute(ended).rowcount != 1:
        raise SurveyError(f"máy trả lời số {kiosk_id} đã kết thúc rồi")


def kiosks(connection: Connection, *, of_round: int | None = None) -> list[ListedKiosk]:
    """The screens at desks, in the order in which they were opened."""
    query = (
        select(Kiosk.id, Round.name, Unit.name, Kiosk.opened_at, Kiosk.ballots)
        .add_columns(Kiosk.session_digest, Kiosk.ended_at, Round.state)
        .join(Round, Round.id == Kiosk.round_id)
        .join(Unit, Unit.id == Kiosk.unit_id)
        .where(Kiosk.household_id.is_(None))
        .order_by(Kiosk.id)
    )
    if of_round is not None:
        query = query.where(Kiosk.round_id == of_round)
    return [
        ListedKiosk(number, name, unit, _state(RoundState(state), session, ended), opened_at, ballots)
        for number, name, unit, opened_at, ballots, session, ended, state in connection.execute(query)
    ]


def _state(state: RoundState, session: str | None, ended: datetime | None) -> KioskState:
    if ended or state in ENDED:
        return KioskState.ENDED
    return KioskState.IN_USE if session else KioskState.WAITING


def digest(token: str) -> str:
    """What is stored of a link or a cookie."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _unused() -> ColumnElement[bool]:
    return Kiosk.session_digest.is_(None) & Kiosk.ended_at.is_(None)
