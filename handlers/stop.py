"""Stop in one tap; any word brings a person back."""

from handlers.messages import Message
from handlers.visit import Visit


def stop(visit: Visit) -> None:
    visit.person.stopped = True
    visit.say(Message(text=visit.text("stop.text"), choices=(visit.choice("stop:back", visit.text("stop.back")),)))


def on_button(visit: Visit, arguments: list[str]) -> None:
    """Coming back needs nothing more than the press itself."""
