"""The database: one writer thread that commits groups, and readers beside it.

Everything that changes data is a function of a synchronous `Connection`, run on one writer thread. Jobs that
wait together share one transaction, each in a savepoint, and one commit: durable, and ten times the rate of one
commit each, while the event loop stays free. Readers run in their own threads and connections.
"""

import asyncio
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

T = TypeVar("T")
GROUP = 128  # jobs that may share one commit

Job = Callable[[Connection], T]


class DatabaseError(Exception):
    """The database cannot be used; the message says what to mend."""


def sync_url(address: str) -> URL:
    """The URL with the synchronous driver. Raises `DatabaseError` for anything but sqlite and postgresql."""
    return _with_driver(address, {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"})


def async_url(address: str) -> URL:
    """The URL with the asynchronous driver, for alembic's env.py."""
    return _with_driver(address, {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"})


def _with_driver(address: str, drivers: dict[str, str]) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise DatabaseError(
            "database.url: không đọc được; viết sqlite:///đường/dẫn.db hoặc postgresql://máy/tên"
        ) from None
    backend = url.get_backend_name().replace("postgres", "postgresql").replace("postgresqlql", "postgresql")
    if backend not in drivers or (backend == "sqlite" and url.database in (None, "", ":memory:")):
        raise DatabaseError("database.url: chỉ nhận sqlite:///đường/dẫn.db hoặc postgresql://máy/tên")
    return url.set(drivername=drivers[backend])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def make_engine(address: str, now: Callable[[], datetime] | None = None) -> Engine:
    """An engine with our settings. On SQLite: WAL, full sync, foreign keys, deleted bytes overwritten.

    `now` takes the place of the database's own clock.
    """
    url = sync_url(address)
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        json_serializer=_compact,
        hide_parameters=True,  # an error text must not hold an answer
        pool_pre_ping=not sqlite,
        execution_options={"now": now} if now else {},
        **({"connect_args": {"check_same_thread": False, "timeout": 30}} if sqlite else _for_postgresql()),
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _for_postgresql() -> dict[str, Any]:
    """Statements go out with `$1` as the server reads them: psycopg needn't search each for placeholders, which took an
    eighth of an inbound event's time. A process frozen in the middle of a transaction must not keep its locks: the
    server ends its session."""
    from psycopg import RawCursor

    session = "-c idle_in_transaction_session_timeout=30s"
    connect_args = {"options": session, "cursor_factory": RawCursor}
    return {"pool_size": 5, "paramstyle": "numeric_dollar", "connect_args": connect_args}


def _prepare_postgresql(connection: Any, _record: object) -> None:
    from psycopg import RawServerCursor

    connection.server_cursor_factory = RawServerCursor


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that began as a reader can fail with "database is locked"; IMMEDIATE waits its turn instead.
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def insert_into(connection: Connection, table: Any) -> Any:
    """An insert that can say what becomes of a row that is there already, in the store's own dialect: only the one in
    use is loaded."""
    return import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(table)


def clock(connection: Connection) -> datetime:
    """The database's own clock: the one all machines agree on. SQLite lives on this machine."""
    given: Callable[[], datetime] | None = connection.get_execution_options().get("now")
    if given is not None:
        return given()
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = connection.execute(select(text("clock_timestamp()"))).scalar_one()
    return now.astimezone(UTC)


@dataclass(slots=True)
class _Task(Generic[T]):
    job: Job[T]
    future: "Future[T]"


class Database:
    """Opens lazily; `close` waits for what is under way."""

    def __init__(self, address: str, now: Callable[[], datetime] | None = None) -> None:
        self.engine = make_engine(address, now)
        self.dialect = self.engine.dialect.name
        self._tasks: queue.SimpleQueue[_Task[Any] | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None

    async def write(self, job: Job[T]) -> T:
        """Run the job in a transaction and return its value once it is committed.

        The job may share its transaction with others; when it raises, only its own changes are undone.
        """
        return await asyncio.wrap_future(self.submit(job))

    def submit(self, job: Job[T]) -> "Future[T]":
        """As `write`, for callers outside an event loop."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._run, name="database-writer", daemon=True)
            self._writer.start()
        future: Future[T] = Future()
        self._tasks.put(_Task(job, future))
        return future

    async def apart(self, job: Job[T]) -> T:
        """Run a job of one statement in a transaction of its own, which a frozen process can't leave half-way.

        On SQLite, where everybody is one process, as `write`.
        """
        return await (self.write(job) if self.dialect == "sqlite" else asyncio.to_thread(self._apart, job))

    def _apart(self, job: Job[T]) -> T:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return job(connection)

    async def read(self, job: Job[T]) -> T:
        """Run the job on a connection of its own that sees one moment and changes nothing."""
        return await asyncio.to_thread(self.read_now, job)

    def read_now(self, job: Job[T]) -> T:
        """As `read`, in this thread."""
        with self.engine.connect().execution_options(reads=True) as connection:
            return job(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of its own in this thread, for commands."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        if self._writer is not None:
            self._tasks.put(None)
            self._writer.join()
            self._writer = None
        self.engine.dispose()

    def _run(self) -> None:
        ending = False
        while not ending:
            group = [self._tasks.get()]
            while len(group) < GROUP and not self._tasks.empty():
                group.append(self._tasks.get())
            ending = None in group
            tasks = [task for task in group if task is not None]
            if tasks:
                self._commit(tasks)

    def _commit(self, tasks: list[_Task[Any]]) -> None:
        tasks = [task for task in tasks if task.future.set_running_or_notify_cancel()]
        outcomes: list[Any]
        try:
            with self.engine.begin() as connection:
                outcomes = [_attempt(connection, task, alone=len(tasks) == 1) for task in tasks]
        except Exception as error:  # nothing of the group was stored
            outcomes = [_Failure(error)] * len(tasks)
        for task, outcome in zip(tasks, outcomes, strict=True):
            if isinstance(outcome, _Failure):
                task.future.set_exception(outcome.error)
            else:
                task.future.set_result(outcome)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


def _attempt(connection: Connection, task: _Task[T], *, alone: bool) -> "T | _Failure":
    if alone:  # its error undoes the whole transaction, which holds nothing else
        return task.job(connection)
    try:
        with connection.begin_nested():
            return task.job(connection)
    except Exception as error:
        if connection.invalidated:
            raise
        return _Failure(error)


def check_connection(address: str, *, create: bool = False) -> None:
    """Raises `DatabaseError` with one clear sentence when the database cannot be reached.

    `create`: a SQLite file that is not there is made, with its folder; otherwise nothing is.
    """
    engine = make_engine(address)
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    try:
        if file and not Path(file).is_file():
            if not create:
                raise DatabaseError(f"database.url: chưa có cơ sở dữ liệu {file}; hãy chạy: langnghe migrate")
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        with engine.connect().execution_options(reads=True) as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:  # sqlite3's own: from the pragmas of a new connection
        raise DatabaseError(
            f"database.url: không mở được cơ sở dữ liệu ({type(error).__name__}); "
            "xem lại địa chỉ, quyền ghi thư mục, và máy chủ có đang chạy không"
        ) from None
    finally:
        engine.dispose()
