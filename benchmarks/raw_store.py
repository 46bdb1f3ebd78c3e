"""The store alone: single-row inserts by one writer that commits them in groups, SQLAlchemy Core, nothing else."""

import time

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, insert

from bot.inbox.inbox import BATCH
from storage.database import make_engine

_TABLE = Table(
    "raw_answer",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("address", String(64)),
    Column("answers", JSON),
)


def run(address: str, events: int) -> float:
    """Seconds for as many inserts, each a statement of its own, a commit for as many as our batches hold."""
    engine = make_engine(address)
    _TABLE.create(engine)
    statement = insert(_TABLE).inline()
    begun = time.perf_counter()
    for start in range(0, events, BATCH):
        with engine.begin() as connection:
            for number in range(start, min(start + BATCH, events)):
                connection.execute(statement, {"address": str(number), "answers": {"duong_sa": "hai_long"}})
    seconds = time.perf_counter() - begun
    engine.dispose()
    return seconds
