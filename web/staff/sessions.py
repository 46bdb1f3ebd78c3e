"""Staff accounts: checking a password, holding a session, slowing down a guesser."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select

from storage.tables import Staff, StaffSession
from surveys.permissions import STAFF_COLUMNS, StaffMember, read_member
from surveys.staff_accounts import find_staff_member, plain_name

SESSION = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
ATTEMPTS = 5  # failures in WINDOW, for one name from one network address
_REMEMBERED = 10_000  # names and addresses


class Passwords:
    """Checks passwords off the event loop, two at a time: each takes 64 MiB (argon2's default)."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(2)

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one. Takes as long for a name that does not exist."""
        async with self._turns:
            return await asyncio.to_thread(_fits, stored, password)


class Throttle:
    """Counts attempts that have not succeeded, in this process."""

    def __init__(self) -> None:
        self._attempts: dict[tuple[str, str], list[datetime]] = {}

    def admit(self, name: str, network: str, now: datetime) -> bool:
        """Count an attempt, and say whether it may go on. Counted first: many at once don't slip by."""
        who = (_folded(name), network)
        recent = [moment for moment in self._attempts.pop(who, []) if now - moment < WINDOW]
        admitted = len(recent) < ATTEMPTS
        self._attempts[who] = [*recent, now] if admitted else recent
        while len(self._attempts) > _REMEMBERED:
            del self._attempts[next(iter(self._attempts))]  # the one that tried least recently
        return admitted

    def clear(self, name: str, network: str) -> None:
        """Forget the attempts of somebody who signed in."""
        self._attempts.pop((_folded(name), network), None)


def find_password(connection: Connection, name: str) -> tuple[int, str] | None:
    """Id and stored password of a name."""
    official = find_staff_member(connection, name, known=False)
    if official is None:
        return None
    return official.id, connection.execute(select(Staff.password).where(Staff.id == official.id)).scalar_one()


def open_session(connection: Connection, staff_id: int, token: str, now: datetime) -> None:
    """Store a new session; only the hash of its token. Sessions that ended are swept out with it."""
    connection.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
    connection.execute(insert(StaffSession).values(digest=_digest(token), staff_id=staff_id, expires_at=now + SESSION))


def find_session(connection: Connection, token: str, now: datetime) -> StaffMember | None:
    """Who is signed in with this token; nobody once it has expired."""
    row = connection.execute(
        select(*STAFF_COLUMNS)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.digest == _digest(token), StaffSession.expires_at > now)
    ).one_or_none()
    return read_member(row) if row else None


def close_session(connection: Connection, token: str) -> None:
    connection.execute(delete(StaffSession).where(StaffSession.digest == _digest(token)))


def _fits(stored: str | None, password: str) -> bool:
    try:
        PasswordHasher().verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    """A password hash that is nobody's."""
    return PasswordHasher().hash("nobody has this account")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _folded(name: str) -> str:
    return plain_name(name).casefold()[:64]
