"""`backup`, `backup verify`, `restore`: one file, checked to its last row, into either store."""

import json
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attacks import offsets
from sqlalchemy import func, select
from terminal import Run
from village import Village

from storage.backup import copy_in, copy_out, examine, unpack
from storage.database import Database
from storage.schema import upgrade
from storage.tables import Address, AuditEntry, Ballot, Base, Person, Round
from surveys.results.results import score

pytestmark = pytest.mark.both_stores

CHAT = "7700112233445566"


async def lived_in(village: Village) -> Round:
    """A round that was closed and one that is open, with people in both."""
    closed, row = village.round("Đợt trước"), village.round("Đợt này")
    await village.resident("1").finishes(closed.code)
    village.close(closed.id)
    await village.resident(CHAT).finishes(row.code)
    return closed


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "copy" in path.name]


@pytest.fixture
def other_store(village: Village, tmp_path: Path, postgres_url: str) -> str:
    """An empty database of the store that the village is not on."""
    url = postgres_url if village.database.dialect == "sqlite" else f"sqlite:///{tmp_path}/other.db"
    upgrade(url)
    return url


def rows_of(village: Village) -> dict[str, list[object]]:
    return {table.name: _rows(village.database, table) for table in Base.metadata.sorted_tables}


def _rows(database: Database, table: object) -> list[object]:
    query = select(table).order_by(*table.primary_key)  # type: ignore[call-overload, attr-defined]
    return [tuple(row) for row in database.read_now(lambda connection: connection.execute(query).all())]


async def test_a_backup_is_one_private_file_that_verify_proves(run: Run, village: Village, tmp_path: Path) -> None:
    await lived_in(village)
    made = run("backup", "copy.langnghe", "--json")
    assert made.code == 0 and made.json["rows"]["ballot"] == 2 and len(made.json["sha256"]) == 64
    assert (tmp_path / "copy.langnghe").stat().st_mode & 0o777 == 0o600
    proven = run("backup", "verify", "copy.langnghe", "--json").json
    assert proven["sound"] and proven["audit"]["entries"] == 2 and proven["rows"] == made.json["rows"]
    assert names(tmp_path) == ["copy.langnghe"]


async def test_no_secret_no_answer_of_an_open_round_and_no_deleted_byte_is_in_it(
    run: Run, village: Village, tmp_path: Path
) -> None:
    await lived_in(village)
    row = village.rows(Round)[1]
    secrets = [village.vault.program_key(), village.vault.round_secret(row.code)]
    assert run("person", "delete", f"telegram:{CHAT}", "--yes").code == 0
    assert run("backup", "copy.langnghe").code == 0
    words = [*secrets, *(secret.hex().encode() for secret in secrets), CHAT.encode()]
    assert offsets([tmp_path / "copy.langnghe"], words) == {}


async def test_a_restore_brings_everything_back_as_it_was(run: Run, village: Village) -> None:
    closed = await lived_in(village)
    assert run("backup", "copy.langnghe").code == 0
    before = rows_of(village)
    scored = village.database.read_now(lambda connection: score(connection, closed.id))
    await village.resident("3").finishes(village.round("Đợt sau nữa").code)
    village.database.close()
    refused = run("restore", "copy.langnghe", "--yes")
    assert refused.code == 1 and "3 đợt, 3 người" in refused.err and "--replace" in refused.err
    done = run("restore", "copy.langnghe", "--replace", "--yes", "--json")
    assert (done.code, done.json["deleted_again"]) == (0, 0), done.err
    after = rows_of(village)
    assert [entry.action for entry in village.rows(AuditEntry)][-2:] == ["database.backup", "database.restore"]
    after["audit"].pop()
    assert after == before
    assert village.database.read_now(lambda connection: score(connection, closed.id)) == scored
    assert run("audit", "verify").code == 0
    await village.resident("9").finishes(village.rows(Round)[1].code)
    assert len(village.rows(Person)) == 3  # and it goes on, with new numbers that collide with none


async def test_who_was_deleted_after_the_copy_stays_deleted(run: Run, village: Village) -> None:
    await lived_in(village)
    assert run("backup", "copy.langnghe").code == 0
    assert run("person", "delete", f"telegram:{CHAT}", "--yes").code == 0
    village.database.close()
    done = run("restore", "copy.langnghe", "--replace", "--yes", "--json")
    assert done.json["deleted_again"] == 1
    assert [row.address for row in village.rows(Address)] == ["1"]
    assert len(village.rows(Ballot)) == 1
    shown = run("person", "requests", "--all", "--json").json["requests"]
    assert [row["kind"] for row in shown] == ["delete"]


async def test_a_copy_of_either_store_goes_into_the_other(village: Village, tmp_path: Path, other_store: str) -> None:
    await lived_in(village)
    made = copy_out(village.database, tmp_path / "copy.langnghe", village.rows(Round)[0].created_at)
    assert examine(tmp_path / "copy.langnghe") == made
    target = Database(other_store)
    (tmp_path / "aside").mkdir()
    copy_in(unpack(tmp_path / "copy.langnghe", tmp_path / "aside"), target)
    for table in Base.metadata.sorted_tables:
        assert _rows(target, table) == _rows(village.database, table), table.name
    target.close()


def test_a_copy_is_of_one_moment_while_others_write(village: Village, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():  # a person and an address, always together
            number += 1
            village.settle(str(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            made = copy_out(village.database, tmp_path / f"{number}.langnghe", datetime.now(UTC))
            assert made.rows["person"] == made.rows["address"]
            examine(tmp_path / f"{number}.langnghe")
    finally:
        stop.set()
        writer.join()


async def test_a_harmed_copy_is_refused_and_nothing_is_restored(run: Run, village: Village, tmp_path: Path) -> None:
    await lived_in(village)
    assert run("backup", "copy.langnghe").code == 0
    path, before = tmp_path / "copy.langnghe", village.rows(Person)
    whole = path.read_bytes()
    harms = ("UPDATE unit SET households = 7 WHERE households IS NOT NULL", "DELETE FROM tally", "cut", "text")
    for harm in harms:
        path.write_bytes({"cut": whole[: len(whole) // 2], "text": b"no copy"}.get(harm, whole))
        if " " in harm:
            copy = sqlite3.connect(path)
            copy.execute(harm)
            copy.commit()
            copy.close()
        for words in (("backup", "verify", "copy.langnghe"), ("restore", "copy.langnghe", "--replace", "--yes")):
            refused = run(*words)
            assert (refused.code, refused.out) == (1, "") and "copy.langnghe" in refused.err, harm
    assert village.rows(Person) == before


def test_a_restore_waits_until_the_program_is_stopped(run: Run, village: Village) -> None:
    assert run("backup", "copy.langnghe").code == 0
    with village.database.engine.connect().execution_options(reads=True) as running:
        running.execute(select(func.count()).select_from(Person)).scalar()
        refused = run("restore", "copy.langnghe", "--replace", "--yes")
    assert refused.code == 1 and "hãy dừng nó trước" in refused.err


def test_a_restore_makes_the_database_where_there_is_none(
    run: Run, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", "copy.langnghe").code == 0
    monkeypatch.setenv("LANGNGHE_DATABASE__URL", f"sqlite:///{tmp_path}/fresh/new.db")
    assert run("restore", "copy.langnghe", "--json").code == 0
    assert json.loads(run("places", "list", "--json").out)["places"]
