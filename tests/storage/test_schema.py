"""The schema history on both databases."""

import ast
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.database import Database, DatabaseError
from storage.tables import Base

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def tables(url: str) -> set[str]:
    database = Database(url)
    names = set(inspect(database.engine).get_table_names())
    database.close()
    return names - {"alembic_version"}


def test_an_empty_database_goes_up_down_to_nothing_and_up_again(empty_url: str) -> None:
    schema.upgrade(empty_url)
    assert tables(empty_url) == set(Base.metadata.tables)
    schema.downgrade(empty_url, "base")
    assert tables(empty_url) == set()
    schema.upgrade(empty_url)
    assert tables(empty_url) == set(Base.metadata.tables)


def test_every_step_of_the_history_goes_up_and_down(empty_url: str) -> None:
    history = ScriptDirectory(str(schema.HISTORY))
    for script in reversed(list(history.walk_revisions())):
        schema.upgrade(empty_url, script.revision)
        schema.downgrade(empty_url, "-1")
        schema.upgrade(empty_url, script.revision)


def test_the_models_are_what_the_history_makes(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    database.close()
    assert found == []


def test_the_head_is_known_without_alembic_and_the_database_says_where_it_stands(empty_url: str) -> None:
    assert schema.head() == ScriptDirectory(str(schema.HISTORY)).get_current_head()
    database = Database(empty_url)
    assert database.read_now(schema.revision) == ""
    schema.upgrade(empty_url)
    assert database.read_now(schema.revision) == schema.head()
    database.close()
    database.close()


def test_rows_of_the_first_revision_survive_every_later_one(empty_url: str) -> None:
    first = list(ScriptDirectory(str(schema.HISTORY)).walk_revisions())[-1].revision
    schema.upgrade(empty_url, first)
    database = Database(empty_url)
    old = MetaData()
    old.reflect(database.engine)
    rows = {
        "unit": {"id": 1, "level": "commune", "code": "31582", "name": "Xã", "valid_from": date(2025, 7, 1),
                 "sample": False, "office": "", "hours": "", "phone": "", "helpers": ""},
        "form": {"id": 1, "name": "f", "digest": "d", "definition": {"câu": 1}, "imported_at": NOW},
        "round": {"id": 1, "name": "Đợt", "code": "abc", "form_id": 1, "rule": "r", "rule_definition": {},
                  "counts": "person", "state": "open", "sample": False, "created_at": NOW, "opens_at": NOW,
                  "closes_at": NOW},
        "person": {"id": 7, "language": "vi", "consent": True, "unit_id": 1, "hamlet_asked": True, "stopped": False,
                   "shown": [["t", "Có"]], "created_at": NOW, "seen_at": NOW},
        "address": {"channel": "telegram", "address": "5", "person_id": 7, "reachable": True, "since": NOW},
        "interview": {"person_id": 7, "round_id": 1, "unit_id": 1, "state": "submitted", "mode": "self",
                      "cursor": "", "started_at": NOW},
        "ballot": {"round_id": 1, "tag": b"t" * 16, "unit_id": 1, "mode": "self", "submitted": True,
                   "answers": {"duong": "co"}},
        "delivery": {"id": 1, "round_id": 1, "kind": "invite", "person_id": 7, "channel": "telegram", "address": "5",
                     "urgency": 2, "state": "sent", "reason": "", "attempts": 1, "due_at": NOW, "owner": ""},
    }  # fmt: skip
    with database.transaction() as connection:
        for name, row in rows.items():
            connection.execute(insert(old.tables[name]), [row])
    schema.upgrade(empty_url)
    for _ in range(2):
        with database.engine.connect() as connection:
            for name, row in rows.items():
                kept = connection.execute(select(Base.metadata.tables[name])).one()._mapping
                assert {key: kept[key] for key in row} == row, name
        schema.downgrade(empty_url, first)
        schema.upgrade(empty_url)
    database.close()


STAFF = {"id": 1, "name": "Lan", "role": "official", "unit_id": None, "password": "x", "created_at": NOW}


def test_accounts_and_what_hangs_on_them_outlive_the_check_of_their_role(empty_url: str) -> None:
    schema.upgrade(empty_url, "0015")
    database = Database(empty_url)
    rows = {
        "staff": STAFF,
        "staff_session": {"digest": "d", "staff_id": 1, "expires_at": NOW},
        "staff_chat": {"digest": "d", "staff_id": 1, "since": NOW},
    }
    with database.transaction() as connection:
        for name, row in rows.items():
            connection.execute(insert(Base.metadata.tables[name]), [row])
    for _ in range(2):
        schema.upgrade(empty_url, "0016")
        with pytest.raises(IntegrityError), database.transaction() as connection:
            connection.execute(insert(Base.metadata.tables["staff"]), [STAFF | {"id": 2, "name": "Ba", "role": "boss"}])
        with pytest.raises(IntegrityError), database.transaction() as connection:
            connection.execute(insert(Base.metadata.tables["staff"]), [STAFF | {"id": 2}])  # the name, as before
        schema.downgrade(empty_url, "0015")
        with database.engine.connect() as connection:
            for name, row in rows.items():
                assert connection.execute(select(Base.metadata.tables[name])).one()._asdict() == row, name
    database.close()


def test_an_account_with_a_role_that_there_is_not_is_named_and_nothing_is_lost(empty_url: str) -> None:
    schema.upgrade(empty_url, "0015")
    database = Database(empty_url)
    staff = Base.metadata.tables["staff"]
    with database.transaction() as connection:
        connection.execute(insert(staff), [STAFF, STAFF | {"id": 2, "name": "Ba", "role": "boss"}])
    with pytest.raises(DatabaseError, match=r"“Ba” có vai trò “boss”.*UPDATE staff"):
        schema.upgrade(empty_url, "0016")
    assert database.read_now(schema.revision) == "0015"
    with database.transaction() as connection:
        connection.execute(update(staff).where(staff.c.name == "Ba").values(role="helper"))
    schema.upgrade(empty_url, "0016")
    with database.engine.connect() as connection:
        assert connection.execute(select(staff.c.name, staff.c.role).order_by(staff.c.id)).all() == [
            ("Lan", "official"),
            ("Ba", "helper"),
        ]
    database.close()


def at_0014(url: str) -> tuple[Database, MetaData]:
    """A database as the revision before the closed sets left it, with rows in each of the tables that have one."""
    schema.upgrade(url, "0014")
    database = Database(url)
    old = MetaData()
    old.reflect(database.engine)
    delivery = {"round_id": 1, "person_id": 7, "channel": "telegram", "address": "5", "urgency": 2, "reason": "",
                "attempts": 1, "due_at": NOW, "owner": ""}  # fmt: skip
    rows: dict[str, list[dict[str, object]]] = {
        "unit": [{"id": 1, "level": "commune", "code": "31582", "name": "Xã", "valid_from": date(2025, 7, 1),
                  "sample": False, "office": "", "hours": "", "phone": "", "helpers": ""}],
        "form": [{"id": 1, "name": "f", "digest": "d", "definition": {"câu": 1}, "imported_at": NOW}],
        "round": [{"id": 1, "name": "Đợt", "code": "abc", "form_id": 1, "rule": "r", "rule_definition": {},
                   "counts": "household", "self_declared": False, "state": "closing", "sample": False,
                   "created_at": NOW, "opens_at": NOW, "closes_at": NOW}],
        "round_unit": [{"round_id": 1, "unit_id": 1}],
        "person": [{"id": 7, "language": "vi", "consent": True, "unit_id": 1, "hamlet_asked": True, "stopped": False,
                    "shown": [], "created_at": NOW, "seen_at": NOW}],
        "household": [{"id": 3, "unit_id": 1, "number": "12", "note": "", "sample": False}],
        "interview": [{"person_id": 7, "round_id": 1, "unit_id": 1, "state": "submitted", "mode": "self",
                       "cursor": "", "started_at": NOW}],
        "participation": [{"round_id": 1, "household_id": 3, "unit_id": 1, "state": "started", "mode": "",
                           "cursor": "", "started_at": NOW}],
        "ballot": [{"round_id": 1, "tag": bytes([each]) * 16, "unit_id": 1, "mode": "kiosk", "submitted": True,
                    "answers": {"duong": "co"}} for each in (9, 2, 5)],
        "tally": [{"round_id": 1, "unit_id": 1, "mode": "paper", "ballots": 3, "choices": {}, "content": {}}],
        "closing": [{"round_id": 1, "step": "compact", "ballots": 3, "unreadable": 0, "begun_at": NOW}],
        "delivery": [{"id": 1, "kind": "invite", "state": "uncertain", **delivery},
                     {"id": 2, "kind": "reminder-2", "state": "held", **delivery}],
        "inbox": [{"id": 1, "channel": "telegram", "event_key": "k", "address": "", "state": "quarantined",
                   "reason": "", "received_at": NOW}],
        "ticket": [{"id": 1, "person_id": 7, "state": "taken", "urgent": False, "channel": "telegram",
                    "address": "5", "opened_at": NOW, "reminded": 0}],
        "ticket_line": [{"id": 1, "ticket_id": 1, "by_staff": False, "text": "Tôi cần giúp", "at": NOW}],
        "faq_question": [{"id": 1, "state": "learnt", "topic": "", "text": "?", "asked_on": date(2026, 11, 2)}],
        "faq_count": [{"topic": "", "unit_id": 0, "what": "not_useful", "number": 4}],
        "assisted": [{"round_id": 1, "household_id": 3, "helper": "Lan", "day": NOW, "how": "aloud", "drawn": True,
                      "result": "", "asked_by": "", "note": ""}],
    }  # fmt: skip
    with database.transaction() as connection:
        for name, several in rows.items():
            connection.execute(insert(old.tables[name]), several)
    return database, old


def indexes(database: Database) -> dict[str, object]:
    """What the database says of its tables beside their checks, in its own words."""
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            said = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            rowless = "SELECT name, wr FROM pragma_table_list WHERE name IN ('ballot', 'receipt')"
            return {row[0]: row[1] for row in [*connection.execute(text(said)), *connection.execute(text(rowless))]}
        said = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        return {row[0]: row[1] for row in connection.execute(text(said))}


def test_the_closed_sets_come_and_go_over_rows_that_are_there(empty_url: str) -> None:
    database, old = at_0014(empty_url)
    with database.engine.connect() as connection:
        before = {name: connection.execute(select(table)).all() for name, table in old.tables.items()}
    known = indexes(database)
    for _ in range(2):
        schema.upgrade(empty_url)
        with database.engine.connect() as connection:
            assert {name: connection.execute(select(table)).all() for name, table in old.tables.items()} == {
                **before, "alembic_version": [(schema.head(),)]
            }  # fmt: skip
        assert indexes(database) == known
        with pytest.raises(IntegrityError), database.transaction() as connection:
            connection.execute(update(old.tables["round"]).values(state="mở"))
        schema.downgrade(empty_url, "0014")
        assert indexes(database) == known
        with database.engine.connect() as connection:
            assert {name: connection.execute(select(table)).all() for name, table in old.tables.items()} == before
    with database.transaction() as connection:
        connection.execute(update(old.tables["round"]).values(state="mở"))  # as 0014 let anything in
    database.close()


def test_a_row_with_a_state_that_nobody_knows_stops_the_migration_with_one_sentence(empty_url: str) -> None:
    database, old = at_0014(empty_url)
    schema.upgrade(empty_url, "0016")
    with database.transaction() as connection:
        connection.execute(update(old.tables["delivery"]).where(old.tables["delivery"].c.id == 2).values(state="lạ"))
    with pytest.raises(DatabaseError, match="bảng delivery, cột state: 1 hàng có giá trị “lạ”") as refused:
        schema.upgrade(empty_url)
    assert "\n" not in str(refused.value)
    assert database.read_now(schema.revision) == "0016"
    with database.transaction() as connection:
        connection.execute(update(old.tables["delivery"]).values(state="sent"))
    schema.upgrade(empty_url)
    assert database.read_now(schema.revision) == schema.head()
    database.close()


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    schema.upgrade(f"sqlite:///{tmp_path}/một/hai/ba.db")
    assert (tmp_path / "một/hai/ba.db").exists()


def test_the_history_is_no_python_package() -> None:
    assert not (schema.HISTORY / "__init__.py").exists()
    assert not (schema.HISTORY / "versions" / "__init__.py").exists()


def imports(script: Path) -> set[str]:
    """The top-level names that a file imports."""
    nodes = list(ast.walk(ast.parse(script.read_text(encoding="utf-8"))))
    whole = {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}


def test_no_migration_imports_anything_of_ours() -> None:
    """What ran once has to run the same way years later, whatever became of our types meanwhile."""
    scripts = list((schema.HISTORY / "versions").glob("*.py"))
    assert len(scripts) >= 14
    known = {"collections", "contextlib", "sqlalchemy", "alembic"}
    assert {script.name: imports(script) - known for script in scripts if imports(script) - known} == {}


def test_a_migration_that_alembic_writes_for_us_needs_nothing_of_ours_and_makes_the_same_tables(tmp_path: Path) -> None:
    history, address = tmp_path / "alembic", f"sqlite:///{tmp_path}/new.db"
    shutil.copytree(schema.HISTORY, history, ignore=shutil.ignore_patterns("__pycache__", "0*.py"))
    config = Config(attributes={"url": address})
    config.set_main_option("script_location", str(history))
    config.set_main_option("path_separator", "os")
    command.revision(config, "all at once", autogenerate=True, rev_id="1")
    [written] = (history / "versions").glob("*.py")
    assert imports(written) == {"collections", "sqlalchemy", "alembic"}
    command.upgrade(config, "head")
    assert tables(address) == set(Base.metadata.tables)
    database = Database(address)
    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    database.close()
    assert found == []
