"""A ballot knows nothing about who gave it or when."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from storage.database import Database
from storage.tables import Ballot, Delivery, Event, Interview, Person

pytestmark = pytest.mark.both_stores


def test_a_ballot_has_no_person_no_time_no_number_and_no_reference(database_url: str) -> None:
    database = Database(database_url)
    found = inspect(database.engine)
    assert {column["name"] for column in found.get_columns("ballot")} == {
        "round_id", "tag", "unit_id", "mode", "submitted", "answers"
    }  # fmt: skip
    assert found.get_pk_constraint("ballot")["constrained_columns"] == ["round_id", "tag"]
    assert found.get_foreign_keys("ballot") == []
    assert not any(column.get("autoincrement") is True for column in found.get_columns("ballot"))
    database.close()


def test_nothing_beside_the_ballot_holds_an_answer_by_name() -> None:
    for table in (Person, Interview, Delivery, Event):
        assert "answers" not in table.__table__.columns


def test_ballots_lie_in_the_order_of_their_tags_on_sqlite(tmp_path: Path) -> None:
    from storage.schema import upgrade

    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    database = Database(url)
    with database.engine.connect() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'ballot'")).scalar_one()
    database.close()
    assert made.rstrip().upper().endswith("WITHOUT ROWID")
    assert Ballot.__table__.dialect_options["sqlite"]["with_rowid"] is False
