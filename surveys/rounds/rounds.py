"""The life of a round: draft → open, and what may be told of it on the way.

Functions take a synchronous `Connection` inside a transaction of the caller's.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, insert, or_, select, update

from storage.tables import FormVersion, Round, RoundUnit
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.rounds.broadcasts import WAVE, broadcast
from surveys.rounds.delivery_states import DeliveryKind
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.send_policy import Windows
from surveys.rounds.soft_launch import send_first
from surveys.rounds.states import NOT_OPENED, STATES, RoundState
from surveys.rounds.units import CountedUnit
from surveys.rules.rule_sets import Rule
from surveys.secrecy.vault import Vault
from surveys.unit_names import refuse_empty

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def find_round(connection: Connection, key: str | int) -> RoundRow:
    """The round by number, name or code. Raises `SurveyError`."""
    text = str(key).strip()
    number = int(text) if text.isdecimal() and len(text) < 18 else -1
    query = select_rounds().where(or_(Round.id == number, Round.name == text, Round.code == text))
    found = read_rounds(connection, query)
    if not found:
        raise SurveyError(f"không có đợt nào là “{text}”; xem: langnghe round list")
    return found[0]


def store_form(connection: Connection, form: Form, now: datetime) -> int:
    """Freeze a form; the same questions are stored once. Returns its number."""
    found = connection.execute(
        select(FormVersion.id).where(FormVersion.name == form.name, FormVersion.digest == form.digest)
    ).scalar()
    if found is not None:
        return found
    return connection.execute(
        insert(FormVersion)
        .values(name=form.name, digest=form.digest, definition=form.to_dict(), imported_at=now)
        .returning(FormVersion.id)
    ).scalar_one()


def create_round(
    connection: Connection,
    *,
    name: str,
    form: Form,
    rule: Rule,
    units: Sequence[int],
    opens: datetime,
    closes: datetime,
    counts: CountedUnit,
    now: datetime,
    sample: bool = False,
    repeat: str | None = None,
    self_declared: bool = False,
) -> int:
    """A draft round. Raises `SurveyError` for a taken name, nobody to ask, or times that make no sense.

    `repeat`: "yearly" makes the next one by itself when this one is over.
    """
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise SurveyError("tên đợt phải có từ 1 đến 200 chữ cái")
    if not units:
        raise SurveyError("đợt cần ít nhất một đơn vị: --unit MÃ_XÃ")
    if opens < now - timedelta(minutes=5):
        raise SurveyError("giờ mở đợt đã qua; chọn một thời điểm sắp tới hoặc now")
    if closes <= now or closes <= opens:
        raise SurveyError("giờ đóng đợt phải ở sau giờ mở và sau lúc này")
    refuse_empty(connection, units, opens.date())
    if connection.execute(select(exists().where(Round.name == name))).scalar():
        raise SurveyError(f"đã có đợt tên “{name}”; hãy đặt tên khác")
    round_id = connection.execute(
        insert(Round)
        .values(
            name=name,
            code=new_code(),
            form_id=store_form(connection, form, now),
            rule=rule.id,
            rule_definition=rule.to_dict(),
            counts=counts,
            self_declared=self_declared,
            state=RoundState.DRAFT,
            sample=sample,
            created_at=now,
            opens_at=opens,
            closes_at=closes,
            repeat=repeat,
        )
        .returning(Round.id)
    ).scalar_one()
    connection.execute(insert(RoundUnit), [{"round_id": round_id, "unit_id": unit} for unit in dict.fromkeys(units)])
    return round_id


def new_code() -> str:
    """What links and QR codes call a round; nobody guesses it."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def open_round(
    connection: Connection,
    vault: Vault,
    key: str | int,
    now: datetime,
    *,
    first_wave: float = 0.0,
    continue_after: timedelta | None = None,
    windows: Windows | None = None,
) -> int:
    """Open a draft round and owe everybody in its units an invitation, in one transaction.

    `first_wave`: this share of them goes first, drawn by lot; the rest is held until somebody lets it follow, or
    for `continue_after`. `windows`: where people may be written to now. Returns the number of invitations. Raises
    `SurveyError` when the round is not a draft, its closing time is over, or it asks nobody.
    """
    row = find_round(connection, key)
    if row.closes_at <= now:
        raise SurveyError(f"đợt “{row.name}” đã quá giờ đóng nên không mở được")
    changed = connection.execute(
        update(Round)
        .where(Round.id == row.id, Round.state.in_(NOT_OPENED))
        .values(state=RoundState.OPEN, opened_at=now)
    ).rowcount
    if changed != 1:
        raise SurveyError(f"đợt “{row.name}” {STATES[find_round(connection, row.id).state]} nên không mở được")
    asked = connection.scalars(select(RoundUnit.unit_id).where(RoundUnit.round_id == row.id)).all()
    refuse_empty(connection, asked, now.date())
    vault.make_round_secret(row.code)  # before the commit: an open round without a secret takes no ballot
    people = broadcast(connection, row.id, DeliveryKind.INVITE, now, held=WAVE if first_wave else "", windows=windows)
    if first_wave and people:
        send_first(connection, row.id, first_wave, people, now, continue_after)
    return people
