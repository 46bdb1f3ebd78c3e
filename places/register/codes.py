"""Household codes: bearer tokens on cards, of which only HMACs are stored.

A card carries one secret in two forms, made together: 26 letters in its QR (128.8 random bits), and 12 letters for
typing, of which 11 are random (54.5 bits) and the last is a check, so that a slip of the finger is told apart from
a wrong code. At ten wrong guesses an hour and address, among a million households, a guesser at one address would
try for 270,000 years.
"""

import hmac
import re
import secrets
from dataclasses import dataclass

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # 31, none that look alike; a prime, so that the check catches slips
LONG, SHORT = 26, 12
PREFIX = "HO"  # hộ: tells a short code from a word
_LINK = re.compile(rf"\s*(?:\S*/h/|h_)?([a-z2-9]{{{LONG}}})\s*", re.IGNORECASE)
_SHORT = re.compile(r"\s*HO[- ]?(\w{4})[- ]?(\w{4})[- ]?(\w{4})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Code:
    """What is printed once and then known to the card only."""

    long: str  # lower case, for links
    letters: str  # of the short code, without its dashes

    @property
    def short(self) -> str:
        """As it is printed: HO-ABCD-EFGH-JKMN."""
        groups = (self.letters[at : at + 4] for at in range(0, SHORT, 4))
        return "-".join((PREFIX, *groups))


def new_code() -> Code:
    letters = "".join(secrets.choice(LETTERS) for _ in range(SHORT - 1))
    return Code("".join(secrets.choice(LETTERS) for _ in range(LONG)).lower(), letters + _check(letters))


def read_long(text: str) -> str | None:
    """The code in a link, a start payload `h_…`, or by itself; None where there is none."""
    found = _LINK.fullmatch(text)
    return found.group(1).lower() if found else None


def read_short(text: str) -> str | None:
    """The 12 letters of a typed short code, small or without dashes too; None for anything else.

    Without a dash or a digit only a sound code counts: "ho tren cung nhau" is an answer.
    """
    found = _SHORT.fullmatch(text)
    if found is None:
        return None
    letters = "".join(found.groups()).upper()
    marked = "-" in text or any(letter.isdigit() for letter in letters)
    return letters if marked or is_sound(letters) else None


def is_sound(letters: str) -> bool:
    """Whether the check letter fits: no letter is wrong, no two have changed places."""
    return all(letter in LETTERS for letter in letters) and letters[-1] == _check(letters[:-1])


def _check(letters: str) -> str:
    total = sum(weight * LETTERS.index(letter) for weight, letter in enumerate(letters, 1))
    return LETTERS[total % len(LETTERS)]


def long_digest(key: bytes, long: str) -> str:
    return hmac.digest(key, f"household code {long}".encode(), "sha256").hex()


def short_digest(key: bytes, letters: str) -> str:
    return hmac.digest(key, f"household short code {letters}".encode(), "sha256").hex()
