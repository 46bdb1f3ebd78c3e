"""Numbers as people here write them: 1.234 and 99,9 %."""

from fractions import Fraction

from surveys.results.official_format import format_share


def count(number: int | None) -> str:
    """A whole number with points between the thousands; a dash where it is not known."""
    return "–" if number is None else f"{number:,}".replace(",", ".")


def percent(share: Fraction | float | None) -> str:
    """A share with one decimal. Never rounded up to 100 nor down to 0: 0.99997 is 99,9 %."""
    if share is None:
        return "–"
    if 0 < share < 0.001:
        return "< 0,1 %"
    tenths = int(share * 1000 + 1e-9) if share < 1 else round(share * 1000)
    whole, tenth = divmod(tenths, 10)
    return f"{whole},{tenth} %" if tenth else f"{whole} %"


def official(share: Fraction | float | None, mark: float | None = None) -> str:
    """A share as the papers print it, 99,97%, on the side of the mark where it is; a dash where it is not told."""
    if share is None:
        return "–"
    return format_share(share, mark=None if mark is None else Fraction(str(mark)))
