"""Closing a round for good: what must happen outside the transaction, in the right order."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from storage.database import Database
from surveys.rounds import close_round, find_round
from surveys.secrecy import Vault


def close_for_good(database: Database, vault: Vault, key: str | int, *, by: str, witness: str) -> tuple[Any, int]:
    """Close, then destroy the secret, then leave no old copy of a row behind. Returns the round and its ballots.

    1. one transaction: state, ballots under random tags in random order
    2. the secret, once that is committed: from here on nothing can link a ballot to a person
    3. the database is compacted, since dead rows still lie in the order in which they came
    """
    with database.transaction() as connection:
        ballots = close_round(connection, vault, key, by=by, witness=witness, now=datetime.now(UTC))
        row = find_round(connection, key)
    vault.destroy_round_secret(row.code)
    compact(database)
    return row, ballots


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
