"""Builds the index in a process of its own: `python -m faq.search.building`, told what to learn on the standard
input."""

import contextlib
import fcntl
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from faq.search.shipped_index import Taught, place_of, place_of_dangers

_GENTLE = 10  # niceness: people are being answered meanwhile
_KEPT = 3  # indexes of what the site taught: other processes may not have read the newest


def is_ready(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> bool:
    """Whether everything that is built ahead is there and up to date."""
    return is_built(taught, folder, encoder) and _holds(*place_of_dangers(folder))


def is_built(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> bool:
    """Whether the index is there and up to date, told without loading it or anything heavy."""
    return _holds(*place_of(taught, folder, encoder))


def _holds(path: Path, key: str) -> bool:
    try:
        with zipfile.ZipFile(path) as file:
            return json.dumps(key).encode() in file.read("about.npy")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def build_dangers(folder: Path | None = None) -> None:
    """Learn and keep what danger is like. Raises `EntryError`."""
    from faq.content.entries import load_entries, load_none_examples
    from faq.search.dangers import DangerIndex, all_examples

    DangerIndex.learn(all_examples(load_entries(), load_none_examples())).save(*place_of_dangers(folder))


def build(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> None:
    """Build and keep the index of the shipped entries and what the site taught. Raises `EntryError`, `EncoderError`."""
    from faq.content.entries import load_entries, load_none_examples
    from faq.search.encoder import load_encoder
    from faq.search.index import Index

    entries, nothing = load_entries(), load_none_examples()
    more: dict[str, list[str]] = {}
    for topic, text in taught:
        more.setdefault(topic, []).append(text)
    learnt = [replace(entry, examples=(*entry.examples, *more.get(entry.id, ()))) for entry in entries]
    index = Index.build(learnt, (*nothing, *more.get("", ())), load_encoder(encoder))
    path, key = place_of(taught, folder, encoder)
    index.save(path, key)
    for old in sorted(path.parent.glob("site-*.npz"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)  # each lesson taught makes a new one of 10 MB


def _main() -> None:
    asked = json.load(sys.stdin)
    taught = [(topic, text) for topic, text in asked["taught"]]
    folder = Path(asked["folder"]) if asked["folder"] else None
    encoder: str = asked["encoder"]
    os.nice(_GENTLE)
    place = place_of(taught, folder, encoder)[0]
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(".building").open("w") as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held: another process of ours is at it
        if not _holds(*place_of_dangers(folder)):
            build_dangers(folder)
        if not is_built(taught, folder, encoder):
            build(taught, folder, encoder)


if __name__ == "__main__":
    _main()
