"""One writer that commits groups, readers beside it, and an address that cannot be used."""

import asyncio
import threading
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from storage.database import Database, DatabaseError, async_url, check_connection, clock, make_engine, sync_url
from storage.tables import FormVersion, Interview

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def add(name: str) -> Any:
    def job(connection: Connection) -> str:
        connection.execute(insert(FormVersion).values(name=name, digest="d", definition={}, imported_at=NOW))
        return name

    return job


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(FormVersion.name).order_by(FormVersion.id)).scalars())


class Held:
    """A writer that waits, so that jobs gather behind it; counts commits."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.commits = 0
        event.listen(self.database.engine, "commit", self._count)
        self._go = threading.Event()
        started = threading.Event()

        def wait(connection: Connection) -> None:
            started.set()
            self._go.wait(10)

        self.first: Future[None] = self.database.submit(wait)
        started.wait(10)

    def _count(self, connection: Connection) -> None:
        self.commits += 1

    def go(self) -> None:
        self._go.set()
        self.first.result(10)


def test_jobs_that_wait_together_share_one_commit_in_their_order(database_url: str) -> None:
    held = Held(database_url)
    futures = [held.database.submit(add(f"f{number:02}")) for number in range(50)]
    held.go()
    assert [future.result(10) for future in futures] == [f"f{number:02}" for number in range(50)]
    assert held.commits == 2  # the one held up, and all the others
    assert held.database.read_now(names) == [f"f{number:02}" for number in range(50)]
    held.database.close()


def test_a_job_that_fails_undoes_only_itself(database_url: str) -> None:
    held = Held(database_url)

    def fails(connection: Connection) -> None:
        add("half")(connection)
        raise ValueError("no")

    before, bad, twin, after = (held.database.submit(job) for job in (add("a"), fails, add("a"), add("b")))
    held.go()
    assert (before.result(10), after.result(10)) == ("a", "b")
    with pytest.raises(ValueError, match="no"):
        bad.result(10)
    with pytest.raises(IntegrityError):
        twin.result(10)
    assert held.database.read_now(names) == ["a", "b"]
    held.database.close()


def test_a_single_job_that_fails_leaves_nothing_and_the_next_one_works(database_url: str) -> None:
    database = Database(database_url)

    def fails(connection: Connection) -> None:
        add("half")(connection)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.submit(fails).result(10)
    database.submit(add("a")).result(10)
    assert database.read_now(names) == ["a"]
    database.close()


def test_a_job_that_was_cancelled_in_time_never_runs(database_url: str) -> None:
    held = Held(database_url)
    kept, dropped = held.database.submit(add("a")), held.database.submit(add("b"))
    assert dropped.cancel()
    held.go()
    kept.result(10)
    assert held.database.read_now(names) == ["a"]
    held.database.close()


async def test_what_write_returned_is_there_for_everybody(database_url: str) -> None:
    database, other = Database(database_url), Database(database_url)
    assert await database.write(add("a")) == "a"
    assert await other.read(names) == ["a"]
    database.close()
    other.close()


async def test_closing_waits_for_what_is_under_way(database_url: str) -> None:
    database = Database(database_url)
    futures = [database.submit(add(f"f{number}")) for number in range(20)]
    await asyncio.to_thread(database.close)
    assert all(future.done() for future in futures)
    again = Database(database_url)
    assert len(again.read_now(names)) == 20
    again.close()


def test_a_reader_sees_one_moment_while_others_write(database_url: str) -> None:
    if database_url.startswith("postgres"):
        return  # read committed there: each statement sees its own moment
    database = Database(database_url)

    def count_twice(connection: Connection) -> tuple[int, int]:
        first = connection.execute(select(func.count()).select_from(FormVersion)).scalar_one()
        database.submit(add("a")).result(10)
        return first, connection.execute(select(func.count()).select_from(FormVersion)).scalar_one()

    assert database.read_now(count_twice) == (0, 0)
    database.close()


def test_sqlite_is_durable_keeps_references_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_deleted_answer_leaves_no_bytes_in_the_sqlite_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.transaction() as connection:
        connection.execute(text("CREATE TABLE said (it TEXT)"))
        connection.execute(text("INSERT INTO said VALUES ('a secret answer')"))
    with database.transaction() as connection:
        connection.execute(text("DELETE FROM said"))
    database.close()  # the log is folded into the file when the last connection goes
    assert b"a secret answer" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_references_are_kept_on_both_databases(database_url: str) -> None:
    database = Database(database_url)
    lost = {"person_id": 1, "round_id": 1, "unit_id": 1, "state": "started", "mode": "self", "started_at": NOW}
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(insert(Interview).values(**lost))
    database.close()


def test_an_error_text_holds_no_answer(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(IntegrityError) as caught, database.transaction() as connection:
        for _ in range(2):
            connection.execute(
                insert(FormVersion).values(name="f", digest="d", definition={"x": "bí mật"}, imported_at=NOW)
            )
    database.close()
    assert "bí mật" not in str(caught.value)


def test_the_databases_clock_is_aware_and_right(database_url: str) -> None:
    database = Database(database_url)
    assert abs(database.read_now(clock) - datetime.now(UTC)) < timedelta(seconds=5)
    database.close()


def test_the_drivers_are_the_programs_choice() -> None:
    assert sync_url("sqlite:///x.db").drivername == "sqlite+pysqlite"
    assert async_url("sqlite:///x.db").drivername == "sqlite+aiosqlite"
    for given in ("postgresql://h/n", "postgres://h/n", "postgresql+asyncpg://h/n"):
        assert sync_url(given).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "mysql://h/n",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "oracle://x",
        "postgresql://h:port/n",
    ],
)
def test_an_address_of_another_kind_is_refused_in_one_vietnamese_sentence(address: str) -> None:
    with pytest.raises(DatabaseError, match=r"^database\.url: [^\n]*(không|chỉ)[^\n]*$"):
        check_connection(address)


def test_a_database_that_cannot_be_reached_is_said_in_one_vietnamese_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("this is no database at all, only text that goes on and on" * 30)
    for address in ("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2", f"sqlite:///{tmp_path}/no.db"):
        with pytest.raises(DatabaseError, match=r"^database\.url: không mở được cơ sở dữ liệu \(\w+\); [^\n]*$"):
            check_connection(address)


def test_a_sqlite_file_that_is_not_there_is_not_made_unless_asked_for(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/new/x.db"
    with pytest.raises(DatabaseError, match=r"^database\.url: chưa có cơ sở dữ liệu .*; hãy chạy: langnghe migrate$"):
        check_connection(address)
    assert not (tmp_path / "new").exists()
    check_connection(address, create=True)
    assert (tmp_path / "new/x.db").exists()


def test_a_place_where_no_file_can_be_is_said_in_one_vietnamese_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for address in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/file/x.db"):
        with pytest.raises(DatabaseError, match=r"^database\.url: không mở được cơ sở dữ liệu \(\w+\); [^\n]*$"):
            check_connection(address, create=True)


def test_a_password_never_shows_in_the_refusal() -> None:
    with pytest.raises(DatabaseError) as caught:
        check_connection("postgresql://u:matkhau@127.0.0.1:1/none?connect_timeout=2")
    assert "matkhau" not in str(caught.value)
