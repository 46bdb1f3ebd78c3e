"""The pass over a round's ballots at its close: opened, counted, and written again in random order.

One transaction, one look at each ballot, and memory for one batch of them and the receipts' hashes.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Text, cast, delete, func, insert, select

from storage.bulk import CACHE, insert_many
from storage.tables import Ballot, Receipt, UnitTally
from surveys.ballots.receipts import WITHOUT, receipt_code, receipt_digest
from surveys.forms.form import Form
from surveys.results.tallying import Tallying
from surveys.secrecy.cipher import Cipher, CipherError
from surveys.secrecy.vault import TAG

BATCH = 5000  # ballots in memory at once
_COLUMNS = ("round_id", "tag", "unit_id", "mode", "submitted", "answers")
_SPACE = 1 << 8 * TAG


@dataclass(frozen=True, slots=True)
class Shuffled:
    ballots: int
    unreadable: int  # their seal was broken: dropped, since nobody can tell what they said


def shuffle(connection: Connection, round_id: int, round_code: str, secret: bytes | None, form: Form) -> Shuffled:
    """Rewrite the submitted ballots in the clear, under random tags in random order; drafts are dropped.

    In the same pass they are tallied and their receipts' hashes kept. `secret` may be None where no ballot is
    sealed. Sorting is the database's own: by random bytes drawn for each row, in its temporary space.
    """
    _prepare(connection)
    mine = (Ballot.round_id == round_id, Ballot.submitted)
    total = connection.execute(select(func.count()).select_from(Ballot).where(*mine)).scalar_one()
    columns = select(Ballot.tag, Ballot.unit_id, Ballot.mode, cast(Ballot.answers, Text))
    rows = connection.execute(
        columns.where(*mine).order_by(_chance(connection)), execution_options={"yield_per": BATCH}
    )
    tags, tallying, receipts, written = _tags(total), Tallying(form), list[bytes](), 0
    cipher = Cipher(secret) if secret is not None else None
    first = True
    for batch in rows.partitions():
        if first:  # all are read and sorted by now: on SQLite the old ones would come up again
            connection.execute(delete(Ballot).where(Ballot.round_id == round_id))
            first = False
        opened: list[tuple[Any, ...]] = []
        for tag, unit_id, mode, column in batch:
            try:
                answers = cipher.read(tag, column) if cipher is not None else column
                tallying.add(unit_id, mode, json.loads(answers))
            except (CipherError, ValueError):
                continue
            opened.append((round_id, next(tags), unit_id, mode, True, answers))
            if secret is not None and mode not in WITHOUT:
                receipts.append(receipt_digest(round_code, receipt_code(secret, tag)))
        insert_many(connection, "ballot", _COLUMNS, opened)
        written += len(opened)
    connection.execute(delete(Ballot).where(Ballot.round_id == round_id, Ballot.submitted.is_(False)))
    receipts.sort()  # their order says nothing about the ballots'
    insert_many(connection, Receipt.__tablename__, ("round_id", "digest"), ((round_id, each) for each in receipts))
    tallies = [{"round_id": round_id, **row._asdict()} for row in tallying.rows()]
    if tallies:
        connection.execute(insert(UnitTally), tallies)
    return Shuffled(written, total - written)


def _tags(total: int) -> Iterator[bytes]:
    """Random tags in ascending order, one from each of `total` equal parts of their space: rows are only appended."""
    for number in range(total):
        chance = int.from_bytes(os.urandom(TAG)) // total
        yield ((number * _SPACE) // total + chance).to_bytes(TAG)


def _chance(connection: Connection) -> ColumnElement[Any]:
    """Random bytes for each row, from the system's generator."""
    if connection.dialect.name == "postgresql":
        return func.gen_random_uuid()
    return func.random_bytes(type_=LargeBinary)


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.create_function("random_bytes", 0, lambda: os.urandom(TAG))
        raw.execute(f"PRAGMA cache_size = {-CACHE * 1024}")
