"""Search indexes that one worker builds for all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from stores import taking_turns

from faq.search import shipped_index
from faq.search.index import Index


def built_once(path: Path, build: Callable[[], Index]) -> Index:
    """The index at a path, built by whoever asks first. Every worker reads it from there, so all have the same."""
    with taking_turns(path):
        if not path.exists():
            build().save(path)
    return Index.load(path)


@pytest.fixture(scope="session")
def shipped(shared: Path) -> Index:
    """The index that comes with the program; building it takes under a minute, where it is not there yet."""
    with taking_turns(shared / "shipped-index"):
        return shipped_index.load_index()
