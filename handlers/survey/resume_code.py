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
_CODE = re.compile(r"LN[- ]?([A-Z0-9]{4})[- ]?([A-Z0-9]{4})", re.IGNORECASE)
# As people say it: without its label, behind "mã của tui là", with a word of politeness.
_FOUR = f"([{_LETTERS}]{{4}})"
_SAID = re.compile(
    r"(?:(?P<called>(?:(?:dạ|da|đây|day|cái|cai|là|la|my|the) )*(?:mã|ma|code|លេខកូដ)"
    r"(?:[ :=]+(?:số|so|này|nay|của|cua|tui|tôi|toi|em|mình|minh|má|ba|con|chị|anh|là|la|is|ln)\b)*)[ :=]+)?"
    rf"(?P<label>LN[- ]*)?{_FOUR}[- .]?{_FOUR}(?: (?:nha|nhé|nhe|ạ|nghen|đó|do|nè|ne))?[ .!]*",
    re.IGNORECASE,
)

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
    return _CODE.fullmatch(text.removeprefix("c_").strip()) is not None


def code_in(text: str) -> str:
    """The code that a typed message says, with its label; "" where it says none.

    Eight letters alone are a code only where figures are among them: "nhatrang" is a place, and 23456789 a number.
    """
    line = " ".join(text.split())
    if looks_like(line):
        return line
    found = _SAID.fullmatch(line)
    if found is None:
        return ""
    letters = f"{found[3]}{found[4]}".upper()
    mixed = any(letter.isdigit() for letter in letters) and not letters.isdigit()
    return f"LN-{letters[:4]}-{letters[4:]}" if found["called"] or found["label"] or mixed else ""


def join(visit: Visit, text: str) -> Joined:
    """Join this address to the person whose code it is. A code works once, ten wrong ones cost an hour."""
    match = _CODE.fullmatch(text.removeprefix("c_").strip())
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
