"""Danger to life, told before anything else is looked for. Pure; the phrases are in `danger.toml`.

Rather a call too many than one missed, but not at the daily words that only sound like it ("máy chết", "đánh giá").
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from faq.search.normal import Word, bounded, words
from vietnamese.folding import fold, spelling

Kind = Literal["violence", "life", "fire", "water", "held", "child", "self"]
_SIGNS = {"…": r"(?:\S+ ){0,4}", "·": r"(?:\S+ ){0,2}", "$": "$"}  # other words between; the end
_ONLY_AS_SPELLED = "!"  # without its accents the word says something else


def danger(text: str) -> Kind | None:
    """What kind of danger a message speaks of; None where it speaks of none."""
    text = bounded(text)
    harmless, kinds = _patterns()
    for said in (_line(words(text)), _line(_as_spelled(text))):  # the latter for other languages, and what is no slip
        left = harmless.sub(" ", said)
        for kind, pattern in kinds:
            if pattern.search(left):
                return kind
    return None


def _line(said: Iterable[Word]) -> str:
    """Each word as "folded/spelled ", so that a pattern can take it with its accents or without any."""
    return " " + "".join(f"{word.folded}/{word.spelled} " for word in said)


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[Kind, re.Pattern[str]], ...]]:
    read = tomllib.loads(Path(__file__).with_name("danger.toml").read_text(encoding="utf-8"))
    names: Mapping[str, Sequence[str]] = read["names"]
    kinds = tuple((kind, _any_of(phrases, names)) for kind, phrases in read["kinds"].items())
    return _any_of(read["harmless"], names), kinds


def _any_of(phrases: Sequence[str], names: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(_pattern(phrase, names) for phrase in phrases)})")


def _pattern(phrase: str, names: Mapping[str, Sequence[str]]) -> str:
    return "".join(_part(token, names) for token in phrase.split())


def _part(token: str, names: Mapping[str, Sequence[str]]) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    if "/" in token:
        return f"(?:{'|'.join(_part(each, names) for each in token.split('/'))})"
    if token.startswith("{"):
        return f"(?:{'|'.join(_pattern(each, names) for each in names[token.strip('{}')])})"
    maybe = "" if token.startswith(_ONLY_AS_SPELLED) else "?"
    spelled = _as_spelled(token.removeprefix(_ONLY_AS_SPELLED))  # several in a script without spaces
    return "".join(f"{re.escape(word.folded)}/(?:{re.escape(word.spelled)}){maybe} " for word in spelled)


def _as_spelled(text: str) -> list[Word]:
    folded = [(fold(token).replace(" ", ""), token) for token in spelling(text).split()]
    return [Word(plain, "" if token == plain else token) for plain, token in folded]
