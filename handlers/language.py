"""The language of the conversation."""

from handlers.catalogue import LANGUAGES
from handlers.messages import Message
from handlers.visit import Visit


def question(visit: Visit) -> Message:
    say = visit.shared.catalogue.say
    return Message(
        text=" / ".join(say(code, "language.ask") for code in LANGUAGES),
        choices=tuple(visit.choice(f"lang:{code}", say(code, "language.name")) for code in LANGUAGES),
    )


def on_button(visit: Visit, arguments: list[str]) -> None:
    if arguments and arguments[0] in LANGUAGES:
        visit.person.language = arguments[0]
