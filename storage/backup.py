"""A copy of the database in one file, whichever store it lies in, and back into either.

The file is a SQLite database at the revision of the history that it was made at, with an inventory: how many rows
each table has, and a digest of them. So anybody can look into it, and a copy of one store can be brought into the
other. Secrets lie outside the database and are never in it.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from storage.bulk import insert_many
from storage.database import Database, DatabaseError, make_engine
from storage.schema import head, upgrade
from storage.tables import Base

_INVENTORY = "copy_inventory"
_FETCH = 5000  # rows in memory at once
_GONE = ("staff_session", "sender", "pace")  # of a moment that is over: nobody is signed in after a restore


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a copy says of itself."""

    made_at: datetime
    store: str
    revision: str
    rows: dict[str, int]
    digests: dict[str, str]


def copy_out(database: Database, path: Path, now: datetime) -> Inventory:
    """Write a copy as of one moment, while others go on writing. `path` is empty or not there.

    The database is at the newest revision.
    """
    if database.dialect == "sqlite":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("VACUUM INTO ?", (str(path),))  # no free page comes along, and so nothing that was deleted
    else:
        _make_tables(path)
        with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            _fetch_all(connection, path)
    with closing(sqlite3.connect(path)) as copy:
        rows, digests = _count(copy)
        copy.execute(f"CREATE TABLE {_INVENTORY} (said TEXT)")
        said = {"made_at": now.isoformat(), "store": database.dialect, "revision": head()}
        copy.execute(f"INSERT INTO {_INVENTORY} VALUES (?)", (json.dumps({**said, "rows": rows, "digests": digests}),))
        copy.commit()
    return Inventory(now, database.dialect, head(), rows, digests)


def examine(path: Path) -> Inventory:
    """Check a copy to its last row. Raises `DatabaseError` that says what is wrong with it."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as copy:
            inventory = _inventory(copy, path)
            if [("ok",)] != copy.execute("PRAGMA integrity_check(1)").fetchall():
                raise DatabaseError(f"{path}: tệp sao lưu bị hỏng")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise DatabaseError(f"{path}: tệp sao lưu thiếu hàng mà bảng khác trỏ tới")
            rows, digests = _count(copy)
    except (sqlite3.Error, ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise DatabaseError(f"{path}: không phải tệp sao lưu của langnghe, hoặc đã hỏng") from None
    for table, number in inventory.rows.items():
        if rows.get(table) != number or digests.get(table) != inventory.digests.get(table):
            raise DatabaseError(f"{path}: bảng {table} không còn như lúc sao lưu; tệp đã bị sửa hoặc hỏng")
    return inventory


def unpack(path: Path, folder: Path) -> Path:
    """A copy that was examined, as a SQLite database of its own in an empty folder, at the newest revision.

    Raises `DatabaseError` for one that a newer program made.
    """
    place = folder / "copy.db"
    shutil.copyfile(path, place)
    with closing(sqlite3.connect(place)) as copy:
        copy.execute(f"DROP TABLE {_INVENTORY}")
        copy.commit()
        [(revision,)] = copy.execute("SELECT version_num FROM alembic_version").fetchall()
    if revision > head():
        raise DatabaseError(f"{path}: bản sao của chương trình mới hơn (phiên bản {revision}); hãy nâng cấp trước")
    if revision != head():
        upgrade(f"sqlite:///{place}")
    return place


def copy_in(unpacked: Path, database: Database) -> None:
    """Put an unpacked copy in the place of everything that a database at the newest revision holds, or nothing.

    Raises `DatabaseError` while another process uses the database.
    """
    with closing(sqlite3.connect(unpacked)) as copy:
        for table in _GONE:
            copy.execute(f"DELETE FROM {table}")
        copy.commit()
        if database.dialect == "sqlite":
            _replace_file(copy, database)
        else:
            with database.transaction() as connection:
                _replace_rows(copy, connection)


def _replace_file(copy: sqlite3.Connection, database: Database) -> None:
    database.engine.dispose()
    with closing(sqlite3.connect(str(database.engine.url.database), timeout=1)) as target:
        try:  # needs the file alone, and leaves no log
            target.execute("PRAGMA journal_mode = DELETE")
            target.execute("PRAGMA secure_delete = ON")
        except sqlite3.OperationalError:
            raise DatabaseError("chương trình đang chạy trên cơ sở dữ liệu này; hãy dừng nó trước") from None
        copy.backup(target)  # one transaction


def _replace_rows(copy: sqlite3.Connection, connection: Connection) -> None:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    if connection.execute(text(f"{others} AND backend_type = 'client backend'")).scalar():
        raise DatabaseError("chương trình đang chạy trên cơ sở dữ liệu này; hãy dừng nó trước")
    connection.execute(text("SET LOCAL timezone = 'UTC'"))  # as SQLite keeps moments
    tables = Base.metadata.sorted_tables
    connection.execute(text(f"TRUNCATE {', '.join(table.name for table in tables)}"))
    for table in tables:
        names = [column.name for column in table.columns]
        found = copy.execute(f"SELECT {', '.join(names)} FROM {table.name}")
        insert_many(connection, table.name, names, found)
        for column in table.primary_key.columns if len(table.primary_key.columns) == 1 else ():
            sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
            name = connection.execute(sequence, {"table": table.name, "column": column.name}).scalar()
            if name:
                largest = f"SELECT setval('{name}', coalesce(max({column.name}), 0) + 1, false) FROM {table.name}"
                connection.execute(text(largest))


def _make_tables(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
    engine.dispose()
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it


def _fetch_all(connection: Connection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
            copy.executemany(statement, _fetched(connection, table))
        copy.commit()


def _fetched(connection: Connection, table: Any) -> Iterator[Sequence[Any]]:
    """A table's rows, as SQLite keeps them; JSON as the text that was stored."""
    columns = ", ".join(
        f"{column.name}::text" if column.type.python_type is dict or "JSON" in str(column.type) else column.name
        for column in table.columns
    )
    rows = connection.execute(text(f"SELECT {columns} FROM {table.name}"), execution_options={"yield_per": _FETCH})
    for row in rows:
        yield [_as_sqlite(value) for value in row]


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return bytes(value) if isinstance(value, memoryview) else value


def _inventory(copy: sqlite3.Connection, path: Path) -> Inventory:
    if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_INVENTORY,)).fetchone():
        raise DatabaseError(f"{path}: không phải tệp của langnghe backup")
    [(said,)] = copy.execute(f"SELECT said FROM {_INVENTORY}").fetchall()
    values = json.loads(said)
    made_at = datetime.fromisoformat(values["made_at"])
    return Inventory(made_at, values["store"], values["revision"], values["rows"], values["digests"])


def _count(copy: sqlite3.Connection) -> tuple[dict[str, int], dict[str, str]]:
    """Every table's rows and a digest of them, in the order of their keys."""
    rows, digests = {}, {}
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    for (table,) in copy.execute(names).fetchall():
        if table == _INVENTORY:
            continue
        columns = copy.execute(f"PRAGMA table_info({table})").fetchall()
        keys = sorted((column[5], column[1]) for column in columns if column[5])
        order = f" ORDER BY {', '.join(name for _, name in keys)}" if keys else ""
        digest, number = hashlib.sha256(), 0
        for row in copy.execute(f"SELECT * FROM {table}{order}"):
            digest.update(repr(row).encode())
            number += 1
        rows[table], digests[table] = number, digest.hexdigest()
    return rows, digests
