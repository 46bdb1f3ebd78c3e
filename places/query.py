"""Reading what somebody typed for a place: its words, what each may mean, and which only fill."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from places.names import ALIASES, Name, NameIndex
from vietnamese.letters import fold, spelling, without_telex

_LONGEST = 200  # characters; a place is named at the beginning of a longer text or not at all
_MOST_WORDS = 24
_LIKE = 0.7  # one slip in a word of four letters (0.75), two in seven
_LIKE_WITH_SLIPS = 0.66  # one in three
_CODE = re.compile(r"\d{5}")
_OLD_CODE = 0.95  # what the code meant before comes after what it means now
_BEGUN = 0.75  # the beginning of a word: "ninh ki"
_VNI = re.compile(r"[a-z][1-9]+[a-z]")
_GROUPS = re.compile(r"\d+|[^\W\d]+")
_JOINED = 5  # letters; "anlac" may be two words, "hoa" is one
_LONGEST_JOINED = 24

_Typed = tuple[str, str]  # folded, and with its accents where some were typed

# Kinds of units and their abbreviations.
_KINDS = {
    "xa": "xa",
    "x": "xa",
    "phuong": "phuong",
    "p": "phuong",
    "tt": "thi tran",
    "ap": "ap",
    "khom": "khom",
}
_PAIRS = {("thi", "tran"): "tt", ("thi", "xa"): "tx", ("thanh", "pho"): "tp", ("khu", "vuc"): "kv"}
_HAMLETS = frozenset({"ap", "khom", "kv"})
_UPPER = frozenset("xa x phuong p tt tx tp huyen h quan tinh".split())
_PROVINCES = {"st": ["soc", "trang"], "hg": ["hau", "giang"], "ct": ["can", "tho"]}
_FILLERS = frozenset(  # words around a name; where a name has one in it, it counts as part of the name
    "xa x phuong p tt tx tp kv huyen h quan q tinh t ap khom cu truoc day kia hoi xua nay la o tai nha toi tui "
    "minh em con anh chi co chu bac thuoc ve ben do a oi da thua nha nhe nhen nghen ne ngay gio moi nhap que dia "
    "ban ten goi duoc va voi hay hoac cua ma thi roi mau".split()
)


@dataclass(frozen=True, slots=True)
class Scored:
    """How well a name fits, and how many of the typed words it accounts for."""

    score: float
    words: int
    name: Name


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed. Bit i of `fillers` and item i of the sequences are about word i."""

    words: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()  # with accents, "" where none were typed
    likely: tuple[Mapping[str, float], ...] = ()  # words of names that it may mean, with their likeness
    stands: Mapping[str, int] = field(default_factory=dict)  # word of a name -> where it may stand, as bits
    fillers: int = 0
    kinds: tuple[tuple[int, str], ...] = ()
    wants_former: bool = False  # "xã Phú Tân cũ"
    code: tuple[Scored, ...] = ()  # the names that carry the code, where one was typed


def read(index: NameIndex, text: str, *, hamlets: bool, slips: bool) -> Query:
    """A text as a query; with `slips` known words may be slips of other known words, too."""
    typed = spelling(text[:_LONGEST]).split()
    codes = [word for word in typed if _CODE.fullmatch(word) and word in index.by_code]
    if len(codes) == 1 and not hamlets:
        carriers = index.by_code[codes[0]]
        return Query(code=tuple(Scored(1.0 if name.former is None else _OLD_CODE, 1, name) for name in carriers))
    if any(_VNI.search(fold(word)) for word in typed):  # VNI struck, no accents made: its digits are none
        typed = [re.sub(r"(?<=[a-z])\d", "", fold(word)) for word in typed]
    found = _paired([part for word in typed for part in _parts(index, word)])
    found = (found if hamlets else _without_hamlet(found))[:_MOST_WORDS]
    words = tuple(word for word, _ in found)
    likely = tuple(_likely(index, word, slips) for word in words)
    stands: dict[str, int] = {}
    for at, meant in enumerate(likely):
        for word in meant:
            stands[word] = stands.get(word, 0) | 1 << at
    return Query(
        words=words,
        spelled=tuple(accented for _, accented in found),
        likely=likely,
        stands=stands,
        fillers=sum(1 << at for at, word in enumerate(words) if word in _FILLERS),
        kinds=tuple((at, _KINDS[word]) for at, word in enumerate(words) if word in _KINDS),
        wants_former="cu" in words[1:] and ("cu", "lao") not in pairwise(words),
    )


def _parts(index: NameIndex, typed: str) -> list[_Typed]:
    """One typed word as the words it holds: "p1" and "anthanh" are two, "thuaanj" is Telex for one."""
    groups = [group for word in fold(typed).split() for group in _GROUPS.findall(word)]
    parts = [part for group in groups for part in _unjoined(index, group)]
    return [(part, typed if len(parts) == 1 and not typed.isascii() else "") for part in parts]


def _unjoined(index: NameIndex, word: str) -> list[str]:
    if word in index.by_word or word in _FILLERS or word.isdigit():
        return [word]
    if word in _PROVINCES:
        return _PROVINCES[word]
    if (meant := without_telex(word)) in index.by_word:
        return [meant]
    return (_split(index, word) if _JOINED <= len(word) <= _LONGEST_JOINED else None) or [word]


def _split(index: NameIndex, joined: str) -> list[str] | None:
    """A run of letters as known words, as few as possible; None where it is none."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(joined) + 1):
        ways = [
            [*before, joined[start:end]]
            for start, before in enumerate(best)
            if before is not None and end - start > 1 and joined[start:end] in index.by_word
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]


def _paired(found: Sequence[_Typed]) -> list[_Typed]:
    """Kinds of two words as one: "thị trấn" is "tt"."""
    paired: list[_Typed] = []
    for word, accented in found:
        kind = _PAIRS.get((paired[-1][0], word)) if paired else None
        if kind:
            paired[-1] = (kind, "")
        else:
            paired.append((word, accented))
    return paired


def _without_hamlet(found: list[_Typed]) -> list[_Typed]:
    """Without "ấp …" before the commune: up to the next kind of unit, or the number of the hamlet."""
    words = [word for word, _ in found]
    at = next((at for at, word in enumerate(words) if word in _HAMLETS), None)
    if at is None:
        return found
    upper = next((to for to in range(at + 1, len(words)) if words[to] in _UPPER), None)
    if upper is None:
        numbered = words[at + 1 : at + 2] and words[at + 1].isdigit()
        upper = at + 2 if numbered else at + 1
    return found[:at] + found[upper:]


def _likely(index: NameIndex, word: str, slips: bool) -> dict[str, float]:
    """The words of names that a typed word may mean."""
    same = {word, *ALIASES.get(word, ())}
    if word[-1] in "iy":  # Mỹ and Mĩ
        same.add(word[:-1] + ("y" if word[-1] == "i" else "i"))
    likely = dict.fromkeys((one for one in same if one in index.by_word), 1.0)
    if (likely and not slips) or len(word) < 2 or word.isdigit() or word in _FILLERS:
        return likely
    from rapidfuzz import process  # 3 MB: most name their place without a slip
    from rapidfuzz.distance import OSA

    least = _LIKE_WITH_SLIPS if slips else _LIKE
    for other, likeness, _ in process.extract(
        word, index.vocabulary, scorer=OSA.normalized_similarity, processor=None, score_cutoff=least, limit=8
    ):
        likely.setdefault(other, likeness)
    for other in index.vocabulary:
        if other.startswith(word):
            likely.setdefault(other, _BEGUN)
    return likely
