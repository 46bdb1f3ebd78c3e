"""A sentence encoder of the site's own, learnt from beside the words. The default needs none."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from faq.search.features import Row
from faq.search.sparse import Dense

_SHARE = 0.5  # of a row's squared length: as much as its words, as much as its letters
_AT_ONCE = 256  # texts


class EncoderError(ValueError):
    """The encoder can't be used; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """`encode` takes texts and gives a vector of `width` numbers for each; `name` is `module:function`."""

    name: str
    encode: Callable[[Sequence[str]], ArrayLike]
    width: int

    def added(self, rows: Sequence[Row], texts: Sequence[str], known: int) -> list[Row]:
        """The rows with the texts' vectors in columns from `known` on. Raises `EncoderError`.

        A text without a letter gets none: there is nothing to understand in it.
        """
        spoken = [at for at, text in enumerate(texts) if any(map(str.isalpha, text))]
        added = list(rows)
        for begun in range(0, len(spoken), _AT_ONCE):
            among = spoken[begun : begun + _AT_ONCE]
            for at, vector in zip(among, self._vectors([texts[at] for at in among]), strict=True):
                columns = np.arange(known, known + self.width, dtype=np.int32)
                row = rows[at]
                added[at] = Row(np.concatenate([row.columns, columns]), np.concatenate([row.weights, vector]))
        return added

    def _vectors(self, texts: list[str]) -> Dense:
        try:
            vectors = np.asarray(self.encode(texts), np.float32)
        except Exception as error:  # it is the site's own program: whatever goes wrong there
            raise EncoderError(f"faq.encoder: “{self.name}” báo lỗi {type(error).__name__}") from error
        if vectors.shape != (len(texts), self.width) or not np.isfinite(vectors).all():
            raise EncoderError(f"faq.encoder: “{self.name}” phải trả về cho mỗi câu {self.width} số")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: Dense = (vectors * (_SHARE**0.5 / np.where(lengths > 0, lengths, 1))).astype(np.float32)
        return scaled


def load_encoder(name: str) -> Encoder | None:
    """The encoder that the configuration names, tried once; None where it names none. Raises `EncoderError`."""
    if not name:
        return None
    module, _, function = name.partition(":")
    try:
        encode = getattr(importlib.import_module(module), function)
        width = np.asarray(encode(["thử"]), np.float32).shape[1]
    except Exception as error:  # whatever goes wrong in the site's own program
        raise EncoderError(f"faq.encoder: không dùng được “{name}” ({error}); viết như ten_module:ten_ham") from error
    return Encoder(name, encode, width)
