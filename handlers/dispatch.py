"""Which conversation answers an event. Every event gets an answer; none falls through to silence."""

from collections.abc import Callable

from faq.asking import size
from handlers import language, menu, stop
from handlers.current_question import current_question
from handlers.faq import alarm, answers, courtesies, guides
from handlers.messages import prefaced
from handlers.screen import Press, meaning
from handlers.staff import assisted_ballots, rehearsal, round_menu
from handlers.survey import (
    arrival,
    consent,
    conversation,
    corrections,
    household,
    links,
    moves,
    mute,
    mydata,
    place,
    receipt,
    resume_code,
    wishes,
)
from handlers.tickets import helper, resident
from handlers.tokens import verify_token
from handlers.visit import Visit

# What a button does: the first word of its token's body names the conversation.
BUTTONS: dict[str, Callable[[Visit, list[str]], None]] = {
    "consent": consent.on_button,
    "lang": language.on_button,
    "place": place.on_button,
    "menu": menu.on_button,
    "data": mydata.on_button,
    "household": household.on_button,
    "stop": stop.on_button,
    "faq": answers.on_button,
    "guide": guides.on_button,
    "want": resident.on_button,
    "desk": helper.on_button,
    "assist": assisted_ballots.on_button,
    "mute": mute.on_button,
    "staff": round_menu.on_button,
    "try": rehearsal.on_button,
    **moves.BUTTONS,
}


def dispatch(visit: Visit) -> None:
    """Answer one event: `visit.replies` is not empty afterwards, unless nobody waits for an answer.

    1. a stop is a stop; anything else from a stopped person brings them back, but no second stop and no courtesy
    2. start, with what its link carried
    3. a button, unless it is old or forged: then the question that stands
    4. a text, by the first of `STEPS` that takes it
    """
    inbound = visit.inbound
    visit.press_button = lambda token: _button(visit, token)
    if inbound.silent:
        visit.person.stopped = inbound.kind == "stop"
        return
    if inbound.kind == "stop":
        stop.stop(visit)
        return
    returning = visit.person.stopped
    visit.person.stopped = False
    if inbound.kind == "start":
        _start(visit)
    elif inbound.kind == "choice":
        _button(visit, inbound.choice)
    elif inbound.kind == "text" and inbound.text.strip():
        arrival.look(visit)
        visit.person.stopped = returning and inbound.edited
        if not (returning and stop.try_text(visit, inbound.text)):
            _text(visit, inbound.text.strip())
    else:
        visit.say(prefaced(current_question(visit), visit.text("help.only_text")))
    if inbound.pictured and visit.replies:
        visit.replies[0] = prefaced(visit.replies[0], visit.text("help.pictured"))
    if not visit.replies:  # something was changed: go on from there
        visit.say(current_question(visit))
    if told := resident.news(visit):
        visit.replies.insert(0, told)
        visit.crowd()
    if returning and not visit.person.stopped and visit.replies:
        first = visit.replies[0]
        visit.replies[0] = prefaced(first, visit.text("stop.welcome_back"))


def _start(visit: Visit) -> None:
    payload = visit.inbound.start_payload
    if assisted_ballots.scanned(visit, payload):
        return
    if payload.startswith("h_"):
        _card(visit, payload)
        return
    if not payload or guides.follow(visit, payload):
        return
    if links.follow(visit, payload) or round_menu.started(visit, payload):
        return
    if not resume_code.looks_like(payload):
        visit.say(prefaced(current_question(visit), visit.text("survey.unknown_link")))
    else:
        _join(visit, payload)


def _button(visit: Visit, token: str) -> None:
    body = verify_token(visit.shared.key, visit.inbound.channel, visit.sealed_to(token), token)
    name, *arguments = (body or "").split(":")
    on_button = BUTTONS.get(name)
    if on_button is None:
        visit.say(prefaced(current_question(visit), visit.text("invalid.stale")))
        return
    on_button(visit, arguments)


def _text(visit: Visit, text: str) -> None:
    if text.startswith("/"):
        text = text[1:].split("@")[0].replace("_", " ")
    command = "" if visit.inbound.borrowed else visit.shared.catalogue.command(text)
    for step in STEPS:
        if step(visit, text, command):
            return


# What may take a typed text, in this order: whether it did; the command is that which the whole text names.
Step = Callable[[Visit, str, str], bool]


