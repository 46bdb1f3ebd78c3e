"""The audit chain: whoever touches it is found out, and where."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, text, update

from storage.audit import START, Anchor, AuditEntry, Verified, anchor, record, verify
from storage.database import Database

pytestmark = pytest.mark.both_stores

KEY, OTHER_KEY = b"k" * 32, b"x" * 32
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ENTRIES = 12
TAMPERS = 400
TABLE: Table = AuditEntry.__table__  # type: ignore[assignment]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def fill(connection: Connection, entries: int = ENTRIES, key: bytes = KEY) -> None:
    for number in range(1, entries + 1):
        record(
            connection,
            key,
            actor=f"Cán bộ {number % 3}",
            action="export",
            subject=str(number),
            detail={"rows": number, "sha256": "ab" * 32},
            now=NOW + timedelta(minutes=number),
        )


def test_a_chain_that_nobody_touched_is_sound(database: Database) -> None:
    assert database.read_now(lambda connection: verify(connection, KEY)) == Verified(0, START.hex())
    with database.transaction() as connection:
        fill(connection)
    found = database.read_now(lambda connection: verify(connection, KEY))
    end = database.read_now(anchor)
    assert (found.entries, found.broken_at) == (ENTRIES, None)
    assert end == Anchor(ENTRIES, found.head)
    assert database.read_now(lambda connection: verify(connection, KEY, [Anchor(0, START.hex()), end])) == found


def test_what_was_rolled_back_leaves_no_gap(database: Database) -> None:
    def spoilt(connection: Connection) -> None:
        record(connection, KEY, actor="a", action="round.open")
        raise ValueError

    with pytest.raises(ValueError):
        database.submit(spoilt).result()
    database.submit(lambda connection: record(connection, KEY, actor="b", action="round.open")).result()
    assert database.read_now(lambda connection: verify(connection, KEY)).entries == 1


def test_many_writers_make_one_chain(database: Database) -> None:
    def work() -> None:
        for number in range(10):
            with database.transaction() as connection:
                record(connection, KEY, actor="a", action="export", subject=str(number))

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = database.read_now(lambda connection: verify(connection, KEY))
    assert (found.entries, found.broken_at) == (80, None)


@pytest.mark.parametrize("said", ["tên có \0 và \ud800", "Nguyễn Văn A", "=1+1\n", "😀" * 50])
def test_any_text_can_be_recorded_and_checked(database: Database, said: str) -> None:
    with database.transaction() as connection:
        record(connection, KEY, actor=said, action="export", subject=said, detail={said: [said, 1, 0.1, None, True]})
    assert database.read_now(lambda connection: verify(connection, KEY)).broken_at is None


Tamper = Callable[[Connection, random.Random], None]


def row(connection: Connection, number: int) -> dict[str, Any]:
    return dict(connection.execute(select(TABLE).where(TABLE.c.number == number)).one()._mapping)


def edit(connection: Connection, dice: random.Random) -> None:
    column, value = dice.choice(
        [
            ("at", NOW - timedelta(days=dice.randrange(1, 99))),
            ("actor", "người khác"),
            ("action", "round.close"),
            ("subject", "99"),
            ("detail", {"rows": 999, "sha256": "ab" * 32}),
            ("detail", {}),
            ("head", dice.randbytes(32)),
        ]
    )
    number = dice.randint(1, ENTRIES)
    connection.execute(update(TABLE).where(TABLE.c.number == number).values({column: value}))


def remove(connection: Connection, dice: random.Random) -> None:
    """From the middle, with or without closing the gap."""
    number = dice.randint(1, ENTRIES - 1)
    connection.execute(delete(TABLE).where(TABLE.c.number == number))
    if dice.random() < 0.5:
        for later in range(number + 1, ENTRIES + 1):
            connection.execute(update(TABLE).where(TABLE.c.number == later).values(number=later - 1))


def put_in(connection: Connection, dice: random.Random) -> None:
    number = dice.randint(1, ENTRIES + 1)
    copied = row(connection, dice.randint(1, ENTRIES))
    for later in range(ENTRIES, number - 1, -1):
        connection.execute(update(TABLE).where(TABLE.c.number == later).values(number=later + 1))
    connection.execute(insert(TABLE).values({**copied, "number": number}))


def swap(connection: Connection, dice: random.Random) -> None:
    one, two = dice.sample(range(1, ENTRIES + 1), 2)
    first, second = row(connection, one), row(connection, two)
    connection.execute(delete(TABLE).where(TABLE.c.number.in_([one, two])))
    connection.execute(insert(TABLE), [{**first, "number": two}, {**second, "number": one}])


def cut(connection: Connection, dice: random.Random) -> None:
    connection.execute(delete(TABLE).where(TABLE.c.number > dice.randint(0, ENTRIES - 1)))


def rewrite(connection: Connection, dice: random.Random) -> None:
    """The whole chain or its end anew: by somebody without the key, or with it."""
    key = dice.choice([KEY, OTHER_KEY])
    start = dice.randint(1, ENTRIES)
    kept = [row(connection, number) for number in range(start, ENTRIES + 1)]
    connection.execute(delete(TABLE).where(TABLE.c.number >= start))
    for one in kept:
        record(connection, key, actor="ai đó", action=one["action"], subject=one["subject"], now=one["at"])


def test_hundreds_of_tampers_are_all_found(database: Database) -> None:
    with database.transaction() as connection:
        fill(connection)
    end = database.read_now(anchor)
    dice = random.Random(20261201)
    missed = []
    for turn in range(TAMPERS):
        tamper: Tamper = dice.choice([edit, remove, put_in, swap, cut, rewrite])
        with database.engine.connect() as connection, connection.begin() as undone:
            tamper(connection, dice)
            found = verify(connection, KEY, [end])
            if found.broken_at is None:
                missed.append((turn, tamper.__name__))
            undone.rollback()
    assert missed == []
    assert database.read_now(lambda connection: verify(connection, KEY, [end])).broken_at is None


def test_a_cut_at_the_end_needs_an_anchor_to_be_seen(database: Database) -> None:
    with database.transaction() as connection:
        fill(connection)
        end = anchor(connection)
        connection.execute(delete(TABLE).where(TABLE.c.number > 9))
    assert database.read_now(lambda connection: verify(connection, KEY)).broken_at is None
    found = database.read_now(lambda connection: verify(connection, KEY, [end]))
    assert (found.broken_at, found.reason) == (10, "cut")


def test_the_first_broken_entry_is_named(database: Database) -> None:
    with database.transaction() as connection:
        fill(connection)
        for number in (11, 5, 8):
            connection.execute(update(TABLE).where(TABLE.c.number == number).values(actor="ai đó"))
    found = database.read_now(lambda connection: verify(connection, KEY))
    assert (found.entries, found.broken_at, found.reason) == (4, 5, "changed")


@pytest.mark.parametrize("column", ["at", "detail", "head", "number"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL keeps the types of its columns
def test_a_column_that_nobody_can_read_is_named_too(database: Database, column: str) -> None:
    with database.transaction() as connection:
        fill(connection)
        connection.execute(text(f"UPDATE audit SET {column} = 'không phải' WHERE number = 7"))
    assert database.read_now(lambda connection: verify(connection, KEY)).broken_at == 7


@pytest.mark.parametrize(
    "line",
    ['{"entries": 1}', "[]", "1", '{"entries": true, "head": "' + "00" * 32 + '"}', '{"entries": 1, "head": "x"}'],
)
def test_an_anchor_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        Anchor.from_dict(json.loads(line))


def test_the_log_can_hold_as_many_entries_as_a_page_does(database: Database) -> None:
    with database.transaction() as connection:
        fill(connection, 2001)
        assert connection.execute(select(func.count()).select_from(TABLE)).scalar() == 2001
        assert verify(connection, KEY).entries == 2001
