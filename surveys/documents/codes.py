"""The code of a paper: random, so that nobody finds a paper by counting, and typed without mistakes."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
LENGTH = 20  # 99 random bits
_GROUP = 5


def new_code() -> str:
    """A code that no paper has."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))


def in_groups(code: str) -> str:
    """As it is printed: `abcde fghjk mnpqr stuvw`."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def as_typed(text: str) -> str:
    """The code that somebody meant: in capitals, in groups, with strokes between them. Empty where it cannot be one."""
    code = "".join(letter for letter in text.lower() if letter not in " -\t\u00a0")
    return code if len(code) == LENGTH and set(code) <= set(_LETTERS) else ""
