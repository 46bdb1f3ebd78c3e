"""Builds the index in a process of its own: `python -m faq.building`, told what to learn on the standard input."""

import contextlib
import fcntl
import hashlib
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from faq.shipped import fingerprint, folder_of_indexes

Taught = tuple[str, str]  # (topic, question); topic "": no topic answers it
_GENTLE = 10  # niceness: people are being answered meanwhile


def place_of(taught: Sequence[Taught], folder: Path | None = None) -> tuple[Path, str]:
    """Where the index that has learnt this lies, and the key that it carries."""
    folder = folder or folder_of_indexes()
    if not taught:
        return folder / "index.npz", fingerprint()
    digest = hashlib.sha256(json.dumps(list(taught)).encode()).hexdigest()
    return folder / f"site-{digest[:16]}.npz", f"{fingerprint()} {digest}"


def is_built(taught: Sequence[Taught], folder: Path | None = None) -> bool:
    """Whether the index is there and up to date, told without loading it or anything heavy."""
    path, key = place_of(taught, folder)
    try:
        with zipfile.ZipFile(path) as file:
            return json.dumps(key).encode() in file.read("about.npy")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def build(taught: Sequence[Taught], folder: Path | None = None) -> None:
    """Build and keep the index of the shipped entries and what the site taught. Raises `EntryError`."""
    from faq.entries import load_entries, load_none_examples
    from faq.index import Index

    entries, nothing = load_entries(), load_none_examples()
    more: dict[str, list[str]] = {}
    for topic, text in taught:
        more.setdefault(topic, []).append(text)
    learnt = [replace(entry, examples=(*entry.examples, *more.get(entry.id, ()))) for entry in entries]
    path, key = place_of(taught, folder)
    Index.build(learnt, (*nothing, *more.get("", ()))).save(path, key)


def _main() -> None:
    asked = json.load(sys.stdin)
    taught = [(topic, text) for topic, text in asked["taught"]]
    folder = Path(asked["folder"]) if asked["folder"] else None
    os.nice(_GENTLE)
    place = place_of(taught, folder)[0]
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(".building").open("w") as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held: another process of ours is at it
        if not is_built(taught, folder):
            build(taught, folder)


if __name__ == "__main__":
    _main()
