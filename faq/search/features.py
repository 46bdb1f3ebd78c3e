"""What of a message is compared: its words, pairs of words and their accents, and pieces of its letters."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from faq.search.normal import Word

PIECES = range(2, 6)  # letters in a piece
RARE = 2  # a feature of fewer texts says nothing about another text

Counts = Counter[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A text as a sparse vector: columns in the vocabulary and their weights."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float32]


def features(words: Sequence[Word]) -> tuple[Counts, Counts]:
    """How often each feature of words, and each of letters, occurs. Both weigh the same in the end."""
    return Counter(_of_words(words)), Counter(_of_letters(words))


def _of_words(words: Sequence[Word]) -> Iterator[str]:
    for word in words:
        yield word.folded
        if word.spelled:  # accents count only where somebody typed them
            yield word.spelled
    for one, two in pairwise(words):
        yield one.folded + two.folded  # as somebody types it who misses the space
        if one.spelled and two.spelled:
            yield f"{one.spelled} {two.spelled}"
    for one, two in zip(words, words[2:], strict=False):
        yield f"{one.folded} … {two.folded}"


def _of_letters(words: Sequence[Word]) -> Iterator[str]:
    if not words:
        return
    text = f" {' '.join(word.folded for word in words)} "
    for length in PIECES:
        for start in range(len(text) - length + 1):
            yield "#" + text[start : start + length]


class Vocabulary:
    """The features that are known, each with its column and how much it tells (inverse document frequency)."""

    def __init__(self, names: Sequence[str], tells: NDArray[np.float32]) -> None:
        self.names = names
        self.tells = tells
        self._columns = {name: column for column, name in enumerate(names)}
        self._weights = tells.tolist()

    @classmethod
    def of(cls, texts: Iterable[tuple[Counts, Counts]]) -> "Vocabulary":
        """Of all texts that will be learnt from."""
        found: Counts = Counter()
        count = 0
        for of_words, of_letters in texts:
            found.update(of_words.keys())
            found.update(of_letters.keys())
            count += 1
        names = sorted(name for name, often in found.items() if often >= RARE)
        tells = [math.log((1 + count) / (1 + found[name])) + 1 for name in names]
        return cls(names, np.array(tells, np.float32))

    def __len__(self) -> int:
        return len(self.names)

    def row(self, counts: tuple[Counts, Counts]) -> Row:
        """The text's vector, of length 1 where all its features are known, shorter for what is not."""
        columns: list[int] = []
        weights: list[float] = []
        for block in counts:
            self._add(block, columns, weights)
        return Row(np.array(columns, np.int32), np.array(weights, np.float32))

    def _add(self, block: Counts, columns: list[int], weights: list[float]) -> None:
        begun = len(columns)
        for name, often in block.items():
            column = self._columns.get(name)
            if column is not None:
                columns.append(column)
                weights.append((1 + math.log(often)) * self._weights[column])
        length = math.sqrt(2 * sum(weight * weight for weight in weights[begun:])) or 1.0
        weights[begun:] = [weight / length for weight in weights[begun:]]
