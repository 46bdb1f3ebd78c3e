"""Which conversation answers an event. Every event gets an answer; none falls through to silence."""

from collections.abc import Callable

from handlers import language, menu, stop
from handlers.current_question import current_question
from handlers.faq import alarm, answers, courtesies, guides, topics
from handlers.messages import prefaced
from handlers.staff import assisted_ballots, rehearsal, round_menu
from handlers.survey import consent, conversation, household, links, mute, mydata, place, receipt, resume_code
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
    **conversation.BUTTONS,
}


def dispatch(visit: Visit) -> None:
    """Answer one event: `visit.replies` is not empty afterwards, unless nobody waits for an answer.

    1. a stop is a stop; anything else from a stopped person brings them back
    2. start, with what its link carried
    3. a button, unless it is old or forged: then the question that stands
    4. a word that is a command
    5. danger to life
    6. a courtesy, a wish for a person
    7. the label or number of what was last on offer
    8. an answer to the question that stands, or else a question of theirs
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
        _text(visit, inbound.text.strip())
    else:
        visit.say(prefaced(current_question(visit), visit.text("help.only_text")))
    if not visit.replies:  # something was changed: go on from there
        visit.say(current_question(visit))
    if told := resident.news(visit):
        visit.replies.insert(0, told)
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
    command = visit.shared.catalogue.command(text)
    if any(each.try_text(visit, text, command) for each in (round_menu, assisted_ballots, helper)):
        return
    if command in (*round_menu.WORDS, assisted_ballots.WORD, "desk"):
        command = ""  # to everybody else the word means nothing
    if command == "stop":
        stop.stop(visit)
    elif guides.try_text(visit, text, command):
        pass  # the page was turned
    elif command in (*menu.COMMANDS, receipt.WORD):
        menu.on_button(visit, [command])
    elif resume_code.looks_like(text):
        _join(visit, text)
    elif household.looks_like_code(text):
        _card(visit, text)
    elif resident.try_text(visit, text, command):
        pass  # a person reads it
    elif alarm.try_text(visit, text):
        pass  # whatever stood on the screen can wait
    elif rehearsal.under_way(visit):
        rehearsal.typed(visit, text)
    elif not command and courtesies.try_text(visit, text):
        pass  # neither a question nor an answer
    elif visit.person.consent is None:
        _offered_or(visit, text, answers.before_consent)
    elif visit.aside and (token := visit.offered(text)):
        _button(visit, token)
    elif not command and not conversation.fits(visit, text) and (token := visit.named(text)):
        _button(visit, token)
    elif conversation.wants(visit) and (command or not _asks(visit, text)):
        conversation.said(visit, text, command)
    elif not visit.replies:
        _offered_or(visit, text, answers.typed)


def _asks(visit: Visit, text: str) -> bool:
    """Whether it was a question of theirs rather than an answer to ours; it is answered then."""
    if conversation.fits(visit, text) and not (conversation.wants(visit) == "text" and topics.on_screen(visit)):
        return False
    return answers.instead(visit, text)


def _join(visit: Visit, code: str) -> None:
    joined = resume_code.join(visit, code)
    visit.say(prefaced(current_question(visit), visit.text(f"code.{joined}")))


def _card(visit: Visit, code: str) -> None:
    said = household.show(visit, code)
    visit.say(prefaced(current_question(visit), said))


def _offered_or(visit: Visit, text: str, otherwise: Callable[[Visit, str], None]) -> None:
    token = visit.offered(text)
    if token:
        _button(visit, token)
    else:
        otherwise(visit, text)
