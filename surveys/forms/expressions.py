"""The expressions of a form (`relevant`, `constraint`, …), evaluated as XPath 1.0 by lxml.

They read answers, never an XML document. So `${name}`, `$name`, `.`, `today()` and, in a choice filter, the
bare name of a column of the choices sheet all become numbered XPath variables, and paths are refused.
Dates are numbers of days, as in ODK, so that `. <= today()` and `${day} > '2026-01-01'` compare as dates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import inf, isinf, isnan

from lxml import etree

from surveys.forms import expression_functions
from surveys.forms.form import Answers, Value

NOTHING = etree.Element("nothing")  # XPath wants a context node; ours has no content
EPOCH = date(1970, 1, 1).toordinal()  # day 0 of ODK's date numbers
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # libxml2 takes no such text
OPERATORS = ("and", "or", "div", "mod")
BEFORE_OPERAND = ("operator", "open", "comma", "function")  # after these a * would be a path

NAME = r"[^\s()\[\]{}<>=!,+*/|'\"$:@#&;.\-\d][^\s()\[\]{}<>=!,+*/|'\"$:@#&;]*"
TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<reference>\$\{{[^}}]*\}}|\${NAME})
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<function>(?:{NAME}:)?{NAME}\s*\()
    | (?P<name>{NAME})
    | (?P<current>\.(?!\.))
    | (?P<open>\() | (?P<close>\)) | (?P<comma>,)
    | (?P<operator><=|>=|!=|[=<>+\-*])""",
    re.VERBOSE,
)


class BadExpression(ValueError):
    """An expression that we cannot run; the text says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and what it reads: pairs of (XPath variable, name)."""

    evaluate: etree.XPath
    answers: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]

    def run(
        self, answers: Answers, current: Value, today: date | None, columns: Mapping[str, str]
    ) -> bool | float | str:
        """The raw result; values that XML cannot carry are cleaned, never an error."""
        variables = {variable: _variable(answers.get(name)) for variable, name in self.answers}
        variables.update((variable, columns.get(name, "")) for variable, name in self.columns)
        variables["current"] = _variable(current)
        variables["today"] = "" if today is None else float(today.toordinal() - EPOCH)
        try:
            result = self.evaluate(NOTHING, **variables)
        except ValueError:
            cleaned = {n: NOT_XML.sub("", v) if isinstance(v, str) else v for n, v in variables.items()}
            result = self.evaluate(NOTHING, **cleaned)
        return result if isinstance(result, bool | float | str) else ""


def true(
    expression: str,
    answers: Answers,
    current: Value = None,
    *,
    today: date | None = None,
    columns: Mapping[str, str] | None = None,
) -> bool:
    """Whether an expression holds; an empty one always does. `current` is what `.` means.

    An unanswered question is the empty text. `columns` are those of the option that a choice filter judges.
    """
    if not expression:
        return True
    result = _compiled(expression).run(answers, current, today, columns or {})
    return bool(result) and result == result  # NaN is false, as in XPath's boolean()


def value(expression: str, answers: Answers, *, today: date | None = None) -> str | float:
    """What a calculation gives: a text or a number; nothing sensible (such as 1 div 0) is the empty text."""
    if not expression:
        return ""
    result = _compiled(expression).run(answers, None, today, {})
    if isinstance(result, bool):
        return "true" if result else "false"
    if isinstance(result, float) and (isnan(result) or isinf(result)):
        return ""
    return result


def references(expression: str) -> set[str]:
    """Names of the questions that an expression reads. Raises `BadExpression`."""
    return {name for _, name in _compiled(expression).answers} if expression else set()


def columns_read(expression: str) -> set[str]:
    """Bare names in an expression: columns of the choices sheet, if it is a choice filter."""
    return {name for _, name in _compiled(expression).columns} if expression else set()


def check(expression: str) -> str | None:
    """Why an expression cannot run, in Vietnamese, or None."""
    try:
        if expression:
            _compiled(expression).run({}, None, None, {})
    except BadExpression as error:
        return str(error)
    except etree.XPathError:
        return f"công thức viết chưa đúng: {expression}"
    return None


def from_xlsform(expression: str) -> str:
    """The expression with every `${name}` written `$name`; `${a}-1` becomes `$a -1`, still a subtraction."""

    def named(match: re.Match[str]) -> str:
        name = match["reference"]
        if name is None or not name.startswith("${"):
            return match[0]
        after = expression[match.end() : match.end() + 1]
        return f"${name[2:-1].strip()}" + (" " if after and not after.isspace() and after not in "),=" else "")

    return TOKEN.sub(named, expression).strip()


