"""The functions of the forms' expressions: XPath 1.0's own, and ODK's written here for lxml.

Names and meanings: https://docs.getodk.org/form-operators-functions/
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import floor, inf, isfinite, isnan, nan, trunc

MANY = 50  # arguments; more is a slip
NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
SUBJECT_LIMIT = 200  # characters that regex() looks at
# A repeated group with a repeat inside, such as (a+)+, can take minutes on a few dozen letters.
NESTED_REPEAT = re.compile(r"\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]")

# name -> least and most number of arguments; whatever is not here is refused when a form is read
ARGUMENTS: dict[str, tuple[int, int]] = {
    # XPath 1.0
    "boolean": (1, 1),
    "ceiling": (1, 1),
    "concat": (2, MANY),
    "contains": (2, 2),
    "false": (0, 0),
    "floor": (1, 1),
    "normalize-space": (1, 1),
    "not": (1, 1),
    "number": (1, 1),
    "starts-with": (2, 2),
    "string": (1, 1),
    "string-length": (1, 1),
    "substring": (2, 3),
    "substring-after": (2, 2),
    "substring-before": (2, 2),
    "translate": (3, 3),
    "true": (0, 0),
    # ODK
    "coalesce": (2, MANY),
    "count-selected": (1, 1),
    "date": (1, 1),
    "if": (3, 3),
    "int": (1, 1),
    "max": (1, MANY),
    "min": (1, MANY),
    "now": (0, 0),
    "regex": (2, 2),
    "round": (1, 2),
    "selected": (2, 2),
    "selected-at": (2, 2),
    "today": (0, 0),
}
RENAMED = {"round": "rounded"}  # lxml cannot replace XPath's own round(), which takes one argument only

Argument = bool | float | str | list[object]


def text(argument: Argument) -> str:
    """XPath's string()."""
    if isinstance(argument, bool):
        return "true" if argument else "false"
    if isinstance(argument, float):
        return str(int(argument)) if isfinite(argument) and argument == int(argument) else str(argument)
    return argument if isinstance(argument, str) else ""


def number(argument: Argument) -> float:
    """XPath's number(): NaN where the text is none."""
    if isinstance(argument, str):
        return float(argument) if NUMBER.fullmatch(argument) else nan
    return float(argument) if isinstance(argument, bool | float) else nan


def truth(argument: Argument) -> bool:
    """XPath's boolean()."""
    return bool(argument) and not (isinstance(argument, float) and isnan(argument))


def selected(_: object, chosen: Argument, name: Argument) -> bool:
    return text(name) in text(chosen).split()


def selected_at(_: object, chosen: Argument, index: Argument) -> str:
    names, position = text(chosen).split(), number(index)
    return names[int(position)] if 0 <= position < len(names) else ""


def count_selected(_: object, chosen: Argument) -> float:
    return float(len(text(chosen).split()))


def if_(_: object, condition: Argument, then: Argument, otherwise: Argument) -> Argument:
    return then if truth(condition) else otherwise


def coalesce(_: object, *arguments: Argument) -> Argument:
    return next((argument for argument in arguments if text(argument) != ""), "")


def regex(_: object, subject: Argument, written: Argument) -> bool:
    compiled = pattern(text(written))
    return compiled is not None and compiled.fullmatch(text(subject)[:SUBJECT_LIMIT]) is not None


def int_(_: object, argument: Argument) -> float:
    value = number(argument)
    return float(trunc(value)) if isfinite(value) else nan


def rounded(_: object, argument: Argument, digits: Argument = 0.0) -> float:
    """Half goes up, as in XPath, and not to the even neighbour, as in Python."""
    value, places = number(argument), number(digits)
    if not isfinite(value) or not -15 <= places <= 15:
        return nan
    scale = 10.0 ** int(places)
    return floor(value * scale + 0.5) / scale if abs(value * scale) < 1e15 else value


def date_(_: object, argument: Argument) -> Argument:
    """Days since 1970. ISO dates reach us as such numbers already; any other text is no date."""
    return argument if isinstance(argument, float) else ""


def smallest(_: object, *arguments: Argument) -> float:
    return min(_numbers(arguments), default=nan)


def largest(_: object, *arguments: Argument) -> float:
    return max(_numbers(arguments), default=nan)


def _numbers(arguments: Sequence[Argument]) -> list[float]:
    """Those that are numbers: unanswered questions do not count."""
    return [value for value in map(number, arguments) if -inf < value < inf]


@lru_cache(maxsize=256)
def pattern(written: str) -> re.Pattern[str] | None:
    """A regex() pattern, or None where it is wrong or could run for minutes."""
    if NESTED_REPEAT.search(written):
        return None
    try:
        return re.compile(written)
    except re.error:
        return None


EXTENSIONS: dict[tuple[None, str], Callable[..., object]] = {
    (None, "coalesce"): coalesce,
    (None, "count-selected"): count_selected,
    (None, "date"): date_,
    (None, "if"): if_,
    (None, "int"): int_,
    (None, "max"): largest,
    (None, "min"): smallest,
    (None, "regex"): regex,
    (None, "rounded"): rounded,
    (None, "selected"): selected,
    (None, "selected-at"): selected_at,
}
