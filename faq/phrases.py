"""Phrases as an editor writes them, found in messages as people type them. Pure; the notation is explained here once.

    {name}  any of the words or phrases listed under that name
    a/b     either word;  [a b|c]  either of several words
    ~ … ·   up to twelve, four, or two other words between
    ^  $    the beginning, or the end, of the message
    !word   only with these accents: typed without, it says something else ("tu tu": từ từ)

A word is read as it is written or without any of its accents; with other accents it is another word.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from faq.search.normal import Word, bounded, words
from vietnamese.folding import fold, spelling

Names = Mapping[str, Sequence[str]]

_SIGNS = {"~": r"(?:\S+ ){0,12}", "…": r"(?:\S+ ){0,4}", "·": r"(?:\S+ ){0,2}", "$": "$"}
_ONLY_AS_SPELLED = "!"
_TOKEN = re.compile(r"\[[^]]*\]|\S+")


def readings(text: str) -> tuple[str, str]:
    """The two ways to read a message: as it was meant, and as it was typed, for other languages and what is no slip.

    Each word stands as "folded/spelled ", so that a pattern can take it with its accents or without any.
    """
    return _line(words(bounded(text))), _line(_as_spelled(bounded(text)))


def any_of(phrases: Sequence[str], names: Names) -> re.Pattern[str]:
    """What finds any of the phrases in a reading."""
    inside = [_pattern(phrase, names) for phrase in phrases if not phrase.startswith("^")]
    first = [_pattern(phrase[1:], names) for phrase in phrases if phrase.startswith("^")]
    ways = [rf"(?<={before} )(?:{'|'.join(each)})" for before, each in (("", inside), ("^", first)) if each]
    return re.compile("|".join(ways) or r"(?!)")


def without(said: str, pattern: re.Pattern[str]) -> str:
    """A reading with what the pattern finds taken out; words on both sides do not become neighbours."""
    return pattern.sub("_/ ", said)


def _line(said: Iterable[Word]) -> str:
    return " " + "".join(f"{word.folded}/{word.spelled} " for word in said)


def _pattern(phrase: str, names: Names) -> str:
    return "".join(_part(token, names) for token in _TOKEN.findall(phrase))


def _part(token: str, names: Names) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    if token.startswith("["):
        return f"(?:{'|'.join(_pattern(each, names) for each in token.strip('[]').split('|'))})"
    if "/" in token:
        return f"(?:{'|'.join(_part(each, names) for each in token.split('/'))})"
    if token.startswith("{"):
        return f"(?:{'|'.join(_pattern(each, names) for each in names[token.strip('{}')])})"
    only = token.startswith(_ONLY_AS_SPELLED)
    spelled = _as_spelled(token.removeprefix(_ONLY_AS_SPELLED))  # several in a script without spaces
    return "".join(_word(word, only=only) for word in spelled)


def _word(word: Word, *, only: bool) -> str:
    maybe = "" if only else "?"
    return f"{re.escape(word.folded)}/(?:{re.escape(word.spelled)}){maybe} "


def _as_spelled(text: str) -> list[Word]:
    folded = [(fold(token).replace(" ", ""), token) for token in spelling(text).split()]
    return [Word(plain, "" if token == plain else token) for plain, token in folded]
