"""Numbers and dates as people in Vietnam type them: 1.200 is a thousand, 1,5 is one and a half."""

import re
import unicodedata
from datetime import date, timedelta

from vietnamese.folding import fold, number_in_words, words

DIGITS = 15  # more cannot be kept exactly
GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")  # 1.200 and 1.200,5
GROUPED_IN_ENGLISH = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")  # 1,200 and 1,200.5
PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?")
WITH_UNIT = re.compile(r"(-?\d[\d.,]*)\s*([^\W\d_]{1,10}(?:\s[^\W\d_]{1,10})?)\.?")  # "1,5 ha"
MULTIPLIERS = frozenset("k tr tram nghin ngan trieu ty ti chuc muoi ruoi le van".split())  # not units
DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
DAYS = {
    "hom nay": 0, "bua nay": 0, "nay": 0, "today": 0, fold("ថ្ងៃនេះ"): 0,
    "hom qua": -1, "bua qua": -1, "yesterday": -1, fold("ម្សិលមិញ"): -1,
}  # fmt: skip


def read_number(text: str, *, whole: bool) -> int | float | None:
    """The number in a text, or None. Numbers without a fraction come as int."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    value = _figures(plain, whole=whole)
    if value is None:
        value = number_in_words(text)
    if value is None and (match := WITH_UNIT.fullmatch(plain)) and not MULTIPLIERS & set(words(match[2])):
        value = _figures(match[1], whole=whole)
    if value is None or abs(value) >= 10**DIGITS:
        return None
    if value == int(value):
        return int(value)
    return None if whole else value


def read_date(text: str, today: date) -> date | None:
    """The day in a text (20/11/2026, 2026-11-20, "hôm nay"), or None."""
    said = fold(text)
    if said in DAYS:
        return today + timedelta(days=DAYS[said])
    if match := DAY_FIRST.fullmatch(said):
        day, month, year = match.groups()
    elif match := YEAR_FIRST.fullmatch(said):
        year, month, day = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _figures(plain: str, *, whole: bool) -> float | None:
    """A number in figures. "1,200" is a thousand two hundred only where a fraction makes no sense."""
    if len(plain) > 2 * DIGITS:
        return None
    if GROUPED.fullmatch(plain):
        return float(plain.replace(".", "").replace(",", "."))
    if GROUPED_IN_ENGLISH.fullmatch(plain) and (whole or "." in plain or plain.count(",") > 1):
        return float(plain.replace(",", ""))
    if PLAIN.fullmatch(plain):
        return float(plain.replace(",", "."))
    return None
