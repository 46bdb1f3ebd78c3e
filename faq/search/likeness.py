"""What a message is like, told from examples: kinds of danger, questions of trust. Beside phrases, never instead.

Learnt by the process that builds the index, from a file of examples and from what the answers are asked for.
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
from faq.content.examples import OTHER, Examples
from faq.search.features import Vocabulary, features
from faq.search.index import StaleIndex
from faq.search.learning import learn
from faq.search.normal import bounded, words
from faq.search.sparse import Rows


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much each feature speaks for each kind, and last for none."""

    kinds: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.float16]

    @classmethod
    def learn(cls, examples: Examples) -> "Likeness":
        """Learn from messages with their kind. Takes seconds."""
        texts = [features(words(bounded(text))) for _, text in examples]
        vocabulary = Vocabulary.of(texts)
        rows = Rows.of([vocabulary.row(text) for text in texts], len(vocabulary))
        kinds = sorted({kind for kind, _ in examples} - {OTHER})
        order = [*kinds, OTHER]
        labels = np.array([order.index(kind) for kind, _ in examples], np.int64)
        weights = learn(rows, rows.gram(), labels, len(order), np.arange(len(rows)))
        return cls(tuple(kinds), vocabulary, weights.astype(np.float16))

    def judge(self, text: str) -> tuple[str, float]:
        """The likeliest kind, and how much more speaks for any of them than for none."""
        row = self.vocabulary.row(features(words(bounded(text))))
        scores = row.weights @ self.weights[row.columns].astype(np.float32)
        return self.kinds[int(scores[:-1].argmax())], float(scores[:-1].sum() - scores[-1])

    def save(self, path: Path, key: str) -> None:
        """Write it; whoever reads at the same time gets the old one or the new one, whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.stem}-{os.getpid()}.npz")
        np.savez(
            beside,
            about=_packed(json.dumps(key)),
            kinds=_packed("\n".join(self.kinds)),
            names=_packed("\n".join(self.vocabulary.names)),
            tells=self.vocabulary.tells,
            weights=self.weights,
        )
        beside.replace(path)

    @classmethod
    def load(cls, path: Path, key: str) -> "Likeness":
        """Read it. Raises `StaleIndex` where there is none that can be read, or one of another key."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
                return cls._of(read, key)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise StaleIndex(f"{path}: {error}") from error

    @classmethod
    def _of(cls, read: Mapping[str, NDArray[Any]], key: str) -> "Likeness":
        if json.loads(_unpacked(read["about"])) != key:
            raise ValueError("chỉ mục đã cũ")
        vocabulary = Vocabulary(_unpacked(read["names"]).split("\n"), read["tells"])
        return cls(tuple(_unpacked(read["kinds"]).split("\n")), vocabulary, read["weights"])


def otherwise(entries: Sequence[Entry], none_examples: Sequence[str]) -> list[str]:
    """What people ask and say otherwise: half of the questions of the answers, and all messages of no topic."""
    return [text for entry in entries for text in entry.examples][::2] + list(none_examples)


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> str:
    return packed.tobytes().decode()
