"""“Im lặng đến đợt sau”: no more reminders of this round, in one tap; the next round invites again."""

from handlers.messages import Message
from handlers.visit import Visit
from surveys.rounds.broadcasts import mute


def press(visit: Visit, arguments: list[str]) -> None:
    entry = visit.world.rounds.get(int(arguments[0]))
    menu = visit.choice("menu:menu", visit.text("menu.menu"), aside=True)
    if entry is None:
        visit.say(Message(text=visit.text("survey.closed"), choices=(menu,)))
        return
    if visit.known and visit.connection is not None:
        mute(visit.connection, entry.id, visit.person.id, visit.now)
    visit.say(
        Message(
            text=visit.text("mute.text", round=entry.name),
            choices=(visit.choice(f"round:{entry.id}", visit.text("invite.begin")), menu),
        )
    )
