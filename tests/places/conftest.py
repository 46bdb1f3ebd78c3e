"""A territory as a fresh installation has it: shipped units and sample hamlets, in memory."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from places.sample import load_sample
from places.units import Territory
from storage.tables import Base


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def territory() -> Territory:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        load_sample(connection)
        shipped = Territory.read(connection)
    engine.dispose()
    return shipped
