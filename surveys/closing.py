"""Closing a round for good: what must happen outside the transaction, in the right order."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage.audit import record
from storage.database import Database
from storage.models import Ballot
from surveys.rounds import close_round, find_round
from surveys.secrecy import Vault


def close_for_good(database: Database, vault: Vault, key: str | int, *, by: str, witness: str) -> tuple[Any, int]:
    """Close, then destroy the secret, then leave no old copy of a row behind. Returns the round and its ballots.

    1. one transaction: state, ballots under random tags in random order
    2. the secret, once that is committed: from here on nothing can link a ballot to a person
    3. the database is compacted, since dead rows still lie in the order in which they came

    Where a crash cut that off after the first, the same call again does the rest.
    """
    with database.transaction() as connection:
        row = find_round(connection, key)
        if row.state == "closed" and vault.has_round_secret(row.code):
            ballots = count_ballots(connection, row.id)
        else:
            ballots = close_round(connection, vault, key, by=by, witness=witness, now=datetime.now(UTC))
            row = find_round(connection, key)
            detail = {"with": row.closed_by[1], "ballots": ballots}
            record(
                connection,
                vault.program_key(),
                actor=row.closed_by[0],
                action="round.close",
                subject=str(row.id),
                detail=detail,
            )
    vault.destroy_round_secret(row.code)
    compact(database)
    return row, ballots


def count_ballots(connection: Connection, round_id: int) -> int:
    return connection.execute(
        select(func.count()).select_from(Ballot).where(Ballot.round_id == round_id, Ballot.submitted)
    ).scalar_one()


def compact(database: Database) -> None:
    """Rewrite the ballots' storage: SQLite's whole file and its log, PostgreSQL's table."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.dialect == "sqlite":
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.execute(text("VACUUM (FULL) ballot"))
