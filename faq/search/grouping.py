"""Questions that say the same, put together, so that an editor reads each once. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from faq.search.normal import bounded, words

_ALIKE = 0.4  # cosine at which two questions are one
_PIECE = 3  # letters of the pieces that slips leave whole


def groups(texts: Sequence[str]) -> list[list[int]]:
    """The positions of texts that are alike, the largest group first; within one the most typical first."""
    features = [_features(text) for text in texts]
    seen = Counter(name for each in features for name in each)
    vectors = [_weighted(each, seen, len(texts)) for each in features]
    leaders: list[list[int]] = []
    by_feature: dict[str, list[tuple[int, float]]] = {}
    for position in sorted(range(len(texts)), key=lambda at: -len(features[at])):
        scores: Counter[int] = Counter()
        for name, weight in vectors[position].items():
            for leader, its in by_feature.get(name, ()):
                scores[leader] += weight * its  # type: ignore[assignment]
        best = max(scores, key=lambda leader: scores[leader], default=-1)
        if best >= 0 and scores[best] >= _ALIKE:
            leaders[best].append(position)
            continue
        for name, weight in vectors[position].items():
            by_feature.setdefault(name, []).append((len(leaders), weight))
        leaders.append([position])
    return sorted(leaders, key=lambda group: (-len(group), group[0]))


def _features(text: str) -> set[str]:
    """Words without accents, their pairs, and their pieces."""
    said = [word.folded for word in words(bounded(text)) if word.folded]
    pairs = {f"{one} {other}" for one, other in pairwise(said)}
    line = f" {' '.join(said)} "
    return {*said, *pairs, *(f"~{line[at : at + _PIECE]}" for at in range(len(line) - _PIECE + 1))}


def _weighted(features: set[str], seen: Counter[str], of: int) -> dict[str, float]:
    """Rare features weigh more; the length is 1."""
    weights = {name: math.log(1 + of / seen[name]) for name in features}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {name: weight / length for name, weight in weights.items()}
