"""A sentence encoder for tests: what a text is about, from words of any language."""

import numpy as np

_ABOUT = (("birth", "born", "កំណើត", "sinh", "bé"), ("marry", "wedding", "cưới", "hôn"), ("qr", "scan", "quét"))


def encode(texts):
    """One number a subject: how many of its words the text has."""
    return np.array([[sum(word in text.lower() for word in words) for words in _ABOUT] for text in texts], float)


def broken(texts):
    """Gives up once it is asked in earnest."""
    if texts != ["thử"]:
        raise RuntimeError("out of memory")
    return [[1.0, 0.0, 0.0]]


def ragged(texts):
    """Gives nothing that could be a vector for each."""
    return [0.0] * len(texts)
