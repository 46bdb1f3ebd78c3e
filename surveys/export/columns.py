"""What an export has columns for: the place, the mode, and each question that people answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from surveys.forms.form import Form, Question
from surveys.interviews.form_state import ACKNOWLEDGED
from vietnamese.masking import mask_numbers

Kind = Literal["text", "choice", "choices", "integer", "decimal", "date"]
Plain = str | int | float | list[str] | None  # a cell before a format has its say
_KINDS: Mapping[str, Kind] = {
    "select_one": "choice",
    "acknowledge": "choice",
    "select_multiple": "choices",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
}
PLACE = ("commune_code", "commune", "hamlet", "mode")
PLACE_LABELS = {
    "commune_code": "Mã xã",
    "commune": "Xã, phường",
    "hamlet": "Ấp, khóm; trống: chưa rõ, hoặc gộp để giữ kín",
    "mode": "Cách trả lời",
}
LARGEST = 2**63 - 1  # what a whole number may be in Parquet


@dataclass(frozen=True)
class Column:
    """One question's answers. `options` are its choices, name to label."""

    name: str  # the question's, or with "_" behind it where a column of the place is called so
    label: str
    kind: Kind
    options: Mapping[str, str]
    question: str

    @cached_property
    def plain(self) -> Callable[[Mapping[str, Any]], Plain]:
        """Reads the answer: labels for names, texts masked; None where there is none, or none of this kind."""
        read, question, options = _READ[self.kind], self.question, self.options

        def plain(answers: Mapping[str, Any]) -> Plain:
            value = answers.get(question)
            return None if value is None else read(value, options)

        return plain


def question_columns(form: Form) -> tuple[Column, ...]:
    """A column for each question with something to answer, in the form's order."""
    taken = set(PLACE)
    return tuple(_column(form, question, taken) for question in form.questions if question.asks)


def _column(form: Form, question: Question, taken: set[str]) -> Column:
    name = question.name
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    options = (ACKNOWLEDGED,) if question.type == "acknowledge" else question.options
    return Column(
        name=name,
        label=form.text(question.label, "vi"),
        kind=_KINDS.get(question.type, "text"),
        options={option.name: form.text(option.label, "vi") for option in options},
        question=question.name,
    )


def split_texts(columns: Iterable[Column]) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns without free texts, and those with."""
    listed = tuple(columns)
    return tuple(one for one in listed if one.kind != "text"), tuple(one for one in listed if one.kind == "text")


def _text(value: Any, _options: Mapping[str, str]) -> Plain:
    return mask_numbers(str(value))


def _choice(value: Any, options: Mapping[str, str]) -> Plain:
    return options.get(str(value), str(value))


def _choices(value: Any, options: Mapping[str, str]) -> Plain:
    return [options.get(str(name), str(name)) for name in (value if isinstance(value, list) else [value])]


def _integer(value: Any, _options: Mapping[str, str]) -> Plain:
    whole = isinstance(value, int | float) and value == value // 1 and abs(value) <= LARGEST
    return int(value) if whole else None


def _decimal(value: Any, _options: Mapping[str, str]) -> Plain:
    return value if isinstance(value, int | float) and abs(value) <= 1e300 else None


def _date(value: Any, _options: Mapping[str, str]) -> Plain:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


_READ: Mapping[Kind, Callable[[Any, Mapping[str, str]], Plain]] = {
    "text": _text,
    "choice": _choice,
    "choices": _choices,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
}
