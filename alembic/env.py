"""Runs the schema history on the database named by `-x url=…`, or given by `storage.schema`."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import TypeDecorator

from storage.database import async_url
from storage.tables import Base

address = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get(
    "url", "sqlite:///data/langnghe.db"
)


def frozen(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A type of ours as the one that the database knows: a migration stays what it was when our types change."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite can't alter most things in place
        compare_type=True,
        render_item=frozen,
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(async_url(address), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(main())
