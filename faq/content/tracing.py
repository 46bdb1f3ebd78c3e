"""Whether the figures of an answer stand in the facts that it names: numbers, sums, dates, telephones, addresses.

Pure. Answers are Vietnamese ("01/7/2025", "2.000 đồng"), facts English ("2025-07-01", "2,000 VND"); both are brought
to the same values.
"""

import re
from collections.abc import Iterable, Iterator

from vietnamese.folding import fold

_ADDRESS = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org|gov|edu|info|io|me)\b")
_DECREE = re.compile(r"\b\d+(?:/\d{4})?/[a-z]{1,6}\d*(?:-[a-z]+)*")  # 17/2024/tt-nhnn, 3203/qd-ubnd
_DATE = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_SLASHED = re.compile(r"\b(?:(\d{1,2})/)?(\d{1,2})/(\d{4})\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_STEP = re.compile(r"^\s*\d+\.\s|\bbước \d+", re.MULTILINE | re.IGNORECASE)  # no fact says how we number our steps
_ZEROS = {"ngan": 3, "nghin": 3, "thousand": 3, "trieu": 6, "million": 6, "ty": 9, "ti": 9, "billion": 9}
_SIZE = re.compile(rf"\s*({'|'.join(_ZEROS)})\b")

_VIETNAMESE = {
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}  # "một", "năm" say more
_COUNTED = "ngày|tháng|năm|tuổi|giờ|phút|triệu|tỷ|ngàn|nghìn|đồng|tuần|phần trăm"
_SPOKEN = re.compile(rf"(?<!thứ )\b({'|'.join(_VIETNAMESE)}) (?=(?:{_COUNTED})\b)", re.IGNORECASE)
_ENGLISH = dict(
    zip(
        "zero two three four five six seven eight nine ten eleven twelve fifteen eighteen twenty thirty sixty".split(),
        (0, *range(2, 13), 15, 18, 20, 30, 60),
        strict=True,
    )
)
_WRITTEN = re.compile(rf"\b({'|'.join(_ENGLISH)})(?:e?s)?\b", re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_IN_MONTH = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b")


def untraced(text: str, facts: Iterable[str], sources: Iterable[str] = ()) -> list[str]:
    """The figures of a Vietnamese text that no fact has; an address may also be that of a source."""
    known = {figure for fact in facts for figure in _figures(_in_figures(fact))}
    known |= {
        figure[:length] for figure in known if _DATE.fullmatch(figure) for length in (4, 7)
    }  # the year, the month
    known |= {_host(found) for source in sources for found in _ADDRESS.finditer(source.lower())}
    said = _SPOKEN.sub(lambda word: _number(_VIETNAMESE, word) + " ", _STEP.sub(" ", text))
    return [figure for figure in _figures(said) if figure not in known]


def _in_figures(fact: str) -> str:
    """An English fact with its months and numbers in figures."""
    return _WRITTEN.sub(lambda word: _number(_ENGLISH, word), _IN_MONTH.sub(_month, fact))


def _month(found: re.Match[str]) -> str:
    month = _MONTHS.index(found[2]) + 1
    return "/".join(filter(None, (found[1], str(month), found[3]))) if found[3] else f"{found[1] or ''} {month} "


def _figures(text: str) -> Iterator[str]:
    left = "".join(fold(part) if part.isalpha() else part for part in re.split(r"([^\W\d_]+)", text))
    for pattern, value in ((_ADDRESS, _host), (_DECREE, lambda found: found[0]), (_DATE, _iso), (_SLASHED, _day_first)):
        yield from map(value, pattern.finditer(left))
        left = pattern.sub(" ", left)
    for found in _NUMBER.finditer(left):
        size = _SIZE.match(left, found.end())
        yield _value(found[0], _ZEROS[size[1]] if size else 0)


def _value(written: str, zeros: int) -> str:
    if _THOUSANDS.fullmatch(written):
        written = re.sub(r"[.,]", "", written)
    whole, _, fraction = written.replace(",", ".").partition(".")
    if not zeros:
        return f"{whole}.{fraction}" if fraction else whole  # a telephone number keeps its zeros
    return (whole + fraction.ljust(zeros, "0")).lstrip("0") or "0"


def _host(found: re.Match[str]) -> str:
    return found[0].removeprefix("www.")


def _iso(found: re.Match[str]) -> str:
    return found[0]


def _day_first(found: re.Match[str]) -> str:
    day = f"-{int(found[1]):02}" if found[1] else ""
    return f"{found[3]}-{int(found[2]):02}{day}"


def _number(words: dict[str, int], found: re.Match[str]) -> str:
    return str(words[found[1].lower()])
