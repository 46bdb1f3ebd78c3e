"""To be left alone, to take back, to be forgotten, said in people's own words: one small choice, and no answer."""

from handlers import stop
from handlers.current_question import current_question, go_back
from handlers.messages import Choice, Message
from handlers.survey import consent, conversation
from handlers.visit import Visit
from vietnamese.folding import fold, yes_or_no
from vietnamese.refusals import Refusal, refusal

_ALARM = "want:danger"
_TASTES = ("thich", "ham", "thich dau", "ham dau")  # of what is asked, rather than of being asked


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a text refuses; then nothing is stored as an answer.

    1. who has not been asked yet is asked, or said no
    2. a label of the question on the screen is an answer, whatever else it may sound like
    3. only later: a sentence
    4. a stop said twice is a stop
    5. else what they may do
    """
    kind = refusal(text)
    if kind is None or command:
        return False
    if visit.person.consent is None:
        return _not_asked_yet(visit, kind)
    if visit.person.consent is False:
        return _refused_before(visit, kind)
    if conversation.names(visit, text) or _answers(visit, text, kind):
        return False
    if kind == "later":
        visit.say(_later(visit))
    elif kind == "unclear":
        return _unclear(visit, text)
    elif not conversation.under_way(visit) and kind == "decline":
        visit.say(Message(text=visit.text("courtesy.bye"), choices=(_survey(visit), *_menu(visit))))
    elif kind in ("stop", "weary") and any(shown.token.startswith("data:withdraw") for shown in visit.screen.last):
        stop.stop(visit)
    else:
        visit.say(choice(visit))
    return True


def choice(visit: Visit) -> Message:
    """What somebody may do who does not want to go on."""
    open_round = visit.shared.rounds.get(visit.person.round_id or 0)
    now = conversation.stage(visit)
    if open_round is None and now.name == "interview":
        open_round = now.rounds[0]
    leave = (visit.choice(f"mute:{open_round.id}", visit.text("wish.leave")),) if open_round else ()
    return Message(
        title=visit.text("wish.title"),
        text=visit.text("wish.text"),
        choices=(
            *leave,
            visit.choice("menu:stop", visit.text("menu.stop")),
            visit.choice("data:withdraw", visit.text("data.withdraw")),
            visit.choice("data:delete", visit.text("data.delete")),
            visit.choice("menu:survey", visit.text("wish.go_on"), aside=True),
        ),
    )


def alarmed(visit: Visit) -> bool:
    """Whether what to do in danger is on the screen: no question of ours follows it."""
    return any(shown.token.startswith(_ALARM) for shown in visit.screen.last)


def at_hand(visit: Visit) -> Message:
    """We are here; and the way back to the survey."""
    return Message(text=visit.text("courtesy.here"), choices=(_survey(visit), *_menu(visit)))


def _not_asked_yet(visit: Visit, kind: Refusal) -> bool:
    shown = consent.on_screen(visit) and not visit.screen.crowded
    if kind == "later":
        if not shown:
            return False
        visit.say(_later(visit))
    elif kind == "delete":
        visit.press_button(visit.choice("data:delete", "").token)
    elif kind == "stop":
        stop.stop(visit)
    elif shown and kind != "unclear":
        visit.agree(False)
        visit.say(current_question(visit))
    else:
        return False
    return True


def _refused_before(visit: Visit, kind: Refusal) -> bool:
    if kind == "unclear":
        return False
    if kind == "delete":
        visit.press_button(visit.choice("data:delete", "").token)
    elif kind == "stop":
        stop.stop(visit)
    else:
        visit.say(current_question(visit))
    return True


def _answers(visit: Visit, text: str, kind: Refusal) -> bool:
    """Whether it may be meant for the question on the screen: an open one takes what people are weary of, and "không
    muốn" is an answer to "có muốn … không?"."""
    wanted = conversation.wants(visit)
    if wanted == "text":
        return kind in ("weary", "later", "unclear")
    if wanted == "answer" and fold(text).endswith(_TASTES):
        return True
    if wanted != "answer" or yes_or_no(text) is not False:
        return False
    asked, said = f" {fold(current_question(visit).title)} ", fold(text).split()
    return any(f" {' '.join(said[at:])} " in asked for at in range(1, len(said)))


def _unclear(visit: Visit, text: str) -> bool:
    """“dung” without its accents: right, don't, or stop. They choose; the question stays below."""
    if fold(text) != "dung" or not conversation.under_way(visit):
        return False
    visit.say(choice(visit))
    go_back(visit)
    return True


def _later(visit: Visit) -> Message:
    begun = any(interview.answers for interview in visit.interviews.values())
    return Message(text=visit.text("wish.later_begun" if begun else "wish.later"), choices=(_survey(visit),))


def _survey(visit: Visit) -> Choice:
    return visit.choice("menu:survey", visit.text("menu.survey"))


def _menu(visit: Visit) -> tuple[Choice, ...]:
    return (visit.choice("menu:menu", visit.text("menu.menu"), aside=True),)
