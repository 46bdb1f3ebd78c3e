"""The audit log: who did what, each entry sealed to the one before it.

`head` is an HMAC over the entry's number, the head before it and the entry as canonical JSON, with a key that
lives outside the database. A change, a gap, a swap or an entry of somebody else's making breaks the chain at
that place; only a cut at the end leaves a whole chain, and that is what an anchor kept elsewhere is for.
"""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from storage.tables.audit import AuditEntry

START = bytes(32)  # what stands before the first entry
_LOCK = 0x6C6E_6175_6469_7400  # PostgreSQL's advisory locks are numbers; this one is ours
_BATCH = 1000  # entries in memory at once


@dataclass(frozen=True, slots=True)
class Anchor:
    """How long the chain was and where it ended: to be kept where the database's keeper cannot change it."""

    entries: int
    head: str  # in hex

    @classmethod
    def from_dict(cls, values: Any) -> "Anchor":
        """What a line of an anchor file says. Raises `ValueError`."""
        entries, head = (values.get("entries"), values.get("head")) if isinstance(values, Mapping) else (None, None)
        if type(entries) is not int or entries < 0 or not isinstance(head, str) or len(bytes.fromhex(head)) != 32:
            raise ValueError("an anchor needs entries and head")
        return cls(entries, head.lower())


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found: the length and end of the sound part, and where and why the chain breaks, if it does."""

    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""  # changed, missing, cut, anchor


def record(
    connection: Connection,
    key: bytes,
    *,
    actor: str,
    action: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Add an entry, in the transaction of what it tells of; best as its last statement.

    `detail` holds plain JSON values, and never an answer, a code, a token or a chat id. Writers take turns at the
    end of the chain until they commit: by a lock of PostgreSQL's, and on SQLite because there is one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(
        select(AuditEntry.number, AuditEntry.head).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    number, before = (last.number + 1, last.head) if last else (1, START)
    entry = {
        "at": (now or datetime.now(UTC)).astimezone(UTC),
        "actor": _clean(actor),
        "action": action,
        "subject": _clean(subject),
        "detail": json.loads(_whole(json.dumps(dict(detail or {}), ensure_ascii=False, allow_nan=False))),
    }
    head = _seal(key, number, before, **entry)
    connection.execute(insert(AuditEntry).values(number=number, head=head, **entry))


def verify(connection: Connection, key: bytes, anchors: Sequence[Anchor] = ()) -> Verified:
    """Follow the chain from its first entry to the first that is not what was written."""
    due = {anchor.entries: anchor for anchor in anchors}
    number, head = 0, START
    for entry in _entries(connection):
        if entry is None:
            return Verified(number, head.hex(), number + 1, "changed")
        if entry.number != number + 1:
            return Verified(number, head.hex(), number + 1, "missing")
        sealed = _seal(key, entry.number, head, entry.at, entry.actor, entry.action, entry.subject, entry.detail)
        if sealed != entry.head:
            return Verified(number, head.hex(), entry.number, "changed")
        number, head = entry.number, entry.head
        if number in due and due[number].head != head.hex():
            return Verified(number - 1, head.hex(), number, "anchor")
    if due and max(due) > number:
        return Verified(number, head.hex(), number + 1, "cut")
    return Verified(number, head.hex())


def anchor(connection: Connection) -> Anchor:
    """The chain's present end."""
    last = connection.execute(
        select(AuditEntry.number, AuditEntry.head).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    return Anchor(last.number, last.head.hex()) if last else Anchor(0, START.hex())


def _entries(connection: Connection) -> Iterator[Any]:
    """The entries by number, in small memory; None for one whose columns no longer hold what they should."""
    ordered = select(AuditEntry.__table__).order_by(AuditEntry.number)
    last, size = 0, _BATCH
    while True:
        try:
            found = connection.execute(ordered.where(AuditEntry.number > last).limit(size)).all()
        except (ValueError, TypeError, SQLAlchemyError):  # such as a date that SQLite keeps and nobody can read
            if size == 1:
                yield None
                return
            size = 1  # one by one, up to it
            continue
        if not found:
            return
        yield from found
        last = found[-1].number


def _seal(
    key: bytes, number: int, before: bytes, at: datetime, actor: str, action: str, subject: str, detail: Any
) -> bytes:
    said = [at.astimezone(UTC).isoformat(timespec="microseconds"), actor, action, subject, detail]
    canonical = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, b"audit\0" + number.to_bytes(8) + before + canonical.encode(), "sha256")


def _clean(text: str) -> str:
    return _whole(text).replace("\0", "")  # PostgreSQL has no NUL in a text


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()  # no halves of surrogate pairs
