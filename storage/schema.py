"""The schema history: upgrade to head, and know where a database stands.

alembic is imported only to change a schema: 60 ms and 7 MB that `run` does not need.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.database import DatabaseError, async_url

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).resolve().parent.parent
# From a wheel the history lies in bot/migrations: a package named alembic would land inside the library.
HISTORY = next(
    (folder for folder in (_HERE / "alembic", _HERE / "bot" / "migrations") if (folder / "env.py").exists()),
    _HERE / "alembic",
)


_LINK = re.compile(r"^(down_revision|revision)\b[^=\n]*= (.*)$", re.MULTILINE)


def _config(address: str = "") -> "Config":
    from alembic.config import Config

    config = Config(attributes={"url": address} if address else {})
    config.set_main_option("script_location", str(HISTORY).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(address: str, revision: str = "head") -> None:
    """Bring the database to the revision. Not to be called inside a running event loop.

    Raises `DatabaseError` where a row stands in the way, or there is no such revision.
    """
    from alembic import command
    from alembic.util import CommandError

    database = async_url(address).database
    if address.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    try:
        command.upgrade(_config(address), revision)
    except CommandError as error:
        raise DatabaseError(f"không nâng cấp được cơ sở dữ liệu: {error}") from None


def downgrade(address: str, revision: str) -> None:
    """Take the database back to the revision."""
    from alembic import command

    command.downgrade(_config(address), revision)


@cache
def head() -> str:
    """The newest revision of the history: the one that no other comes after."""
    made: set[str] = set()
    followed: set[str] = set()
    for script in (HISTORY / "versions").glob("*.py"):
        for side, value in _LINK.findall(script.read_text(encoding="utf-8")):
            (made if side == "revision" else followed).update(re.findall(r"[\"'](\w+)[\"']", value))
    return max(made - followed, default="")


def revision(connection: Connection) -> str:
    """The revision the database stands at; empty when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
