"""Learning which words speak for which topic: kernel ridge regression, its cross-validation, and how sure to be.

Kernel ridge because, on these examples, it beat logistic regression, nearest examples and BM25 in cross-validation,
needs one solve instead of many passes, and comes down to one sparse product a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.search.features import Row
from faq.search.sparse import Dense, Rows

RIDGE = 0.3  # from cross-validation; between 0.15 and 1 little changes
FOLDS = 5
ASKING = 0.3  # how much the last sentence of a story counts beside the whole: its question comes late
_SEED = 84

Labels = NDArray[np.int64]
Reading = Sequence[Row]  # a text's row, and its last sentence's where it has several


def score(weights: NDArray[np.floating], reading: Reading) -> Dense:
    """How much a text speaks for each class."""
    whole, *asking = [_product(weights, row) for row in reading]
    if not asking:
        return whole
    return ((whole + ASKING * asking[0]) / (1 + ASKING)).astype(np.float32)


def _product(weights: NDArray[np.floating], row: Row) -> Dense:
    product: Dense = row.weights @ weights[row.columns].astype(np.float32)
    return product


def learn(rows: Rows, gram: Dense, labels: Labels, classes: int, among: NDArray[np.int64]) -> Dense:
    """The weight of each feature for each class, learnt from the rows `among`."""
    targets = np.zeros((len(among), classes), np.float32)
    targets[np.arange(len(among)), labels[among]] = 1
    kernel = gram[np.ix_(among, among)]
    kernel[np.diag_indices(len(among))] += RIDGE
    duals = np.zeros((len(rows), classes), np.float32)
    duals[among] = np.linalg.solve(kernel, targets)
    return rows.transposed_times(duals)


def cross_validated(
    rows: Rows, gram: Dense, labels: Labels, classes: int, readings: Sequence[Reading], folds: NDArray[np.int64]
) -> Dense:
    """The scores of each reading by what was learnt from the others; rows of fold -1 are always learnt from."""
    scores = np.zeros((len(readings), classes), np.float32)
    for fold in range(FOLDS):
        weights = learn(rows, gram, labels, classes, np.flatnonzero(folds != fold))
        for held_out in np.flatnonzero(folds == fold).tolist():
            scores[held_out] = score(weights, readings[held_out])
    return scores


def stratified(labels: Labels) -> NDArray[np.int64]:
    """A fold for each example, every class spread evenly; the same each time."""
    chance = np.random.default_rng(_SEED)
    folds = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        members = chance.permutation(np.flatnonzero(labels == label))
        folds[members] = np.arange(len(members)) % FOLDS
    return folds


def sizes(readings: Sequence[Reading]) -> Dense:
    """How much of each text is known. Long texts score lower for the same sureness."""
    return np.log1p(np.array([len(reading[0].columns) for reading in readings], np.float32))


def signals(scores: Dense, sizes: Dense) -> Dense:
    """What tells how sure to be: the best topic's score, its lead, the score of "none of these", the text's size."""
    ranked = -np.sort(-scores[:, :-1], axis=1)
    return np.stack([ranked[:, 0], ranked[:, 0] - ranked[:, 1], scores[:, -1], sizes], axis=1)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from signals."""

    factors: NDArray[np.float64]  # the last one stands alone

    @classmethod
    def fit(cls, given: Dense, happened: NDArray[np.bool_]) -> "Logistic":
        """By Newton's method; a trace of a penalty keeps perfectly parted data finite."""
        inputs = np.column_stack([given.astype(np.float64), np.ones(len(given))])
        factors = np.zeros(inputs.shape[1])
        for _ in range(25):
            chance = _sigmoid(inputs @ factors)
            slope = inputs.T @ (happened - chance) - 1e-3 * factors
            bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + 1e-3 * np.eye(len(factors))
            factors += np.linalg.solve(bend, slope)
        return cls(factors)

    def __call__(self, given: Dense) -> NDArray[np.float64]:
        return _sigmoid(given @ self.factors[:-1] + self.factors[-1])


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(values, -40, 40)))
    return chances
