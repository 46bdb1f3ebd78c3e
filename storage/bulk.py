"""Many rows at once, by the fastest way that a store has; and storage rewritten so that no old copy is left."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from storage.database import Database

CACHE = 64  # MB of pages that SQLite may hold while many rows are written


def insert_many(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows in the order given: PostgreSQL's COPY, SQLite's prepared statement."""
    raw: Any = connection.connection.driver_connection
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def compact(database: Database, *tables: str) -> bool:
    """Rewrite storage: SQLite's whole file and its log, PostgreSQL's tables. Dead rows lie in order of arrival.

    False where somebody else's reading kept SQLite's log from being emptied.
    """
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.dialect == "sqlite":
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        for table in tables:
            connection.execute(text(f"VACUUM (FULL) {table}"))
    return True
