"""Whole numbers as people type them: digits, words, or a mixture of both.

Where a reader would have to guess, the answer is None and the question is asked again: "bảy mươi năm" may be
75 or seventy years, "hai ba" may be 23 or "two or three".
"""

import re
import unicodedata

from vietnamese.letters import words

_LONGEST = 60  # characters; longer texts are stories, not numbers
_MOST_DIGITS = 12
_DIGITS = dict(zip("khong mot hai ba bon nam sau bay tam chin".split(), range(10), strict=True))
_KHMER_DIGITS = {0x17E0 + digit: str(digit) for digit in range(10)}
_DIGITS |= {"tu": 4, "lam": 5, "nham": 5}
_SCALES = (("ty", 10**9), ("trieu", 10**6), ("nghin", 1000))
_SAME = {"ti": "ty", "ngan": "nghin", "linh": "le", "chuc": "muoi"}
_AFTER_DIGITS = {"k": "nghin", "tr": "trieu"}  # 200k, 2tr
_LEADING = frozenset("da thua vang khoang chung do la duoc toi tui minh con em so".split())
_LEADING_BEFORE_DIGITS = frozenset({"co", "tam"})  # "có 5 người", "tầm 70"; alone they may be a number word
_UNITS = frozenset("tuoi t nguoi con ho cai lan thang ngay dong d vnd khau a nha nhe ne em oi thoi".split())
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[.,]\d{3})+)(?![\d.,]*\d)")
_FRACTION = re.compile(r"\d[.,]\d")
_NEGATIVE = re.compile(r"^\s*(?:-\s?(?=\d)|âm\s)")
_GROUPS = re.compile(r"\d+|[^\W\d]+")


def number_in_words(text: str) -> int | None:
    """The whole number that a short text says, or None where it says none or could say several."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).lower().translate(_KHMER_DIGITS)
    negative = _NEGATIVE.search(plain)
    plain = _THOUSANDS.sub(lambda found: re.sub(r"[.,]", "", found.group()), _NEGATIVE.sub("", plain))
    if _FRACTION.search(plain) or "-" in plain or "/" in plain:
        return None
    value = _value(_stripped(_tokens(plain)))
    return -value if value and negative else value


def _tokens(plain: str) -> list[str]:
    """Words and groups of digits, in one form each: "70t" is two, "1 200" is one."""
    tokens: list[str] = []
    for token in (part for word in words(plain) for part in _GROUPS.findall(word)):
        after_digits = bool(tokens) and tokens[-1].isdigit()
        if after_digits and len(token) == 3 and token.isdigit():
            tokens[-1] += token
        else:
            tokens.append(_AFTER_DIGITS.get(token, token) if after_digits else _SAME.get(token, token))
    return tokens


def _stripped(tokens: list[str]) -> list[str]:
    """Without what goes politely around a number."""
    if tokens[:2] == ["nam", "nay"]:  # "năm nay 70 tuổi"
        tokens = tokens[2:]
    while len(tokens) > 1 and (tokens[0] in _LEADING or (tokens[0] in _LEADING_BEFORE_DIGITS and tokens[1].isdigit())):
        tokens = tokens[1:]
    while len(tokens) > 1 and (tokens[-1] in _UNITS or (tokens[-1] == "nam" and tokens[-2].isdigit())):
        tokens = tokens[:-1]
    return tokens


def _value(tokens: list[str]) -> int | None:
    if len(tokens) == 1 and tokens[0].isdecimal() and tokens[0].isascii():
        return int(tokens[0]) if len(tokens[0]) <= _MOST_DIGITS else None
    for position, (name, scale) in enumerate(_SCALES):
        if name in tokens:
            at = tokens.index(name)
            head = 1 if at == 0 and position == 2 else _value(tokens[:at])  # "ngàn hai"
            tail = _tail(tokens[at + 1 :], scale)
            return None if head is None or head >= 1000 or tail is None else head * scale + tail
    return _below_thousand(tokens)


def _tail(tokens: list[str], scale: int) -> int | None:
    """What follows thousand, million or billion: nothing, a half, one digit of the next rank, or a number."""
    if not tokens:
        return 0
    if tokens == ["ruoi"]:
        return scale // 2
    if len(tokens) == 1 and (digit := _after_rank(tokens[0])) is not None:
        return digit * scale // 10
    if tokens[0] == "le" and len(tokens) == 2:
        return _digit(tokens[1])
    rest = _value(tokens)
    return rest if rest is not None and rest < scale else None


def _below_thousand(tokens: list[str]) -> int | None:
    if "tram" not in tokens:
        return _below_hundred(tokens)
    at = tokens.index("tram")
    head = 1 if at == 0 else _digit(tokens[0]) if at == 1 else None  # "trăm hai"
    if head is None:
        return None
    rest: int | None
    match tokens[at + 1 :]:
        case []:
            rest = 0
        case ["ruoi"]:
            rest = 50
        case ["le", digit]:
            rest = _digit(digit)
        case [digit]:  # "trăm hai" is 120
            ten = _after_rank(digit)
            rest = 10 if digit == "muoi" else None if ten is None else ten * 10
        case tail:
            rest = _below_hundred(tail)
    return None if rest is None else head * 100 + rest


def _below_hundred(tokens: list[str]) -> int | None:
    match tokens:
        case [digit] if digit != "muoi":
            return _digit(digit)
        case ["muoi"]:
            return 10
        case ["muoi", last]:
            ones = _after_rank(last)
            return None if ones is None else 10 + ones
        case [first, "muoi"]:
            tens = _digit(first)
            return tens * 10 if tens else None
        case [first, "muoi", last]:
            tens, ones = _digit(first), _after_rank(last)
            return None if not tens or ones is None else tens * 10 + ones
        case [first, ("lam" | "nham" | "mot" | "tu") as last] if first not in ("khong", last):  # "bảy lăm"
            tens = _digit(first)
            return None if not tens else tens * 10 + _DIGITS[last]
    return None


def _digit(token: str) -> int | None:
    if len(token) == 1 and token.isascii() and token.isdigit():
        return int(token)
    return _DIGITS.get(token)


def _after_rank(token: str) -> int | None:
    """A digit after tens, hundreds or thousands, where "năm" may as well be years."""
    return None if token in ("nam", "khong", "0") else _digit(token)
