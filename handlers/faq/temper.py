"""Anger is answered as anger, in one calm sentence with a person to turn to; an accusation with the way to complain."""

from faq.temper import Temper, calmed, temper
from handlers.current_question import go_back
from handlers.faq import answers, topics
from handlers.messages import Message, prefaced
from handlers.tickets import resident
from handlers.visit import Visit

COMPLAINT = "feedback-complaint"  # the answer that says how to complain
_OF_TRUST = 0.6  # so surely a question about the survey that it is one, angry or not


def try_text(visit: Visit, text: str) -> bool:
    """Whether a message was anger, an insult or an accusation; then it was answered, and what stood stands again."""
    said = _temper(visit, text)
    if said is None or visit.shared.library.trust(text)[1] >= _OF_TRUST:
        return False
    if said == "accuse":
        article = answers.article(visit, COMPLAINT)
        visit.say(prefaced(article, visit.text("temper.accuse")))
    else:
        complain = visit.choice(f"faq:see:{COMPLAINT}", visit.text("temper.complain"))
        choices = (resident.offer(visit), complain, *topics.ways_on(visit))
        visit.say(Message(text=visit.text(f"temper.{said}"), choices=choices))
    go_back(visit)
    return True


def _temper(visit: Visit, text: str) -> Temper | None:
    """By its phrases or by likeness, where without the angry words no answer is surely meant."""
    said = temper(text)
    likely = said or temper(text, visit.shared.library.temper)
    if likely is None or said == "accuse":
        return said
    result = visit.shared.library.search(calmed(text))
    return None if result is not None and result.answer not in (None, COMPLAINT) else likely
