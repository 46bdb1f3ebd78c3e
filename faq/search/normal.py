"""A message as the search reads it: words as they were meant, with and without accents."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faq.search.syllables import as_meant
from vietnamese.folding import clean_text, fold, spelling

LONGEST = 4000  # characters; a longer message is read at its beginning and its end
_BEGINNING = 1500
_LONGEST_WORD = 12  # letters and stray keys of a syllable; "nghieengf" has nine
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?…\n]+\s+|\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was meant: `folded` without accents; `spelled` with them, "" where it carries none."""

    folded: str
    spelled: str = ""


def bounded(text: str) -> str:
    """The text fit to be read: clean, and not longer than anybody types in earnest."""
    if len(text) > LONGEST:
        text = f"{text[:_BEGINNING]}\n{text[_BEGINNING - LONGEST :]}"
    return clean_text(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def words(text: str) -> list[Word]:
    """The words of a text as they were meant: stray Telex keys, teencode and dialect words put right."""
    typed = [_repaired(word) for word in unicodedata.normalize("NFKC", text).lower().split()]
    spelled = spelling(" ".join(typed)).split()
    return [_word(one) for one in _reworded(spelled)]


def _repaired(word: str) -> str:
    return " ".join((len(part) <= _LONGEST_WORD and as_meant(part)) or part for part in _WORD.findall(word))


def _word(spelled: str) -> Word:
    folded = fold(spelled).replace(" ", "")
    return Word(folded, "" if spelled == folded else spelled)


def _reworded(spelled: list[str]) -> list[str]:
    table, longest = _table()
    found: list[str] = []
    at = 0
    while at < len(spelled):
        for length in range(min(longest, len(spelled) - at), 0, -1):
            meant = table.get(" ".join(spelled[at : at + length]))
            if meant is not None:
                found += meant
                at += length
                break
        else:
            found.append(spelled[at])
            at += 1
    return found


@cache
def _table() -> tuple[dict[str, list[str]], int]:
    """What is typed to what is meant, and the most words on the left."""
    read = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    table = {spelling(typed): spelling(meant).split() for part in read.values() for typed, meant in part.items()}
    return table, max(len(typed.split()) for typed in table)
