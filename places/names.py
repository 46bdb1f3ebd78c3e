"""The index of names: what every place is and was called, ready to be compared with what people type."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from places.place import FormerName, Place
from vietnamese.letters import spelling, words

Phrase = tuple[str, ...]  # folded words

_KINDS = {
    "xa": ("xa",),
    "phuong": ("phuong",),
    "thi tran": ("thi", "tran"),
    "thi xa": ("thi", "xa"),
    "thanh pho": ("thanh", "pho"),
    "tinh": ("tinh",),
    "huyen": ("huyen",),
    "quan": ("quan",),
    "ap": ("ap",),
    "khom": ("khom",),
    "khu vuc": ("khu", "vuc"),
}
_SAMPLE_MARK = re.compile(r"\(mẫu\)")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
# One group: words that name the same number, in names of wards, communes and hamlets.
_NUMBERS = (
    "1 mot nhat nhut i", "2 hai nhi ii", "3 ba iii", "4 bon tu iv", "5 nam v", "6 sau vi", "7 bay vii",
    "8 tam viii", "9 chin ix", "10 muoi x",
)  # fmt: skip
ALIASES = {word: frozenset(group) - {word} for group in map(str.split, _NUMBERS) for word in group}


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place. `former` is None for today's."""

    place: Place
    former: FormerName | None
    kind: str  # "xa", "thi tran", …
    phrase: Phrase
    spelled: frozenset[str]  # its words with their accents
    near: frozenset[Phrase]  # district
    far: frozenset[Phrase]  # province, today's name, and for today's name the former ones


class NameIndex:
    """Names by the words in them. Reads each place once; never changes."""

    def __init__(self, places: Iterable[Place], within: Iterable[Place] = ()) -> None:
        around = frozenset(name.phrase for place in within for name in _names(place, frozenset()))
        self.names = tuple(name for place in places for name in _names(place, around))
        self.by_code: dict[str, list[Name]] = {}
        phrases: dict[Phrase, None] = {}
        for name in self.names:
            code = name.former.code if name.former else name.place.code
            self.by_code.setdefault(code, []).append(name)
            phrases |= dict.fromkeys((name.phrase, *sorted(name.near), *sorted(name.far)))
        self.by_phrase: dict[Phrase, list[Name]] = {}
        for name in self.names:
            self.by_phrase.setdefault(name.phrase, []).append(name)
        self.by_word: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for word in dict.fromkeys(phrase):
                self.by_word.setdefault(word, []).append(phrase)
        self.vocabulary = tuple(sorted(self.by_word))


def kind_and_phrase(name: str) -> tuple[str, Phrase]:
    """A unit's name as its kind and the folded words that follow: "Xã Phú Tân" is ("xa", ("phu", "tan"))."""
    folded = words(_SAMPLE_MARK.sub("", name))
    for kind, prefix in _KINDS.items():
        if len(folded) > len(prefix) and tuple(folded[: len(prefix)]) == prefix:
            rest = folded[len(prefix) :]
            if len(rest) == 1:  # "Phường VII"; "Xã Vị Tân" is no number
                rest = [_ROMAN.get(rest[0], rest[0])]
            return kind, tuple(rest)
    return "", tuple(folded)


def _names(place: Place, around: frozenset[Phrase]) -> Iterator[Name]:
    kind, phrase = kind_and_phrase(place.name)
    if not phrase:
        return
    province = around | _phrases(place.province) if place.level != "province" else around
    former = {one: kind_and_phrase(one.name) for one in place.former}
    known_as = frozenset(old for _, old in former.values()) | {phrase}
    districts = frozenset().union(*(_phrases(one.district) for one in former))
    provinces = province.union(*(_phrases(one.province) for one in former))
    yield Name(place, None, kind, phrase, _spelled(place.name), districts, provinces | known_as)
    for one, (old_kind, old) in former.items():
        if old:
            far = province | _phrases(one.province) | {phrase}
            yield Name(place, one, old_kind, old, _spelled(one.name), _phrases(one.district), far)


def _phrases(name: str) -> frozenset[Phrase]:
    phrase = kind_and_phrase(name)[1] if name else ()
    return frozenset({phrase} if phrase else ())


def _spelled(name: str) -> frozenset[str]:
    return frozenset(spelling(name).split())