def _borrowed(visit: Visit, text: str, command: str) -> bool:
    """The words of somebody else are material for a question, and nothing else."""
    if not visit.inbound.borrowed:
        return False
    if size(text) > 1:
        answers.typed(visit, text)
    return True


def _staff(visit: Visit, text: str, command: str) -> bool:
    return any(each.try_text(visit, text, command) for each in (round_menu, assisted_ballots, helper))


def _stop(visit: Visit, text: str, command: str) -> bool:
    if command == "stop":
        stop.stop(visit)
    return command == "stop"


def _menu(visit: Visit, text: str, command: str) -> bool:
    if command not in (*menu.COMMANDS, receipt.WORD):
        return False
    menu.on_button(visit, [command])
    return True


def _code(visit: Visit, text: str, command: str) -> bool:
    if code := resume_code.code_in(text):
        _join(visit, code)
    elif household.looks_like_code(text):
        _card(visit, text)
    else:
        return False
    return True


def _alarm(visit: Visit, text: str, command: str) -> bool:
    return alarm.try_text(visit, text)


def _rehearsal(visit: Visit, text: str, command: str) -> bool:
    if not rehearsal.under_way(visit):
        return False
    rehearsal.typed(visit, text)
    return True


def _courtesy(visit: Visit, text: str, command: str) -> bool:
    return not _is_command(command) and courtesies.try_text(visit, text)


def _consent(visit: Visit, text: str, command: str) -> bool:
    """Whoever has not been asked yet, or has not answered: a button, a question of theirs, a yes to what they see."""
    if visit.person.consent is not None:
        return False
    if not visit.screen.crowded and (token := visit.offered(text)):
        _button(visit, token)
    else:
        answers.before_consent(visit, text)
    return True


def _offer(visit: Visit, text: str, command: str) -> bool:
    """The label or number of what was last on offer; under a question, the label of what was shown above it."""
    said = meaning(visit.screen, text)
    token = said.token if isinstance(said, Press) else ""
    if not token and not _is_command(command) and not conversation.fits(visit, text):
        token = visit.named(text)
    if token:
        _button(visit, token)
    return bool(token)


def _answer(visit: Visit, text: str, command: str) -> bool:
    """An answer to the question on the screen, unless it reads like a question of theirs."""
    fits = not _is_command(command) and conversation.fits(visit, text)
    if not fits and not conversation.wants(visit):
        return False
    if not _is_command(command) and not fits and answers.instead(visit, text):
        return True
    return conversation.said(visit, text, command)


def _behind(visit: Visit, text: str, command: str) -> bool:
    """A question stands, but something else is on the screen: it is shown again, and nothing is taken."""
    if not conversation.under_way(visit):
        return False
    if not _is_command(command) and answers.instead(visit, text):
        return True
    if wishes.alarmed(visit):
        visit.say(wishes.at_hand(visit))
    elif visit.too_early:
        visit.say(prefaced(current_question(visit), visit.text("invalid.too_early")))
    else:
        visit.say(current_question(visit))
    return True


def _question(visit: Visit, text: str, command: str) -> bool:
    if not visit.replies:
        answers.typed(visit, text)
    return True


STEPS: tuple[Step, ...] = (
    corrections.try_edited,
    _borrowed,
    _staff,
    _stop,
    corrections.try_text,  # a page that was gone back to, or "tôi bấm nhầm"
    guides.try_text,  # turns the page of a lesson
    _menu,
    _code,
    resident.try_text,  # a person reads it
    wishes.try_text,  # to refuse, to withdraw, to mend an answer
    _alarm,  # whatever stood on the screen can wait
    _rehearsal,
    _courtesy,  # neither a question nor an answer
    _consent,
    _offer,
    _answer,
    _behind,
    _question,
)


def _is_command(command: str) -> bool:
    """Whether the word means something to everybody; the words of the staff do so to the staff alone."""
    return bool(command) and command not in (*round_menu.WORDS, assisted_ballots.WORD, "desk")


def _join(visit: Visit, code: str) -> None:
    joined = resume_code.join(visit, code)
    visit.say(prefaced(current_question(visit), visit.text(f"code.{joined}")))


def _card(visit: Visit, code: str) -> None:
    said = household.show(visit, code)
    visit.say(prefaced(current_question(visit), said))
