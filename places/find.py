"""Finding places as people type them: no accents, old names, parts of names, any order, small slips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from places.names import Name, NameIndex, Phrase
from places.place import FormerName, Place
from places.query import Query, Scored, read
from places.units import Territory

_LEAST = 0.5  # below it a likeness is chance: half of a name, or a name among as many other words
_BEHIND = 0.3  # further behind the best match is noise
# What sets equally good names apart; each is small beside a word that does not match.
_FORMER = 0.05  # today's names first
_OTHER_KIND = 0.08  # "thị trấn" was said and it is a xã; more than _FORMER: the former thị trấn comes first
_OTHER_ACCENTS = 0.06  # "Vĩnh Thành" was said and it is Vĩnh Thạnh
_IN_PART = 0.01  # only a part of the former unit came here
_BY_PROVINCE = 0.01  # a word fits the province only, where with another place it fits the district
_OUT_OF_ORDER = 0.75  # factor: "Hòa Thuận" for Thuận Hòa
_TIE = 0.02
_MOST_WORDS_WITH_SLIPS = 8  # more is a story, in which something is like a place for certain


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits, how well (0 to 1), and the former names that made it fit."""

    place: Place
    score: float
    was: tuple[FormerName, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    """How much of a phrase was typed, and where: bit i is word i of the query."""

    cover: float
    where: int
    full: int  # all places where it stands in full; 0: nowhere


def find(territory: Territory, text: str, limit: int = 5) -> list[Match]:
    """The provinces and communes that a text most likely means, best first; [] where it names none.

    Places that fit equally well are all given: ask the person which one.
    """
    return _find(territory.names, text, limit, hamlets=False)


def find_within(territory: Territory, parent_id: int, text: str, limit: int = 5) -> list[Match]:
    """The same among the units directly below one, such as the hamlets of a commune; "2" finds Ấp 2."""
    index = NameIndex(territory.children(parent_id), within=territory.path(parent_id))
    return _find(index, text, limit, hamlets=True)


def places_json(matches: Iterable[Match]) -> dict[str, Any]:
    """Matches as `places find --json` prints them."""
    return {
        "places": [
            {
                "code": match.place.code,
                "name": match.place.name,
                "level": match.place.level,
                "province": match.place.province,
                "was": [str(name) for name in match.was],
                "score": match.score,
            }
            for match in matches
        ]
    }


def _find(index: NameIndex, text: str, limit: int, *, hamlets: bool) -> list[Match]:
    for slips in (False, True):  # a word that is known as it stands is taken as meant, unless nothing fits
        query = read(index, text, hamlets=hamlets, slips=slips)
        if query.code:
            return _matches(query.code, limit)
        matches = _matches(_scored(index, query, hamlets), limit)
        if matches or len(query.words) > _MOST_WORDS_WITH_SLIPS:
            return matches
    return []


def _scored(index: NameIndex, query: Query, hamlets: bool) -> list[Scored]:
    candidates = dict.fromkeys(phrase for likely in query.likely for word in likely for phrase in index.by_word[word])
    fits = {phrase: _fit(phrase, query) for phrase in candidates}
    full = {phrase: fit.full for phrase, fit in fits.items() if fit.full}
    return [
        scored
        for phrase, fit in fits.items()
        if _says_something(phrase, fit, query, hamlets)
        for name in index.by_phrase.get(phrase, ())
        if (scored := _score(name, fit, full, query)).score >= _LEAST
    ]


def _fit(phrase: Phrase, query: Query) -> _Fit:
    """The longest run of a phrase's words in the query, or all of them side by side in another order.

    Words that are all slips are no fit.
    """
    size = len(phrase)
    stands = [query.stands.get(word, 0) for word in phrase]
    if size > 1 and all(stands) and not _runs(stands) and (bits := _shuffled(phrase, query)):
        return _Fit(_OUT_OF_ORDER, bits, 0)
    for length in range(size, 0, -1):
        cover, where = 0.0, 0
        for first in range(size - length + 1):
            starts = _runs(stands[first : first + length])
            while starts:
                at = (starts & -starts).bit_length() - 1
                starts &= starts - 1
                run = [query.likely[at + offset][phrase[first + offset]] for offset in range(length)]
                bits = ((1 << length) - 1) << at
                if max(run) < 1:
                    continue
                if length == size:
                    where |= bits
                    cover = max(cover, sum(run))
                elif sum(run) > cover:
                    cover, where = sum(run), bits
        if where:
            return _Fit(cover / size, where, where if length == size else 0)
    return _Fit(0.0, 0, 0)


def _runs(stands: Sequence[int]) -> int:
    """Bit i: the words, each given by where it stands, follow each other from word i on."""
    starts = stands[0]
    for offset, stand in enumerate(stands[1:], 1):
        starts &= stand >> offset
    return starts


def _shuffled(phrase: Phrase, query: Query) -> int:
    """Where a phrase's words stand side by side in another order, without slips; 0: nowhere."""
    bits = 0
    for word in phrase:
        at = next((at for at, words in enumerate(query.likely) if words.get(word) == 1 and not bits >> at & 1), None)
        if at is None:
            return 0
        bits |= 1 << at
    return bits if bits.bit_length() - (bits & -bits).bit_length() == len(phrase) - 1 else 0


def _says_something(phrase: Phrase, fit: _Fit, query: Query, hamlets: bool) -> bool:
    """Whether a fit is more than a filler word, a bare number or one short word out of a longer name."""
    if all(word.isdigit() for word in phrase):
        return hamlets or bool(query.kinds)
    if fit.full:
        return True
    telling = fit.where & ~query.fillers
    return bool(telling) and (telling.bit_count() > 1 or len(query.words[telling.bit_length() - 1]) > 3)


def _score(name: Name, fit: _Fit, full: dict[Phrase, int], query: Query) -> Scored:
    near = far = 0
    for phrase in name.near:
        near |= full.get(phrase, 0)
    for phrase in name.far:
        far |= full.get(phrase, 0)
    telling = ((1 << len(query.words)) - 1) & ~query.fillers | fit.where
    explained = fit.where | near | far
    score = fit.cover * (1 - (telling & ~explained).bit_count() / telling.bit_count())
    if telling & far & ~(fit.where | near):
        score -= _BY_PROVINCE
    if any(kind != name.kind for at, kind in query.kinds if not fit.where >> at & 1):
        score -= _OTHER_KIND
    if any(
        accented and word in name.phrase and accented not in name.spelled
        for at, (word, accented) in enumerate(zip(query.words, query.spelled, strict=True))
        if fit.where >> at & 1
    ):
        score -= _OTHER_ACCENTS
    if name.former is not None and not name.former.whole:
        score -= _IN_PART
    if (name.former is None) == query.wants_former:
        score -= _FORMER
    return Scored(score, explained.bit_count(), name)


def _matches(scored: Iterable[Scored], limit: int) -> list[Match]:
    """One match per place, the best `limit` of those not far behind the first."""
    by_place: dict[int, list[Scored]] = {}
    for one in scored:
        by_place.setdefault(one.name.place.id, []).append(one)
    ranked = sorted(by_place.values(), key=_rank)[:limit]
    matches = [_match(found) for found in ranked]
    return [match for match in matches if match.score >= matches[0].score - _BEHIND]


def _match(found: Sequence[Scored]) -> Match:
    best = max(one.score for one in found)
    close = (one.name.former for one in found if one.score + _FORMER + _TIE >= best)
    was = tuple(former for former in close if former is not None)
    return Match(found[0].name.place, round(max(best, 0.0), 3), was)


def _rank(found: Iterable[Scored]) -> tuple[float, int, bool, bool, str, int]:
    return min(map(_order, found))


def _order(one: Scored) -> tuple[float, int, bool, bool, str, int]:
    """Best first; then what accounts for more words, today's names, and where the old code went on."""
    place, former = one.name.place, one.name.former
    moved = former is not None and former.code != place.code
    return -round(one.score, 3), -one.words, former is not None, moved, place.code, place.id
