"""Ways to find the topic of a message: ours, and what people use instead, each taught by the same examples.

`teach` writes what was learnt to a file; `load` gives back a function from a text to a score for each topic and, last,
for "none of these".
"""

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from faq.content.entries import Entry
from vietnamese.folding import fold

Scores = NDArray[np.float32]
Answer = Callable[[str], Scores]


class Lessons(NamedTuple):
    """Examples to learn from; label len(entries) is "none of these"."""

    entries: Sequence[Entry]  # their examples are those of `texts`
    texts: Sequence[str]
    labels: Sequence[int]


def teach_ours(lessons: Lessons, path: Path) -> None:
    from faq.search.index import Index

    none = [text for text, label in zip(lessons.texts, lessons.labels, strict=True) if label == len(lessons.entries)]
    Index.build(lessons.entries, none).save(path)


def load_ours(path: Path) -> Answer:
    from faq.search.index import Index

    index = Index.load(path)
    return lambda text: index.scores(index.read(text))


def teach_rapidfuzz(lessons: Lessons, path: Path) -> None:
    """The likeness of the nearest example of each topic, on folded text."""
    _keep(path, ([fold(text) for text in lessons.texts], _owners(lessons)))


def load_rapidfuzz(path: Path) -> Answer:
    from rapidfuzz import fuzz, process

    texts, owners = _kept(path)

    def answer(text: str) -> Scores:
        likeness = process.cdist([fold(text)], texts, scorer=fuzz.token_set_ratio)[0] / 100
        return _best(likeness.astype(np.float32), owners)

    return answer


def teach_bm25s(lessons: Lessons, path: Path) -> None:
    """BM25 over the examples, folded words; each topic has the score of its best one."""
    import bm25s  # type: ignore[import-untyped]

    ranked = bm25s.BM25()
    ranked.index([fold(text).split() or ["?"] for text in lessons.texts], show_progress=False)
    _keep(path, (ranked, _owners(lessons)))


def load_bm25s(path: Path) -> Answer:
    ranked, owners = _kept(path)

    def answer(text: str) -> Scores:
        known = [word for word in fold(text).split() if word in ranked.vocab_dict]
        scores = ranked.get_scores(known) if known else np.zeros(len(owners))
        return _best(np.asarray(scores, np.float32), owners)

    return answer


def teach_scikit_learn(lessons: Lessons, path: Path) -> None:
    """TF-IDF of folded words, their pairs, and letters within words, with logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped]

    vectors = make_union(
        TfidfVectorizer(preprocessor=fold, ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
        TfidfVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2),
    )
    model = make_pipeline(vectors, LogisticRegression(C=30, max_iter=60, tol=1e-3))
    _keep(path, model.fit(lessons.texts, lessons.labels))


def load_scikit_learn(path: Path) -> Answer:
    model = _kept(path)

    def answer(text: str) -> Scores:
        chances: Scores = model.predict_proba([text])[0].astype(np.float32)
        return chances

    return answer


WAYS: dict[str, tuple[Callable[[Lessons, Path], None], Callable[[Path], Answer]]] = {
    "ours": (teach_ours, load_ours),
    "rapidfuzz, nearest example": (teach_rapidfuzz, load_rapidfuzz),
    "bm25s, best example": (teach_bm25s, load_bm25s),
    "scikit-learn, TF-IDF + LR": (teach_scikit_learn, load_scikit_learn),
}


def _owners(lessons: Lessons) -> NDArray[np.int64]:
    return np.array(lessons.labels, np.int64)


def _best(scores: Scores, owners: NDArray[np.int64]) -> Scores:
    """The best example of each class."""
    best = np.zeros(int(owners.max()) + 1, np.float32)
    np.maximum.at(best, owners, scores)
    return best


def _keep(path: Path, learnt: Any) -> None:
    path.write_bytes(pickle.dumps(learnt))


def _kept(path: Path) -> Any:
    return pickle.loads(path.read_bytes())
