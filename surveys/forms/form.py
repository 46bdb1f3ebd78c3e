"""A questionnaire as frozen values: what `surveys.forms.xlsform` reads and everything else uses.

Groups are flattened: a question's `relevant` already holds that of its groups. Expressions are XPath 1.0 over
the answers, with every `${name}` written as the variable `$name`; an empty expression means "always".
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

Type = Literal[
    "note", "select_one", "select_multiple", "text", "integer", "decimal", "date", "acknowledge", "calculate"
]
Role = Literal["", "content", "overall", "reason", "profile", "indicator"]
Texts = Mapping[str, str]  # language code -> text, such as {"vi": "Hài lòng", "en": "Satisfied"}
Value = str | int | float | list[str] | None  # None: skipped on purpose
Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select question."""

    name: str
    label: Texts
    satisfied: bool | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # the sheet's other columns, for choice filters


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet."""

    name: str
    type: Type
    label: Texts
    hint: Texts = field(default_factory=dict)
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Texts = field(default_factory=dict)
    calculation: str = ""
    choice_filter: str = ""
    options: tuple[Option, ...] = ()
    role: Role = ""

    @property
    def asks(self) -> bool:
        """Whether the person has something to answer (notes and calculations have not)."""
        return self.type not in ("note", "calculate")


@dataclass(frozen=True)
class Form:
    """A whole questionnaire."""

    name: str
    title: Texts
    questions: tuple[Question, ...]
    languages: tuple[str, ...]  # the first is the default
    version: str = ""
    status: str = ""  # such as "draft wording, check against the province's official ballot"

    @cached_property
    def by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @cached_property
    def chosen(self) -> frozenset[str]:
        """The names of questions that are answered by choosing, never in one's own words."""
        return frozenset(question.name for question in self.questions if question.type.startswith("select_"))

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out about this form, for as long as there is it: `surveys/interviews/form_state.py`."""
        return {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical definition, in hex: two equal digests ask the same."""
        canonical = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def text(self, texts: Texts, language: str) -> str:
        """The text in a language, or in the form's default language, or in any it has."""
        return texts.get(language) or texts.get(self.languages[0]) or next(iter(texts.values()), "")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, from which `from_dict` makes an equal form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, definition: Mapping[str, Any]) -> "Form":
        questions = tuple(
            Question(**{**question, "options": tuple(Option(**option) for option in question["options"])})
            for question in definition["questions"]
        )
        return cls(**{**definition, "questions": questions, "languages": tuple(definition["languages"])})
