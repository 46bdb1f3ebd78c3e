"""Vietnamese as people type it: one way of comparing texts for places, answers and the FAQ.

Two texts that a reader would take for the same fold to the same letters, whatever the keyboard made of them:
with or without accents, composed or decomposed, old or new placement of the tone.
"""

import json
import math
import re
import unicodedata
from typing import Any

_SPACES = frozenset("\t\n\v\f\r")
_D = frozenset("đĐðÐɖƉ")  # Icelandic and African look-alikes come from broken fonts and converters
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_REMEMBERED = 4096  # characters kept in the table; more would only serve a flood of strange text

# Everything that never belongs in a stored text: C0 and C1 controls but tab and line feed, lone surrogates.
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(  # the same and what takes no room on the screen; not white space
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)
_WORD = re.compile(r"\w+")
_DOUBLED = re.compile(r"(a)a|(e)e|(o)o|(d)d")
_BETWEEN_LETTERS = re.compile(r"[a-z][1-9]+[a-z]")


def fold(text: str) -> str:
    """The text in small letters without accents or punctuation, words parted by one space."""
    folded = text.translate(_TABLE)
    if not folded.isascii():  # Khmer and others keep their marks, in one order
        folded = unicodedata.normalize("NFKD", folded)
    return " ".join(folded.split())


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def spelling(text: str) -> str:
    """The text in small letters with its accents, the same for old and new tone placement (hoà, hòa)."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return " ".join(_tone_last(word) for word in _WORD.findall(unicodedata.normalize("NFC", visible)))


def without_tone(text: str) -> str:
    """The text without its tones but with its letters: "đồng ý" gives "đông y"."""
    letters = unicodedata.normalize("NFD", text.replace("ð", "đ"))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))


def without_telex(word: str) -> str:
    """A folded word as it was meant, where Telex or VNI keys were struck but not turned into accents.

    "thuaanj" and "thua6n5" give "thuan". Only for words that are not known as they stand.
    """
    if _BETWEEN_LETTERS.search(word):
        word = re.sub(r"[1-9]", "", word)
    word = re.sub(r"[fjwz]", "", word)  # not Vietnamese letters
    word = re.sub(r"(?<=.)[sxr]$", "", word)  # no Vietnamese word ends in them
    return _DOUBLED.sub(r"\1\2\3\4", word)


def clean_text(text: str) -> str:
    """The text fit to be stored: no NUL, lone surrogate or control character but tab and line feed; NFC."""
    if not text.isprintable():
        text = _UNCLEAN.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean(value: Any) -> Any:
    """A JSON value with every text in it, keys included, fit to be stored; NaN and infinities, no JSON, become null."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean_text(key) if isinstance(key, str) else key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def clean_json(value: Any) -> str:
    """A value as JSON, with every text in it fit to be stored. Raises `RecursionError` for one nested beyond reason."""
    text = _as_json(value)
    return text if _is_clean_json(text) else _as_json(clean(value))


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_clean_json(text: str) -> bool:
    """Whether there is nothing to clean, told from the whole at once; what is escaped, or no number, may need it."""
    plain = "\\" not in text and "NaN" not in text and "Infinity" not in text
    return plain and text.isprintable() and unicodedata.is_normalized("NFC", text)


def _tone_last(word: str) -> str:
    if word.isascii():
        return word
    tones = "".join(letter for letter in unicodedata.normalize("NFD", word) if letter in _TONES)
    return without_tone(word) + tones


def _folded(character: str) -> str:
    """What one character becomes; context-free, so that a table can hold it."""
    if character in _SPACES:
        return " "
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(map(_kept, decomposed))


def _kept(character: str) -> str:
    if character in _D:
        return "d"
    category = unicodedata.category(character)
    if category[0] in "LN":
        return character
    if category[0] == "C":
        return ""
    if category[0] == "M":  # the vowels of Khmer are marks too: only accents and selectors go
        return "" if _is_accent(ord(character)) else character
    return " "


def _is_accent(code: int) -> bool:
    return (
        0x300 <= code <= 0x36F
        or 0x1AB0 <= code <= 0x1AFF
        or 0x1DC0 <= code <= 0x1DFF
        or 0x20D0 <= code <= 0x20FF
        or 0xFE00 <= code <= 0xFE2F
        or 0xE0100 <= code <= 0xE01EF
    )


class _Table(dict[int, str]):
    """Code point to folded text, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_TABLE = _Table((code, _folded(chr(code))) for code in range(0x250))
