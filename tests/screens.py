"""What a phone shows, as a resident understands it: which question, in which language."""

from copy import copy
from dataclasses import dataclass
from typing import Literal

from handlers.catalogue import LANGUAGES, load_catalogue
from standin import Shown
from surveys.forms.xlsform import read_form, shipped_forms

Kind = Literal[
    "consent",
    "declined",
    "place",
    "which_place",
    "hamlet",
    "question",
    "finished",
    "review",
    "menu",
    "language",
    "stopped",
    "other",
]

FORM = read_form(shipped_forms()["ntm-hai-long"])
CATALOGUE = load_catalogue()
_KINDS: dict[str, Kind] = {
    "consent.title": "consent",
    "consent.declined": "declined",
    "place.title": "place",
    "place.which": "which_place",
    "survey.finished_title": "finished",
    "survey.review_title": "review",
    "menu.title": "menu",
    "language.ask": "language",
    "stop.text": "stopped",
}
# After one of these a question stands again because of what was said, not as the answer to it.
_ASKED_AGAIN = (
    "invalid.stale", "invalid.required", "help.not_understood", "help.only_text", "stop.welcome_back",
)  # fmt: skip
_NOT_UNDERSTOOD = ("invalid.not_an_option", "invalid.ambiguous", "place.unknown")


@dataclass(frozen=True, slots=True)
class Screen:
    """A message on a phone. `question` is the name of the one that it asks."""

    kind: Kind
    shown: Shown
    question: str = ""
    again: bool = False  # a sentence before it says why it is asked again
    misread: bool = False  # that sentence says that what was typed was not understood

    @property
    def text(self) -> str:
        return self.shown.text


def say(language: str, key: str) -> str:
    """The program's own text without values."""
    return CATALOGUE.say(language, key)


def _beginning(key: str, language: str) -> str:
    """What a text with a placeholder begins with."""
    return say(language, key).split("{")[0].strip()


_QUESTIONS = {
    FORM.text(question.label, language): question.name for question in FORM.questions for language in LANGUAGES
}
_HAMLET = {_beginning("place.hamlet", language) for language in LANGUAGES}
_TITLES = {say(language, key): kind for key, kind in _KINDS.items() for language in LANGUAGES}


def _said(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(piece for key in keys for language in LANGUAGES if len(piece := _rest(key, language)) > 3)


def _rest(key: str, language: str) -> str:
    """The longer piece of a text beside what it quotes."""
    return max(say(language, key).split("{text}"), key=len).strip("“”")


_AGAIN, _MISREAD = _said(_ASKED_AGAIN + _NOT_UNDERSTOOD), _said(_NOT_UNDERSTOOD)


def read(shown: Shown) -> Screen:
    """Understand a message as it is now. Fails on the program's apology for an error of its own."""
    shown = copy(shown)  # a later edit changes the message, not what was read
    for language in LANGUAGES:
        assert say(language, "help.error") not in shown.text, f"the program failed at this: {shown.text!r}"
    title = shown.text.partition("\n\n")[0]
    again = any(piece in shown.text for piece in _AGAIN)
    misread = any(piece in shown.text for piece in _MISREAD)
    if title in _QUESTIONS:
        return Screen("question", shown, _QUESTIONS[title], again, misread)
    if any(title.startswith(piece) for piece in _HAMLET if piece):
        return Screen("hamlet", shown, again=again, misread=misread)
    kind = _TITLES.get(title) or next((kind for text, kind in _TITLES.items() if text in shown.text), "other")
    return Screen(kind, shown, again=again, misread=misread)
