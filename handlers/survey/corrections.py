"""Words that belong to an answer given before: an edited message, a page that was gone back to, "tôi bấm nhầm"."""

from handlers.current_question import current_question
from handlers.messages import prefaced
from handlers.survey import conversation, moves, place
from handlers.survey.messages import review
from handlers.visit import Visit
from surveys.interviews import interview as rules
from vietnamese.mending import mending


def try_text(visit: Visit, text: str, command: str) -> bool:
    """Whether a text was said to another question than the one that stands, or wishes to mend an answer."""
    if command:
        return False
    if visit.inbound.shown and not conversation.on_screen(visit):
        return _to_old_page(visit, text)
    number = mending(text)
    return number is not None and _mend(visit, number)


def try_edited(visit: Visit, text: str, command: str) -> bool:
    """Whether it was an edited message: the answer that it was is corrected; of any other they are told that it was
    not taken, whatever it says now."""
    if not visit.inbound.edited:
        return False
    message, _, asks = visit.screen.took.partition(" ")
    there = moves.parse_asks(visit, asks) if message == visit.inbound.message_ref else None
    if there is not None and moves.ready(visit, there[0]) and moves.amend(visit, *there, rules.Said(text), text):
        visit.replies[-1] = prefaced(visit.replies[-1], visit.text("edit.taken"))
    else:
        visit.say(prefaced(current_question(visit), visit.text("edit.not_taken")))
    return True


def _to_old_page(visit: Visit, text: str) -> bool:
    """A form that was filled in on a page of before: it answers that page's question, or nothing."""
    asks = visit.screen.asks
    there = moves.parse_asks(visit, asks)
    if there is not None:
        if not (moves.ready(visit, there[0]) and moves.amend(visit, *there, rules.Said(text), text)):
            visit.say(prefaced(current_question(visit), visit.text("edit.old_page")))
        return True
    if asks == "hamlet" and visit.person.unit_id is not None and visit.person.consent:
        place.typed(visit, text)
        return True
    return False


def _mend(visit: Visit, number: int) -> bool:
    """Open the ballot at the question that is named, or where one may choose it; in mid-survey go back to it."""
    if visit.person.consent is not True or (conversation.wants(visit) == "text" and not number):
        return False
    now = conversation.stage(visit)
    if now.name != "interview":
        return False
    open_round = now.rounds[0]
    interview = visit.interviews.get(open_round.id)
    here = conversation.here(visit, open_round)
    under_way = isinstance(here.step, rules.Ask)
    if interview is None or not interview.answers:
        if not under_way:
            return False
        visit.say(prefaced(current_question(visit), visit.text("edit.how")))
        return True
    asking = here.place.asking
    wanted = asking[number - 1] if 0 < number <= len(asking) else None
    if wanted is not None and wanted.name in interview.answers:
        conversation.advance(visit, open_round, here, rules.Change(wanted.name))
    elif under_way and number == 0:
        conversation.advance(visit, open_round, here, rules.Back())
    else:
        visit.say(review(visit, open_round, interview))
        return True
    visit.replies[-1] = prefaced(visit.replies[-1], visit.text("edit.here"))
    return True
