"""Danger to life, told before anything else is looked for. Pure; the phrases are in `danger.toml`.

Rather a call too many than one missed, but not at the daily words that only sound like it ("máy chết", "đánh giá").
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from faq.phrases import any_of, readings, without
from faq.search.normal import bounded, sentences

Kind = Literal[
    "electric",
    "bite",
    "trafficked",
    "child",
    "missing",
    "held",
    "violence",
    "self",
    "poison",
    "fire",
    "birth",
    "water",
    "accident",
    "disaster",
    "life",
    "help",
    "scam",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_SHORT = 80  # characters; a longer message may be told by somebody who was watching a film when it happened
_STORY = 300  # characters; in a longer message what calms has to stand in the same sentence

_FEWEST = 4  # words that say enough to be like anything
_LIKE, _UNLIKE = 0.2, -0.4  # by how much danger must outweigh none; from messages that were not learnt from

Judge = Callable[[str], tuple[Kind, float]]  # the likeliest kind, and how much more speaks for danger than for none
Patterns = Mapping[Kind, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class _Phrases:
    harmless: re.Pattern[str]
    unreal: re.Pattern[str]
    calm: re.Pattern[str]
    now: Patterns
    told: Patterns
    letters: Mapping[Kind, Sequence[str]]


def danger(text: str, judge: Judge | None = None) -> Kind | None:
    """What kind of danger a message speaks of; None where it speaks of none.

    1. what a phrase says, unless a short message is unlike any that spoke of danger
    2. what is very like those, though no phrase says it
    """
    text = bounded(text)
    said = _by_phrases(text)
    if judge is None or any(map(_written_together, text)):
        return said
    likely, score = judge(text)
    if said is not None:
        return None if len(text) <= _SHORT and score < _UNLIKE else said
    return likely if score >= _LIKE and len(text.split()) >= _FEWEST else None


def _by_phrases(text: str) -> Kind | None:
    """The kinds are tried in their order; of each what is danger whatever else is said, and what is danger unless
    papers or bygones are spoken of."""
    phrases = _phrases()
    if len(text) <= _SHORT and _has(phrases.unreal, text):
        return None
    plain = unicodedata.normalize("NFC", text).replace("\u200b", "")
    whole, parts = _left(phrases, text), [_left(phrases, part) for part in _parts(text) if not _has(phrases.calm, part)]
    for kind in KINDS:
        now, told = phrases.now.get(kind), phrases.told.get(kind)
        if (
            any(each in plain for each in phrases.letters.get(kind, ()))
            or (now and any(map(now.search, whole)))
            or (told and any(told.search(said) for part in parts for said in part))
        ):
            return kind
    return None


def _written_together(letter: str) -> bool:
    """Whether it is of the script without spaces in which we know only what stands under `letters`."""
    return "\u1780" <= letter <= "\u17ff"


def _left(phrases: _Phrases, text: str) -> list[str]:
    """Both readings of a text, without what is harmless."""
    return [without(said, phrases.harmless) for said in readings(text)]


def _has(pattern: re.Pattern[str], text: str) -> bool:
    return any(pattern.search(said) for said in readings(text))


def _parts(text: str) -> list[str]:
    return [text] if len(text) <= _STORY else sentences(text)


@cache
def _phrases() -> _Phrases:
    read = tomllib.loads(Path(__file__).with_name("danger.toml").read_text(encoding="utf-8"))
    names: Mapping[str, Sequence[str]] = read["names"]

    def patterns(part: str) -> Patterns:
        return {kind: any_of(read[part][kind], names) for kind in KINDS if kind in read[part]}

    return _Phrases(
        harmless=any_of(read["harmless"], names),
        unreal=any_of(read["unreal"], names),
        calm=any_of(read["calm"], names),
        now=patterns("now"),
        told=patterns("told"),
        letters=read["letters"],
    )
