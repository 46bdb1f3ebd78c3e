"""A clean environment, the stores that a test runs on, and what the rings draw by lot."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

# Where bytecode is forbidden, as in many containers, every worker would rewrite and compile every test at each start,
# and every program that a test starts would compile itself.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import compiled  # noqa: E402, F401
import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from rings import NIGHT  # noqa: E402
from stores import (  # noqa: E402
    database_url,
    empty_url,
    filled_postgres,
    filled_sqlite,
    filled_url,
    migrated_postgres,
    migrated_sqlite,
    postgres,
    postgres_url,
    shared,
)

__all__ = [
    "database_url", "empty_url", "filled_postgres", "filled_sqlite", "filled_url", "migrated_postgres",
    "migrated_sqlite", "postgres", "postgres_url", "shared",
]  # fmt: skip
STORES = ("empty_url", "database_url", "filled_url")

MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30  # bytes: many times what a run takes
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    # Databases in memory, for tests wait for a disk longer than they compute.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

os.environ["PTB_TIMEDELTA"] = "true"  # python-telegram-bot warns about its own integers otherwise
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run-"))  # the PostgreSQL package wants one
for name in [name for name in os.environ if name.startswith("LANGNGHE_") and "__" in name]:
    del os.environ[name]

settings.register_profile("test", derandomize=True, deadline=None)
settings.register_profile("night", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("night" if NIGHT else "test")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With the mark `both_stores`, and at night all, a test with a database runs on each store in turn."""
    asked = [name for name in STORES if name in metafunc.fixturenames]
    chosen = any(mark.args[0] in STORES for mark in metafunc.definition.iter_markers("parametrize"))
    if not asked or chosen or not (NIGHT or metafunc.definition.get_closest_marker("both_stores")):
        return
    each = [
        pytest.param(*["sqlite"] * len(asked), id="sqlite"),
        pytest.param(*["postgresql"] * len(asked), id="postgresql", marks=pytest.mark.postgresql),
    ]
    metafunc.parametrize(asked, each, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whoever asks for PostgreSQL by name is marked too, so that `make quick` can leave it out. What is marked `night`
    waits for it."""
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")
    waiting = [item for item in items if item.get_closest_marker("night") and not NIGHT]
    if waiting:
        config.hook.pytest_deselected(items=waiting)
        items[:] = [item for item in items if item not in waiting]