def _variable(value: Value) -> str | float:
    """An answer as XPath sees it."""
    if isinstance(value, str):
        if len(value) == 10 and ISO_DATE.fullmatch(value):
            return _days(value)
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if not isinstance(value, int | float):  # damaged data: nothing sensible
        return ""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _days(iso: str) -> str | float:
    """Days since 1970 of a date; the text itself where there is no such date."""
    try:
        return float(date.fromisoformat(iso).toordinal() - EPOCH)
    except ValueError:
        return iso


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Expression:
    translated, answers, columns = _translate(expression)
    try:
        evaluate = etree.XPath(translated, extensions=expression_functions.EXTENSIONS, smart_strings=False)
    except etree.XPathError as error:
        raise BadExpression(f"công thức viết chưa đúng: {expression}") from error
    return Expression(evaluate, answers, columns)


Pairs = tuple[tuple[str, str], ...]


def _translate(expression: str) -> tuple[str, Pairs, Pairs]:
    """Plain XPath over numbered variables, with the questions and columns it reads."""
    answers: dict[str, str] = {}
    columns: dict[str, str] = {}
    pieces: list[str] = []
    position = 0
    while position < len(expression):
        token = TOKEN.match(expression, position)
        if token is None:
            raise BadExpression(f"không dùng được “{expression[position : position + 12]}”: {expression}")
        position = token.end()
        text = token[0]
        match token.lastgroup:
            case "reference":
                name = text.strip("${}").strip()
                if not re.fullmatch(NAME, name):
                    raise BadExpression(f"không hiểu tên câu hỏi “{text}”")
                pieces.append("$" + answers.setdefault(name, f"a{len(answers)}"))
            case "name" if text not in OPERATORS:
                pieces.append("$" + columns.setdefault(text, f"c{len(columns)}"))
            case "current":
                pieces.append("$current")
            case "literal" if ISO_DATE.fullmatch(text[1:-1]) and not isinstance(_days(text[1:-1]), str):
                pieces.append(f"{_days(text[1:-1]):.0f}")
            case "function":
                pieces.append(_function(text[:-1].strip()))
            case _:
                pieces.append(text)
    _check_calls(expression)
    return (
        " ".join(pieces),
        tuple((variable, name) for name, variable in answers.items()),
        tuple((variable, name) for name, variable in columns.items()),
    )


def _function(name: str) -> str:
    """How a call begins in XPath: some of ODK's functions go by another name there."""
    if name in OPERATORS:
        return f"{name} ("
    if name in ("today", "now"):
        return "number($today"
    return expression_functions.RENAMED.get(name, name) + "("


def _check_calls(expression: str) -> None:
    """Refuse functions that we do not have and calls with too few or too many arguments."""
    tokens = [token for token in TOKEN.finditer(expression) if token.lastgroup != "space"]
    calls: list[tuple[str, int]] = []  # open parentheses: function name or "", arguments so far
    for before, token in zip([None, *tokens], tokens, strict=False):
        match token.lastgroup:
            case "function" | "open":
                name = token[0][:-1].strip()
                calls.append(("" if name in OPERATORS else name, 0))
            case "comma" if calls:
                calls[-1] = (calls[-1][0], calls[-1][1] + 1)
            case "close" if calls:
                name, commas = calls.pop()
                empty = before is not None and before.lastgroup == "function"
                if name:
                    _check_arguments(name, 0 if empty else commas + 1)
            case "literal" if calls and calls[-1] == ("regex", 1):
                _check_pattern(token[0][1:-1])
            case "operator" if token[0] == "*" and (before is None or before.lastgroup in BEFORE_OPERAND):
                raise BadExpression(f"dấu * thiếu số đứng trước: {expression}")


def _check_pattern(pattern: str) -> None:
    if expression_functions.pattern(pattern) is None:
        raise BadExpression(f"mẫu của hàm regex() viết chưa đúng hoặc quá phức tạp: {pattern}")


def _check_arguments(name: str, given: int) -> None:
    if name not in expression_functions.ARGUMENTS:
        raise BadExpression(f"chưa dùng được hàm {name}()")
    least, most = expression_functions.ARGUMENTS[name]
    if not least <= given <= most:
        raise BadExpression(f"hàm {name}() cần {least} đến {most} giá trị, đang có {given}")
