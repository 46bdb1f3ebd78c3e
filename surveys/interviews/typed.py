"""Typed answers understood: what a person wrote, as the value of a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from surveys.forms.form import Form, Option, Question, Value
from surveys.interviews.typed_choices import match_options
from surveys.interviews.typed_numbers import read_date, read_number
from vietnamese.folding import clean_text, fold, yes_or_no

__all__ = ["Misread", "Reason", "is_finished", "match_options", "read_answer"]

TEXT_LIMIT = 1000  # characters of a free answer
FINISHED = frozenset(map(fold, ("xong", "xong rồi", "hết", "hết rồi", "done", "finish", "finished", "រួចរាល់")))

Reason = Literal[
    "not_an_option", "ambiguous", "not_a_number", "not_a_date", "required", "too_long", "constraint", "stale"
]


@dataclass(frozen=True, slots=True)
class Misread:
    """A typed answer that is none, and why."""

    reason: Reason


def read_answer(
    question: Question,
    options: Sequence[Option],
    text: str,
    *,
    form: Form,
    language: str,
    today: date,
    numbered: bool = False,
) -> Value | Misread:
    """The value that a text gives a question; `options` are those on offer, `numbered` whether numbers stood before
    them. A blank text is no answer: None."""
    text = clean_text(text).strip()
    if not text:
        return None
    match question.type:
        case "text":
            return text if len(text) <= TEXT_LIMIT else Misread("too_long")
        case "integer" | "decimal":
            number = read_number(text, whole=question.type == "integer")
            return Misread("not_a_number") if number is None else number
        case "date":
            day = read_date(text, today)
            return Misread("not_a_date") if day is None else day.isoformat()
        case "select_multiple":
            return _several(options, text, language, form, numbered)
    found = match_options(options, text, language, form, numbered=numbered)
    if not found and question.type == "acknowledge" and yes_or_no(text):
        return options[0].name
    return _single(found)


def is_finished(text: str) -> bool:
    """Whether a text ends a question with several answers."""
    return fold(text) in FINISHED


def _single(found: Sequence[Option]) -> str | Misread:
    if len(found) == 1:
        return found[0].name
    return Misread("ambiguous" if found else "not_an_option")


def _several(options: Sequence[Option], text: str, language: str, form: Form, numbered: bool) -> list[str] | Misread:
    """The names of several options, in the form's order: "1,3", "1 3", "1 và 3", labels parted by commas."""
    whole = match_options(options, text, language, form, numbered=numbered)
    if len(whole) == 1:
        return [whole[0].name]
    found: set[str] = set()
    misread: Misread | None = None
    for split in SPLITS:
        found, misread = set(), None
        for part in filter(str.strip, split.split(text)):
            name = _single(match_options(options, part, language, form, numbered=numbered))
            if isinstance(name, Misread):
                misread = name
                break
            found.add(name)
        if misread is None and found:
            return [option.name for option in options if option.name in found]
    return misread or Misread("not_an_option")


# A label may hold a comma or "và" itself, so the gentlest way of parting is tried first.
SPLITS = (
    re.compile(r"[;\n]+"),
    re.compile(r"[,;\n+&]+|\s[-/]\s"),
    re.compile(r"[,;\n+&/.]+|\s(?:và|va|với|voi|and|និង)\s|(?<=\d)\s+(?=\d)"),
)
