"""Sparse rows in numpy alone: just the three products that learning needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.search.features import Row

Dense = NDArray[np.float32]

_COMMON = 4096  # columns that are cheaper multiplied densely: half of everything stands in them


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows one after another; row i lies at starts[i]:starts[i + 1]."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: Dense
    width: int

    @classmethod
    def of(cls, rows: Sequence[Row], width: int) -> "Rows":
        starts = np.concatenate([[0], np.cumsum([len(row.columns) for row in rows])]).astype(np.int64)
        columns = np.concatenate([row.columns for row in rows]) if rows else np.empty(0, np.int32)
        weights = np.concatenate([row.weights for row in rows]) if rows else np.empty(0, np.float32)
        return cls(starts, columns, weights, width)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def owners(self) -> NDArray[np.int64]:
        """The row of each weight."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def gram(self) -> Dense:
        """Every row times every row."""
        often = np.bincount(self.columns, minlength=self.width)
        common = np.argsort(-often, kind="stable")[:_COMMON]
        place = np.full(self.width, -1)
        place[common] = np.arange(len(common))
        where, owners = place[self.columns], self.owners()
        dense = np.zeros((len(self), len(common)), np.float32)
        dense[owners[where >= 0], where[where >= 0]] = self.weights[where >= 0]
        product = dense @ dense.T
        self._add_rare(product, owners, where < 0)
        return product

    def _add_rare(self, product: Dense, owners: NDArray[np.int64], rare: NDArray[np.bool_]) -> None:
        """Column by column: each is the outer product of the few rows that have it."""
        columns, owner, weight = self.columns[rare], owners[rare], self.weights[rare]
        order = np.argsort(columns, kind="stable")
        owner, weight = owner[order], weight[order]
        bounds = np.cumsum(np.bincount(columns, minlength=self.width))
        for start, end in zip(np.concatenate([[0], bounds[:-1]]), bounds, strict=True):
            if end > start:
                rows, part = owner[start:end], weight[start:end]
                product[np.ix_(rows, rows)] += np.outer(part, part)

    def transposed_times(self, dense: Dense) -> Dense:
        """One row for each column: the sum of `dense`'s rows, weighed."""
        order = np.argsort(self.columns, kind="stable")
        columns, owners, weights = self.columns[order], self.owners()[order], self.weights[order]
        present, first = np.unique(columns, return_index=True)
        result = np.zeros((self.width, dense.shape[1]), np.float32)
        for at in range(dense.shape[1]):  # one at a time: the whole would take gigabytes
            result[present, at] = np.add.reduceat(dense[owners, at] * weights, first)
        return result
