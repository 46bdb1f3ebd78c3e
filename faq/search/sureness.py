"""When to answer, when to ask back, when to say that there is no answer: all of it from cross-validated scores.

What is weighed are the four signals of `learning.signals`: the best score, its lead, the score of no topic, the size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.search.learning import Labels, Logistic, signals
from faq.search.sparse import Dense

# What is weighed against each other: the threshold is where none of the three is missed by more than the others.
# They are goals for the examples, which are harder than what people type, for editors seek variety: where 0.37 of the
# examples stay without the right answer, a tenth of unseen messages does (docs/faq.md).
UNANSWERED = 0.37  # topic questions that don't get the right answer at once
WRONG = 0.04  # topic questions that get a wrong answer
ANSWERED = 0.02  # messages of no topic that get an answer: people ask more than we think of
LOST = 0.02  # topic questions that are told that there is no answer


@dataclass(frozen=True, slots=True)
class Sureness:
    """Two probabilities and their thresholds."""

    topical: Logistic  # that some topic is meant
    right: Logistic  # that the best topic is the one
    answer_at: float  # least `right` of an answer
    suggest_at: float  # least `topical` of "did you mean"

    @classmethod
    def of(cls, scores: Dense, sizes: Dense, labels: Labels) -> "Sureness":
        """From cross-validated scores; the last class is "none of these"."""
        none = labels == scores.shape[1] - 1
        hit = scores[:, :-1].argmax(axis=1) == labels
        given = signals(scores, sizes)
        topical, right = Logistic.fit(given, ~none), Logistic.fit(given, hit)
        answer_at = balanced(right(given), hit, none)
        return cls(topical, right, answer_at, float(np.quantile(topical(given)[~none], LOST)))


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the answers to messages not learnt from are; shares from 0 to 1."""

    top1: float
    top3: float
    auroc: float  # of a topic against none
    right: float  # of topic questions: answered, and rightly
    wrong: float  # answered wrongly
    lost: float  # told that there is no answer
    answered: float  # of messages of no topic: answered

    @classmethod
    def of(cls, scores: Dense, sizes: Dense, labels: Labels, sureness: Sureness) -> "Figures":
        given = signals(scores, sizes)
        topical, sure = sureness.topical(given), sureness.right(given) >= sureness.answer_at
        none = labels == scores.shape[1] - 1
        ranked = np.argsort(-scores[:, :-1], axis=1, kind="stable")
        hit = ranked[:, 0] == labels
        return cls(
            top1=_share(hit[~none]),
            top3=_share((ranked[:, :3] == labels[:, None]).any(axis=1)[~none]),
            auroc=auroc(topical[~none], topical[none]),
            right=_share((sure & hit)[~none]),
            wrong=_share((sure & ~hit)[~none]),
            lost=_share((~sure & (topical < sureness.suggest_at))[~none]),
            answered=_share(sure[none]),
        )


def auroc(above: NDArray[np.float64], below: NDArray[np.float64]) -> float:
    """How often one of `above` is greater than one of `below`, a tie counting half."""
    if not len(above) or not len(below):
        return float("nan")
    ordered = np.sort(below)
    wins = np.searchsorted(ordered, above, "left") + np.searchsorted(ordered, above, "right")
    return float(wins.mean() / (2 * len(below)))


def balanced(sure: NDArray[np.float64], hit: NDArray[np.bool_], none: NDArray[np.bool_]) -> float:
    """The threshold whose worst miss of the three goals, each counted in its own measure, is smallest."""
    tried = np.unique(np.append(sure, 1.0))  # what reaches it is answered
    misses = [
        1 - _reached(sure[hit & ~none], tried) / max(1, (~none).sum()),
        _reached(sure[~hit & ~none], tried) / max(1, (~none).sum()),
        _reached(sure[none], tried) / max(1, none.sum()),
    ]
    worst = np.max([miss / goal for miss, goal in zip(misses, (UNANSWERED, WRONG, ANSWERED), strict=True)], axis=0)
    return float(tried[worst.argmin()])


def _reached(values: NDArray[np.float64], tried: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many of the values reach each threshold."""
    return (len(values) - np.searchsorted(np.sort(values), tried)).astype(np.float64)


def _share(happened: NDArray[np.bool_]) -> float:
    return float(happened.mean()) if len(happened) else float("nan")
