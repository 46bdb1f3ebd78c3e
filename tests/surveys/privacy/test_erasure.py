"""Whoever is deleted has left no byte in the store's files, its log or a new copy; closed tallies stay as they are."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attacks import files_of, offsets
from sqlalchemy import insert, text
from village import THUAN_HOA, Village

from storage.tables import Address, DataRequest, Delivery, Interview, Person, Ticket, TicketLine, UnitTally
from surveys.privacy import erasure
from surveys.privacy.erasure import erase_person, open_secrets, scrub
from surveys.results.results import score

pytestmark = pytest.mark.both_stores

CHAT = "7700112233445566"  # long enough to be found nowhere by chance
NIGHT = datetime(2026, 11, 25, 19, tzinfo=UTC)  # two in the morning in Vietnam


def wrote(village: Village, person: int) -> None:
    """They asked for help, in words of their own."""
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        ticket = {"person_id": person, "state": "open", "channel": "telegram", "address": CHAT, "opened_at": now}
        number = connection.execute(insert(Ticket).values(ticket).returning(Ticket.id)).scalar_one()
        line = {"ticket_id": number, "by_staff": False, "text": f"chữ riêng {CHAT}", "at": now}
        connection.execute(insert(TicketLine).values(line))


def base_files(village: Village) -> list[Path]:
    """The store's files; of PostgreSQL those of tables, since its log is only overwritten in its own time."""
    return [path for path in files_of(village.database) if "pg_wal" not in path.parts]


@pytest.mark.own_server
async def test_nothing_of_the_deleted_is_left_in_files_log_or_new_copies(village: Village) -> None:
    neighbours = [f"{number}" for number in range(7_700_000, 7_700_200)]
    village.settle(*neighbours[:100])
    mai = village.resident(CHAT)
    row = village.round()
    await mai.finishes(row.code)
    village.settle(*neighbours[100:])
    [person] = [each.person_id for each in village.rows(Address) if each.address == CHAT]
    wrote(village, person)
    village.open(village.draft("Đợt sau").id)
    if village.database.dialect == "postgresql":
        with village.database.transaction() as connection:
            connection.execute(text("ANALYZE delivery"))
    assert offsets(files_of(village.database), [CHAT.encode()])

    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert scrub(village.database, NIGHT) == 1
    assert scrub(village.database, NIGHT) == 0
    [request] = [each for each in village.rows(DataRequest) if each.kind == "delete"]
    assert request.done_at == NIGHT

    assert offsets(base_files(village), [CHAT.encode()]) == {}
    if village.database.dialect == "sqlite":
        copy = village.folder / "copy.db"
        source, target = sqlite3.connect(str(village.database.engine.url.database)), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        assert offsets([copy], [CHAT.encode(), person.to_bytes(8)]) == {}
        assert offsets(files_of(village.database), [person.to_bytes(8)]) == {}


async def test_a_closed_tally_is_the_same_after_everybody_was_deleted(village: Village) -> None:
    row = village.round()
    residents = [village.resident(str(number)) for number in range(1, 4)]
    for each in residents:
        await each.finishes(row.code)
    village.close(row.id)
    before = village.rows(UnitTally), village.database.read_now(lambda connection: score(connection, row.id))
    for each in residents:
        await each.says("dữ liệu của tôi")
        await each.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert village.rows(Person) == [] and village.rows(Interview) == []
    assert (village.rows(UnitTally), village.database.read_now(lambda connection: score(connection, row.id))) == before


def test_the_ledger_goes_on_counting_what_was_sent_to_nobody_any_more(village: Village) -> None:
    village.settle("1", "2", unit=THUAN_HOA)
    village.round()
    person = 7_000_001
    with village.database.transaction() as connection:
        erase_person(connection, person, open_secrets(connection, village.vault))
    rows = village.rows(Delivery)
    assert len(rows) == 2 and {row.person_id for row in rows} & {person} == set()
    assert sorted(row.address for row in rows) == ["", "2"]


def test_a_large_database_is_scrubbed_at_night(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.settle("1")
    now = datetime(2026, 11, 25, 3, tzinfo=UTC)  # ten in the morning
    with village.database.transaction() as connection:
        values = {"kind": "delete", "whose": "x", "via": "telegram", "received_at": now, "erased_at": now}
        days = {"answer_by": now.date(), "done_by": now.date()}
        connection.execute(insert(DataRequest).values(**values, **days))
    monkeypatch.setattr(erasure, "SMALL", 1000)
    assert scrub(village.database, now) == 0
    assert scrub(village.database, NIGHT) == 1
