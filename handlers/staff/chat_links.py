"""A chat becomes somebody's of the staff with a code that works once; only HMACs of both are kept."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from handlers.visit import Visit
from storage.tables import Staff, StaffChat, StaffCode
from surveys.permissions import STAFF_COLUMNS, StaffMember, read_member

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # 31, none that look alike
_SIZE = 12  # letters: 59 bits, against at most ten guesses an hour and address
LASTS = timedelta(hours=24)
_CODE = re.compile(r"\s*QL-?([A-Za-z0-9]{4})-?([A-Za-z0-9]{4})-?([A-Za-z0-9]{4})\s*", re.IGNORECASE)


def looks_like(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def make_code(connection: Connection, key: bytes, staff_id: int, now: datetime) -> str:
    """A new code, which replaces the one before; nobody can read it again."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_SIZE))
    connection.execute(delete(StaffCode).where(StaffCode.staff_id == staff_id))
    connection.execute(
        insert(StaffCode).values(digest=_code_digest(key, letters), staff_id=staff_id, expires_at=now + LASTS)
    )
    return f"QL-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def link(visit: Visit, text: str) -> StaffMember | None:
    """Make this chat theirs whose code it is; nobody for a wrong one, or after ten wrong ones within the hour."""
    match, connection = _CODE.fullmatch(text), visit.connection
    if match is None or connection is None or not visit.shared.may_guess(visit.inbound, visit.now):
        return None
    digest = _code_digest(visit.shared.key, "".join(match.groups()).upper())
    staff_id = connection.execute(
        delete(StaffCode)
        .where(StaffCode.digest == digest, StaffCode.expires_at > visit.now)
        .returning(StaffCode.staff_id)
    ).scalar()
    if staff_id is None:
        visit.shared.guessed_wrong(visit.inbound, visit.now)
        return None
    here = _chat_digest(visit)
    connection.execute(delete(StaffChat).where(StaffChat.digest == here))
    connection.execute(insert(StaffChat).values(digest=here, staff_id=staff_id, since=visit.now))
    return official_here(visit)


def official_here(visit: Visit) -> StaffMember | None:
    """Whose chat this is; nobody's, for nearly everybody."""
    if visit.connection is None:
        return None
    row = visit.connection.execute(
        select(*STAFF_COLUMNS)
        .join(StaffChat, StaffChat.staff_id == Staff.id)
        .where(StaffChat.digest == _chat_digest(visit))
    ).first()
    return read_member(row) if row is not None else None


def leave(visit: Visit) -> None:
    """This chat is nobody's any more."""
    if visit.connection is not None:
        visit.connection.execute(delete(StaffChat).where(StaffChat.digest == _chat_digest(visit)))


def leave_all(connection: Connection, staff_id: int) -> int:
    """No chat is theirs any more, and no code makes one so. Returns how many were."""
    connection.execute(delete(StaffCode).where(StaffCode.staff_id == staff_id))
    return connection.execute(delete(StaffChat).where(StaffChat.staff_id == staff_id)).rowcount


def _code_digest(key: bytes, letters: str) -> str:
    return hmac.digest(key, f"staff code {letters}".encode(), "sha256").hex()


def chat_digest(key: bytes, channel: str, address: str) -> str:
    """What is kept of a chat."""
    return hmac.digest(key, f"staff chat {channel}\0{address}".encode(), "sha256").hex()


def _chat_digest(visit: Visit) -> str:
    return chat_digest(visit.shared.key, visit.inbound.channel, visit.inbound.address)
