"""The language of the conversation."""

from handlers.catalogue import LANGUAGES
from handlers.messages import Choice, Message
from handlers.visit import Visit


def question(visit: Visit) -> Message:
    say = visit.shared.catalogue.say
    return Message(
        text=" / ".join(say(code, "language.ask") for code in LANGUAGES),
        choices=tuple(button(visit, code) for code in LANGUAGES),
    )


def button(visit: Visit, code: str) -> Choice:
    """Changes to a language, and is labelled in it."""
    return visit.choice(f"lang:{code}", visit.shared.catalogue.say(code, "language.name"), language=code)


def on_button(visit: Visit, arguments: list[str]) -> None:
    if arguments and arguments[0] in LANGUAGES:
        visit.person.language = arguments[0]
