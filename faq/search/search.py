"""From what somebody types to one of three outcomes: an answer, "did you mean", or an honest none.

Pure: an index and a text in, a value out; no network, no clock, nothing remembered.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from faq.search.index import Index
from faq.search.learning import signals, sizes
from faq.search.normal import bounded, words

Outcome = Literal["answer", "suggest", "none"]
SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that may be meant, and how much the text speaks for it, from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. `suggestions` are the best topics, best first, whatever the outcome; none for no words."""

    outcome: Outcome
    answer: str | None  # the topic, where we are sure
    score: float  # probability that some topic is meant
    sure: float  # probability that the best topic is the one
    suggestions: tuple[Suggestion, ...]


NOTHING = Result("none", None, 0.0, 0.0, ())


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: the words as they were read, and what spoke most for the best topic, and how much."""

    read: str
    topic: str
    reasons: tuple[tuple[str, float], ...]


def search(index: Index, text: str) -> Result:
    """The best answer to a text of any length and script."""
    reading = index.read(text)
    if not len(reading[0].columns):
        return NOTHING
    scores = index.scores(reading)
    given = signals(scores[None], sizes([reading]))
    topical, sure = float(index.sureness.topical(given)[0]), float(index.sureness.right(given)[0])
    best = np.argsort(-scores[:-1], kind="stable")[:SUGGESTIONS]
    suggestions = tuple(Suggestion(index.topics[at], min(1.0, max(0.0, float(scores[at])))) for at in best)
    if sure >= index.sureness.answer_at:
        return Result("answer", suggestions[0].id, topical, sure, suggestions)
    outcome: Outcome = "suggest" if topical >= index.sureness.suggest_at else "none"
    return Result(outcome, None, topical, sure, suggestions)


def explain(index: Index, text: str, most: int = 8) -> Explanation | None:
    """What spoke for the best topic; None where there is not one known word."""
    reading = index.read(text)
    whole = reading[0]
    if not len(whole.columns):
        return None
    best = int(index.scores(reading)[:-1].argmax())
    spoke = (whole.weights * index.weights[whole.columns, best].astype(np.float32)).tolist()
    names = index.vocabulary.names
    found = [(names[at], weight) for at, weight in zip(whole.columns, spoke, strict=True) if at < len(names)]
    if index.encoder:
        found.append((index.encoder.name, sum(spoke[len(found) :])))
    reasons = sorted((reason for reason in found if reason[1] > 0), key=lambda reason: -reason[1])[:most]
    return Explanation(" ".join(word.folded for word in words(bounded(text))), index.topics[best], tuple(reasons))
