"""The answers of a running program, and the search over them, loaded when somebody asks first.

Reading the index takes a tenth of a second; building one takes half a minute and 250 MB, so that is done by
another process (`faq.search.building`), and until it is done the index before goes on answering.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from faq.content.entries import FOLDER as CONTENT
from faq.content.entries import Entry, load_entries
from faq.content.examples import OTHER, load_examples
from faq.content.lessons import Guide, load_guides
from faq.danger import Kind, danger
from faq.search.building import is_built, is_ready
from faq.search.shipped_index import Taught, place_of, place_of_likeness
from vietnamese.folding import fold

if TYPE_CHECKING:
    from faq.search.encoder import Encoder
    from faq.search.index import Index
    from faq.search.likeness import Likeness
    from faq.search.search import Result


class Library:
    """Entries by id and the search. One for a process; belongs to the writer thread."""

    def __init__(
        self, index: "Index | None" = None, folder: Path | None = None, encoder: "Encoder | None" = None
    ) -> None:
        self._index = index
        self._fixed = index is not None  # a test's own: never looked for, never built
        self._folder = folder
        self._encoder = encoder
        self._taught: tuple[Taught, ...] = ()
        self._exact: dict[str, str] = {}  # questions that were taught, word for word: these need no index
        self._alike: dict[str, Likeness] = {}
        self._stale = True
        self._builder: subprocess.Popen[bytes] | None = None
        self._failed = False  # a build that failed would fail again

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """All entries by id. Raises `EntryError`."""
        return {entry.id: entry for entry in load_entries()}

    @cached_property
    def groups(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each group, groups and entries in the order of their names."""
        names = sorted({entry.group for entry in self.entries.values()})
        entries = sorted(self.entries.values(), key=lambda entry: entry.title)
        return {name: tuple(entry for entry in entries if entry.group == name) for name in names}

    @cached_property
    def guides(self) -> Mapping[str, Guide]:
        """All guides by id, in the order of their titles. Raises `EntryError`."""
        return {guide.id: guide for guide in sorted(load_guides(), key=lambda guide: guide.title)}

    def search(self, text: str) -> "Result | None":
        """What the search makes of a text; None while the first index is still being built."""
        from faq.search.search import Result, Suggestion, search

        topic = self._exact.get(fold(text), "")
        if topic in self.entries:
            return Result("answer", topic, 1.0, 1.0, (Suggestion(topic, 1.0),))
        self._refresh()
        return search(self._index, text) if self._index is not None else None

    def danger(self, text: str) -> Kind | None:
        """What kind of danger a message speaks of; by its phrases alone while nothing has been learnt yet."""
        alike = self._likeness("dangers")
        return danger(text, alike.judge if alike is not None else None)

    def trust(self, text: str) -> tuple[str, float]:
        """What a message asks about the survey itself, and how much more speaks for that than for anything else.

        While nothing has been learnt yet only the messages of the examples are known.
        """
        if (known := self._trusted.get(fold(text))) is not None:
            return known, 1.0
        alike = self._likeness("trust")
        return alike.judge(text) if alike is not None else ("", -1.0)

    def temper(self, text: str) -> tuple[str, float]:
        """What kind of anger a message is like, and how much more speaks for that than for anything else."""
        alike = self._likeness("temper")
        return alike.judge(text) if alike is not None else ("", -1.0)

    def teach(self, taught: Sequence[Taught]) -> None:
        """What the site taught, all of it; the search learns it in the background, without a restart."""
        if tuple(taught) != self._taught:
            self._taught, self._stale, self._failed = tuple(taught), True, False
            self._exact = {fold(text): topic for topic, text in taught if fold(text)}
            self.build_ahead()

    def build_ahead(self, *, likeness: bool = False) -> None:
        """See to it that the index is built, and with it what is told by likeness, by a process of its own.

        Does nothing where they are, or where it is under way.
        """
        if self._builder is not None and self._builder.poll():
            self._failed, self._builder = True, None
        if self._fixed or self._failed or (self._builder is not None and self._builder.poll() is None):
            return
        if (is_ready if likeness else is_built)(*self._wanted):
            return
        builder = subprocess.Popen(
            [sys.executable, "-m", "faq.search.building"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *_python_path()])},
        )
        taught, folder, encoder = self._wanted
        asked = {"taught": taught, "folder": str(folder) if folder else "", "encoder": encoder}
        assert builder.stdin is not None
        builder.stdin.write(json.dumps(asked).encode())
        builder.stdin.close()
        self._builder = builder

    @property
    def _wanted(self) -> tuple[tuple[Taught, ...], Path | None, str]:
        return self._taught, self._folder, self._encoder.name if self._encoder else ""

    def _likeness(self, name: str) -> "Likeness | None":
        """What was learnt from a file of examples, once it is built; `build_ahead` sees to that."""
        if name not in self._alike and not self._fixed and place_of_likeness(name, self._folder)[0].exists():
            from faq.search.index import StaleIndex
            from faq.search.likeness import Likeness

            with contextlib.suppress(StaleIndex):
                self._alike[name] = Likeness.load(*place_of_likeness(name, self._folder))
        return self._alike.get(name)

    @cached_property
    def _trusted(self) -> Mapping[str, str]:
        return {fold(text): kind for kind, text in load_examples(CONTENT / "trust.txt") if kind != OTHER}

    def _refresh(self) -> None:
        if self._fixed or not self._stale:
            return
        if is_built(*self._wanted):
            from faq.search.index import Index

            self._index = Index.load(*place_of(*self._wanted), self._encoder)
            self._stale = False
        else:
            self.build_ahead()


def _python_path() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
