"""Everything that the search knows, learnt from the entries ahead of time, in one file."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from faq.entries import Entry
from faq.features import Row, Vocabulary, features
from faq.learning import Labels, Logistic, Reading, cross_validated, learn, score, sizes, stratified
from faq.normal import bounded, sentences, words
from faq.sparse import Dense, Rows
from faq.sureness import Figures, Sureness

_NUMBERED = re.compile(r"^\d+\.\s*", re.MULTILINE)
_SHORTEST = 15  # characters of a sentence of an answer that is worth learning from


class StaleIndex(Exception):
    """No index that fits: it has to be built."""


@dataclass(frozen=True, slots=True)
class Index:
    """The topics, the weight of each feature for each of them and for "none of these", and when to be sure."""

    topics: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.float16]  # a row a feature; the last column is "none of these"
    sureness: Sureness
    figures: Figures  # cross-validated
    confused: NDArray[np.int32]  # examples of the topic (row) that came out as another (column), cross-validated

    @classmethod
    def build(cls, entries: Sequence[Entry], none_examples: Sequence[str]) -> "Index":
        """Learn from the examples, the messages of no topic, and the sentences of the answers. Takes seconds."""
        examples = [(text, label) for label, entry in enumerate(entries) for text in entry.examples]
        examples += [(text, len(entries)) for text in none_examples]
        told = [(text, label) for label, entry in enumerate(entries) for text in _sentences(entry)]
        counted = [features(words(bounded(text))) for text, _ in examples + told]
        vocabulary = Vocabulary.of(counted)
        found = [vocabulary.row(counts) for counts in counted]
        rows, classes = Rows.of(found, len(vocabulary)), len(entries) + 1
        labels = np.array([label for _, label in examples + told], np.int64)
        asked = labels[: len(examples)]
        gram = rows.gram()
        folds = np.concatenate([stratified(asked), np.full(len(told), -1)])
        readings = [[row, *_asking(vocabulary, text)] for row, (text, _) in zip(found, examples, strict=False)]
        scores = cross_validated(rows, gram, labels, classes, readings, folds)
        known = sizes(readings)
        sureness = Sureness.of(scores, known, asked)
        weights = learn(rows, gram, labels, classes, np.arange(len(rows)))
        return cls(
            topics=tuple(entry.id for entry in entries),
            vocabulary=vocabulary,
            weights=weights.astype(np.float16),
            sureness=sureness,
            figures=Figures.of(scores, known, asked, sureness),
            confused=_confused(scores, asked),
        )

    def read(self, text: str) -> Reading:
        """The text as rows of the vocabulary: the whole, then its last sentence where it has several."""
        text = bounded(text)
        return [self.vocabulary.row(features(words(text))), *_asking(self.vocabulary, text)]

    def scores(self, reading: Reading) -> Dense:
        """How much a text speaks for each topic, and last for "none of these"."""
        return score(self.weights, reading)

    def save(self, path: Path, key: str = "") -> None:
        """Write the index; whoever reads at the same time gets the old one or the new one, whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        sureness = self.sureness
        about = {
            "key": key,
            "topics": self.topics,
            "thresholds": [sureness.answer_at, sureness.suggest_at],
            "figures": asdict(self.figures),
        }
        beside = path.with_name(f".{path.stem}-{os.getpid()}.npz")
        np.savez(
            beside,
            about=_packed(json.dumps(about)),
            names=_packed("\n".join(self.vocabulary.names)),
            tells=self.vocabulary.tells,
            weights=self.weights,
            topical=sureness.topical.factors,
            right=sureness.right.factors,
            confused=self.confused,
        )
        beside.replace(path)

    @classmethod
    def load(cls, path: Path, key: str = "") -> "Index":
        """Read an index. Raises `StaleIndex` where there is none that can be read, or one of another key."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
                return cls._of(read, key)
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise StaleIndex(f"{path}: {error}") from error

    @classmethod
    def _of(cls, read: Mapping[str, NDArray[Any]], key: str) -> "Index":
        about = json.loads(_unpacked(read["about"]))
        if about["key"] != key:
            raise ValueError("chỉ mục đã cũ")
        return cls(
            topics=tuple(about["topics"]),
            vocabulary=Vocabulary(_unpacked(read["names"]).split("\n"), read["tells"]),
            weights=read["weights"],
            sureness=Sureness(Logistic(read["topical"]), Logistic(read["right"]), *about["thresholds"]),
            figures=Figures(**about["figures"]),
            confused=read["confused"],
        )


def _sentences(entry: Entry) -> Iterator[str]:
    """What the entry says of itself: title, answer, and each sentence of it."""
    answer = _NUMBERED.sub("", entry.text)
    yield f"{entry.title}. {answer}"
    for sentence in [entry.title, *sentences(answer)]:
        if len(sentence) > _SHORTEST:
            yield sentence


def _asking(vocabulary: Vocabulary, text: str) -> list[Row]:
    parts = sentences(text)
    return [vocabulary.row(features(words(parts[-1])))] if len(parts) > 1 else []


def _confused(scores: Dense, labels: Labels) -> NDArray[np.int32]:
    topics = scores.shape[1] - 1
    asked = labels < topics
    found = np.zeros((topics, topics), np.int32)
    np.add.at(found, (labels[asked], scores[asked, :-1].argmax(axis=1)), 1)
    np.fill_diagonal(found, 0)
    return found


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> str:
    return packed.tobytes().decode()
