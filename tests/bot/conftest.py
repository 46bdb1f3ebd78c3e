"""A village, and logs as they were before."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from terminal import run
from village import few_topics, village

__all__ = ["few_topics", "run", "village"]


@pytest.fixture
def quiet_logs() -> Iterator[None]:
    """Undoes what `set_up_logs` did: it writes to a standard error that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in ("telegram", "httpx", "httpcore", "aiohttp", "uvicorn", "apscheduler", "sqlalchemy"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.NOTSET)
        logger.propagate, logger.handlers = True, []
    structlog.reset_defaults()
