"""“Im lặng đến đợt sau”: no more reminders of this round, in one tap; the next round invites again."""

from handlers.messages import Message
from handlers.visit import Visit
from surveys.rounds.broadcasts import mute


def on_button(visit: Visit, arguments: list[str]) -> None:
    open_round = visit.shared.rounds.get(int(arguments[0]))
    menu = visit.choice("menu:menu", visit.text("menu.menu"), aside=True)
    if open_round is None:
        visit.say(Message(text=visit.text("survey.closed"), choices=(menu,)))
        return
    if visit.known and visit.connection is not None:
        mute(visit.connection, open_round.id, visit.person.id, visit.now)
    visit.say(
        Message(
            text=visit.text("mute.text", round=open_round.name),
            choices=(visit.choice(f"round:{open_round.id}", visit.text("invite.begin")), menu),
        )
    )
