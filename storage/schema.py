"""The schema history: upgrade to head, and know where a database stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.database import async_url

_HERE = Path(__file__).resolve().parent.parent
# From a wheel the history lies in bot/migrations: a package named alembic would land inside the library.
HISTORY = next(
    (folder for folder in (_HERE / "alembic", _HERE / "bot" / "migrations") if (folder / "env.py").exists()),
    _HERE / "alembic",
)


def _config(address: str = "") -> Config:
    config = Config(attributes={"url": address} if address else {})
    config.set_main_option("script_location", str(HISTORY).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the database to the revision. Not to be called inside a running event loop."""
    database = async_url(address).database
    if address.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(_config(address), revision)


def downgrade(address: str, revision: str) -> None:
    """Take the database back to the revision."""
    command.downgrade(_config(address), revision)


def head() -> str:
    """The newest revision of the history."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision(connection: Connection) -> str:
    """The revision the database stands at; empty when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
