"""Stop in one tap; any word brings a person back, but a second stop and a word of thanks."""

from faq.courtesy import courtesy
from handlers.messages import Choice, Message
from handlers.visit import Visit
from vietnamese.folding import yes_or_no
from vietnamese.refusals import refusal


def stop(visit: Visit) -> None:
    visit.person.stopped = True
    visit.say(Message(text=visit.text("stop.text"), choices=(_back(visit),)))


def try_text(visit: Visit, text: str) -> bool:
    """Whether somebody who had stopped only says so again, or says thanks; then they stay as they were."""
    command = visit.shared.catalogue.command(text)
    if command not in ("", "stop"):
        return False
    kind = refusal(text)
    if command == "stop" or kind in ("stop", "decline", "weary"):
        stop(visit)
    elif kind in ("withdraw", "delete"):
        visit.person.stopped = True
        visit.press_button(visit.choice("menu:data", "").token)
    elif visit.aside and not visit.screen.named(text) and (courtesy(text) in ("thanks", "bye") or yes_or_no(text)):
        visit.person.stopped = True
        visit.say(Message(text=visit.text("stop.still"), choices=(_back(visit),)))
    else:
        return False
    return True


def on_button(visit: Visit, arguments: list[str]) -> None:
    """Coming back needs nothing more than the press itself."""


def _back(visit: Visit) -> Choice:
    return visit.choice("stop:back", visit.text("stop.back"))
