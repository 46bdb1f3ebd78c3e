"""Moments are aware UTC on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import StatementError

from storage.database import Database
from storage.tables import FormVersion

pytestmark = pytest.mark.both_stores

MOMENT = datetime(2026, 11, 23, 20, 15, 30, 123456, tzinfo=timezone(timedelta(hours=7)))


def form(moment: datetime | None) -> dict[str, object]:
    return {"name": "f", "digest": "d", "definition": {}, "imported_at": moment}


def test_a_moment_comes_back_as_the_same_instant_in_utc(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as connection:
        connection.execute(insert(FormVersion).values(**form(MOMENT)))
        back = connection.execute(select(FormVersion.imported_at)).scalar_one()
    database.close()
    assert back == MOMENT and back.tzinfo is UTC


def test_moments_compare_in_the_database(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as connection:
        connection.execute(insert(FormVersion).values(**form(MOMENT)))
        later = MOMENT + timedelta(microseconds=1)
        assert connection.execute(select(FormVersion.id).where(FormVersion.imported_at < later)).all()
        assert not connection.execute(select(FormVersion.id).where(FormVersion.imported_at < MOMENT)).all()
    database.close()


def test_a_naive_moment_is_refused(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(StatementError, match="time zone"), database.transaction() as connection:
        connection.execute(insert(FormVersion).values(**form(datetime(2026, 11, 23))))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), database.transaction() as connection:
        connection.execute(update(FormVersion).values(imported_at=datetime(2026, 11, 23)))  # noqa: DTZ001
    database.close()


def test_vietnamese_json_is_stored_readable_and_compact(database_url: str) -> None:
    database = Database(database_url)
    with database.transaction() as connection:
        connection.execute(insert(FormVersion).values(**{**form(MOMENT), "definition": {"câu": ["Đường sá"]}}))
        raw = connection.exec_driver_sql("SELECT definition FROM form").scalar_one()
        assert connection.execute(select(FormVersion.definition)).scalar_one() == {"câu": ["Đường sá"]}
    database.close()
    assert raw == '{"câu":["Đường sá"]}' or raw == {"câu": ["Đường sá"]}  # PostgreSQL's driver reads it itself
