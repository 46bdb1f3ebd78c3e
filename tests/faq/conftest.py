"""A small index: five topics that are neighbours of each other, and the messages of no topic."""

from pathlib import Path

import pytest
from indexes import built_once, shipped

from faq.content.entries import Entry, load_entries, load_none_examples
from faq.search.index import Index

__all__ = ["entries", "few", "index", "shipped"]
TOPICS = ("birth-registration", "death-registration", "marriage-registration", "id-card", "qr-payment", "scam-victim")


@pytest.fixture(scope="session")
def entries() -> tuple[Entry, ...]:
    return load_entries()


@pytest.fixture(scope="session")
def few(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.id in TOPICS)


@pytest.fixture(scope="session")
def index(few: tuple[Entry, ...], shared: Path) -> Index:
    return built_once(shared / "neighbours.npz", lambda: Index.build(few, load_none_examples()[::3]))
