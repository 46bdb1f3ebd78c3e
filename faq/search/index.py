"""Everything that the search knows, learnt from the entries ahead of time, in one file."""

import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from faq.content.entries import Entry
from faq.search.encoder import Encoder, EncoderError
from faq.search.features import Vocabulary, features
from faq.search.learning import Labels, Logistic, Reading, cross_validated, learn, score, sizes, stratified
from faq.search.normal import bounded, sentences, words
from faq.search.sparse import Dense, Rows
from faq.search.sureness import Figures, Sureness

_NUMBERED = re.compile(r"^\d+\.\s*", re.MULTILINE)
log = logging.getLogger(__name__)

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
    encoder: Encoder | None = None  # of the site's own; its weights come after those of the features

    @classmethod
    def build(cls, entries: Sequence[Entry], none_examples: Sequence[str], encoder: Encoder | None = None) -> "Index":
        """Learn from the examples, the messages of no topic, and the sentences of the answers. Takes seconds.

        Raises `EncoderError`.
        """
        examples = [(text, label) for label, entry in enumerate(entries) for text in entry.examples]
        examples += [(text, len(entries)) for text in none_examples]
        told = [(text, label) for label, entry in enumerate(entries) for text in _sentences(entry)]
        texts = [bounded(text) for text, _ in examples + told]
        vocabulary = Vocabulary.of(features(words(text)) for text in texts)
        read = _read(vocabulary, encoder, texts)
        width = len(vocabulary) + (encoder.width if encoder else 0)
        rows, classes = Rows.of([whole for whole, *_ in read], width), len(entries) + 1
        labels = np.array([label for _, label in examples + told], np.int64)
        asked = labels[: len(examples)]
        gram = rows.gram()
        folds = np.concatenate([stratified(asked), np.full(len(told), -1)])
        readings = read[: len(examples)]
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
            encoder=encoder,
        )

    def read(self, text: str) -> Reading:
        """The text as rows of the vocabulary: the whole, then its last sentence where it has several."""
        texts = [bounded(text)]
        try:
            return _read(self.vocabulary, self.encoder, texts)[0]
        except EncoderError as error:
            log.warning("%s", error)
            return _read(self.vocabulary, None, texts)[0]  # rather half an answer than none

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
    def load(cls, path: Path, key: str = "", encoder: Encoder | None = None) -> "Index":
        """Read an index. Raises `StaleIndex` where there is none that can be read, or one of another key."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as read:
                return cls._of(read, key, encoder)
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise StaleIndex(f"{path}: {error}") from error

    @classmethod
    def _of(cls, read: Mapping[str, NDArray[Any]], key: str, encoder: Encoder | None) -> "Index":
        about = json.loads(_unpacked(read["about"]))
        if about["key"] != key:
            raise ValueError("chỉ mục đã cũ")
        vocabulary, weights = Vocabulary(_unpacked(read["names"]).split("\n"), read["tells"]), read["weights"]
        if len(weights) != len(vocabulary) + (encoder.width if encoder else 0):
            raise ValueError("chỉ mục của bộ mã hóa khác")
        return cls(
            topics=tuple(about["topics"]),
            vocabulary=vocabulary,
            weights=weights,
            sureness=Sureness(Logistic(read["topical"]), Logistic(read["right"]), *about["thresholds"]),
            figures=Figures(**about["figures"]),
            confused=read["confused"],
            encoder=encoder,
        )


def _sentences(entry: Entry) -> Iterator[str]:
    """What the entry says of itself: title, answer, and each sentence of it."""
    answer = _NUMBERED.sub("", entry.text)
    yield f"{entry.title}. {answer}"
    for sentence in [entry.title, *sentences(answer)]:
        if len(sentence) > _SHORTEST:
            yield sentence


def _read(vocabulary: Vocabulary, encoder: Encoder | None, texts: Sequence[str]) -> list[Reading]:
    """Each text as rows, the vectors of the encoder in the columns after the vocabulary's. Raises `EncoderError`."""
    parts = [[text, *(split[-1:] if len(split := sentences(text)) > 1 else [])] for text in texts]
    flat = [part for each in parts for part in each]
    rows = [vocabulary.row(features(words(part))) for part in flat]
    left = iter(encoder.added(rows, flat, len(vocabulary)) if encoder else rows)
    return [[next(left) for _ in each] for each in parts]


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
