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

from faq.search.shipped_index import LIKENESSES, Taught, place_of, place_of_likeness

SURVEY = "satisfaction-survey"  # the answer whose questions are those of trust
_ABOUT = {"trust": SURVEY, "temper": "feedback-complaint"}  # whose examples are not of another kind
_GENTLE = 10  # niceness: people are being answered meanwhile
_KEPT = 3  # indexes of what the site taught: other processes may not have read the newest


def is_ready(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> bool:
    """Whether everything that is built ahead is there and up to date."""
    alike = all(_holds(*place_of_likeness(name, folder)) for name in LIKENESSES)
    return alike and is_built(taught, folder, encoder)


def is_built(taught: Sequence[Taught], folder: Path | None = None, encoder: str = "") -> bool:
    """Whether the index is there and up to date, told without loading it or anything heavy."""
    return _holds(*place_of(taught, folder, encoder))


def _holds(path: Path, key: str) -> bool:
    try:
        with zipfile.ZipFile(path) as file:
            return json.dumps(key).encode() in file.read("about.npy")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def build_likeness(name: str, folder: Path | None = None) -> None:
    """Learn and keep what the messages of a file of examples are like. Raises `EntryError`."""
    from faq.content.entries import FOLDER, load_entries, load_none_examples
    from faq.content.examples import OTHER, load_examples
    from faq.danger import danger
    from faq.search.likeness import Likeness, otherwise

    about = [entry for entry in load_entries() if entry.id != _ABOUT.get(name)]
    asked = [text for text in otherwise(about, load_none_examples()) if name != "dangers" or danger(text) is None]
    examples = [*load_examples(FOLDER / f"{name}.txt"), *((OTHER, text) for text in asked)]
    Likeness.learn(examples).save(*place_of_likeness(name, folder))


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
        for name in LIKENESSES:
            if not _holds(*place_of_likeness(name, folder)):
                build_likeness(name, folder)
        if not is_built(taught, folder, encoder):
            build(taught, folder, encoder)


if __name__ == "__main__":
    _main()
