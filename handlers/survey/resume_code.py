"""Carry on elsewhere: a short code, shown here and typed there, joins that address to this person."""

import hmac
import re
import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, select

from handlers.messages import Message
from handlers.storing import become
from handlers.visit import Visit
from storage.tables import ShortCode

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # 31, none that look alike
_SIZE = 8  # letters: 39.6 bits, against at most ten guesses an hour and address
_DAYS = 7
_CODE = re.compile(r"\s*LN[- ]?([A-Za-z0-9]{4})[- ]?([A-Za-z0-9]{4})\s*", re.IGNORECASE)

Joined = Literal["joined", "wrong", "too_many"]


def give(visit: Visit) -> None:
    """A new code, which replaces the one before."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_SIZE))
    if visit.connection is not None:
        visit.connection.execute(delete(ShortCode).where(ShortCode.person_id == visit.person.id))
    visit.rows.append(
        (
            ShortCode,
            {
                "digest": _digest(visit, letters),
                "person_id": visit.person.id,
                "expires_at": visit.now + timedelta(days=_DAYS),
            },
        )
    )
    code = f"LN-{letters[:4]}-{letters[4:]}"
    visit.say(
        Message(
            title=visit.text("code.title", code=code),
            text=visit.text("code.text", days=_DAYS),
            choices=(visit.choice("menu:survey", visit.text("menu.survey")),),
        )
    )


def looks_like(text: str) -> bool:
    return _CODE.fullmatch(text.removeprefix("c_")) is not None


def join(visit: Visit, text: str) -> Joined:
    """Join this address to the person whose code it is. A code works once, ten wrong ones cost an hour."""
    match = _CODE.fullmatch(text.removeprefix("c_"))
    if match is None or visit.connection is None:
        return "wrong"
    if not visit.shared.may_guess(visit.inbound, visit.now):
        return "too_many"
    letters = "".join(match.groups()).upper()
    digest = _digest(visit, letters)
    person_id = visit.connection.execute(
        select(ShortCode.person_id).where(ShortCode.digest == digest, ShortCode.expires_at > visit.now)
    ).scalar()
    if person_id is None or person_id == visit.person.id or not become(visit, visit.connection, person_id):
        visit.shared.guessed_wrong(visit.inbound, visit.now)
        return "wrong"
    visit.connection.execute(delete(ShortCode).where(ShortCode.digest == digest))
    visit.person.stopped = False
    return "joined"


def _digest(visit: Visit, letters: str) -> str:
    return hmac.digest(visit.shared.key, f"short code {letters}".encode(), "sha256").hex()
