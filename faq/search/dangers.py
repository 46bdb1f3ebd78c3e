"""Danger told by likeness to examples: what no phrase says, and what only sounds like danger.

Learnt from `faq/content/dangers.txt` and from what the answers are asked for, by the process that builds the index.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faq.content.entries import Entry
from faq.danger import KINDS, Kind, danger
from faq.search.features import Vocabulary, features
from faq.search.index import StaleIndex
from faq.search.learning import learn
from faq.search.normal import bounded, words
from faq.search.shipped_index import DANGERS
from faq.search.sparse import Rows

HARMLESS = "harmless"
_ASKED, _NONE = 2, 1  # one in so many questions of the answers, and messages of no topic, is learnt as harmless

Examples = Sequence[tuple[str, str]]  # (kind or "harmless", message)


@dataclass(frozen=True, slots=True)
class DangerIndex:
    """How much each feature speaks for each kind of danger, and last for none."""

    vocabulary: Vocabulary
    weights: NDArray[np.float16]

    @classmethod
    def learn(cls, examples: Examples) -> "DangerIndex":
        """Learn from messages with their kind. Takes seconds."""
        texts = [features(words(bounded(text))) for _, text in examples]
        vocabulary = Vocabulary.of(texts)
        rows = Rows.of([vocabulary.row(text) for text in texts], len(vocabulary))
        order = [*KINDS, HARMLESS]
        labels = np.array([order.index(kind) for kind, _ in examples], np.int64)
        weights = learn(rows, rows.gram(), labels, len(order), np.arange(len(rows)))
        return cls(vocabulary, weights.astype(np.float16))

    def judge(self, text: str) -> tuple[Kind, float]:
        """The likeliest kind, and how much more speaks for danger than for none."""
        row = self.vocabulary.row(features(words(bounded(text))))
        scores = row.weights @ self.weights[row.columns].astype(np.float32)
        return KINDS[int(scores[:-1].argmax())], float(scores[:-1].sum() - scores[-1])

    def save(self, path: Path, key: str) -> None:
        """Write it; whoever reads at the same time gets the old one or the new one, whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.stem}-{os.getpid()}.npz")
        names = np.frombuffer("\n".join(self.vocabulary.names).encode(), np.uint8)
        about = np.frombuffer(json.dumps(key).encode(), np.uint8)
        np.savez(beside, about=about, names=names, tells=self.vocabulary.tells, weights=self.weights)
        beside.replace(path)

    @classmethod
    def load(cls, path: Path, key: str) -> "DangerIndex":
        """Read it. Raises `StaleIndex` where there is none that can be read, or one of another key."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
                return cls._of(read, key)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise StaleIndex(f"{path}: {error}") from error

    @classmethod
    def _of(cls, read: Mapping[str, NDArray[Any]], key: str) -> "DangerIndex":
        if json.loads(read["about"].tobytes()) != key:
            raise ValueError("chỉ mục đã cũ")
        return cls(Vocabulary(read["names"].tobytes().decode().split("\n"), read["tells"]), read["weights"])


def load_examples(path: Path = DANGERS) -> Examples:
    """The examples, one "kind | message" a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parted = (line.partition("|") for line in lines if line.strip() and not line.startswith("#"))
    return [(kind.strip(), text.strip()) for kind, _, text in parted]


def all_examples(entries: Sequence[Entry], none_examples: Sequence[str]) -> Examples:
    """The examples, and as harmless what people ask and say otherwise. Takes seconds."""
    asked = [text for entry in entries for text in entry.examples][::_ASKED] + list(none_examples)[::_NONE]
    return [*load_examples(), *((HARMLESS, text) for text in asked if danger(text) is None)]
