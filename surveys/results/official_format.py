"""Shares as the official papers print them: two decimals and a comma, "94,46%"."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_EXACT = Context(prec=60)


def format_share(share: Fraction | float, *, mark: Fraction | None = None) -> str:
    """The share in per cent, half up, and never across a line that it does not cross.

    99.997 % is "99,99%", not "100,00%"; 0.003 % is "0,003%", not "0,00%"; with `mark` 95 %, 94.996 % is
    "94,99%", not "95,00%".
    """
    exact = share if isinstance(share, Fraction) else Fraction(str(share))
    percent = exact * 100
    shown = _decimals(percent, 2, ROUND_HALF_UP)
    if any(percent < line <= Fraction(shown) for line in _lines(mark)):
        shown = _decimals(percent, 2, ROUND_DOWN)
    places = 2
    while not shown and percent:
        places += 1
        shown = _decimals(percent, places, ROUND_HALF_UP)
    return f"{shown:f}%".replace(".", ",")


def _lines(mark: Fraction | None) -> tuple[Fraction, ...]:
    return (Fraction(100),) if mark is None else (Fraction(100), mark * 100)


def _decimals(percent: Fraction, places: int, rounding: str) -> Decimal:
    value = _EXACT.divide(Decimal(percent.numerator), Decimal(percent.denominator))
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_EXACT)
