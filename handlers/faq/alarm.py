"""A message that speaks of danger to life is answered before anything else, whatever stood on the screen.

The sources that the answers rest on confirm no emergency number, so none is named: people nearby, and the commune.
"""

from faq.danger import Kind, danger
from handlers.faq import topics
from handlers.messages import Choice, Message
from handlers.survey import conversation
from handlers.visit import Visit


def try_text(visit: Visit, text: str) -> bool:
    """Whether a typed message speaks of danger; then it was answered.

    Where it answers the question that stands it is that question's answer as well.
    """
    kind = danger(text)
    wanted = conversation.wants(visit)
    if kind is None or (wanted == "answer" and conversation.fits(visit, text)):
        return False
    visit.say(message(visit, kind, text))
    if wanted == "text":
        conversation.said(visit, text, "")
    return True


def message(visit: Visit, kind: Kind, text: str = "") -> Message:
    """What to do now, and a person to turn to."""
    steps = [visit.text(f"danger.{kind}"), visit.text("danger.police"), *_commune(visit)]
    return Message(
        title=visit.text("danger.title"),
        text="\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        note=visit.text("danger.note"),
        choices=(visit.choice(f"want:danger:{kind}", visit.text("danger.tell")), *_ways_on(visit, text)),
    )


def _commune(visit: Visit) -> list[str]:
    """How the commune is reached, where it has said so."""
    place = visit.shared.territory.get(visit.person.unit_id or 0)
    if place is None or not place.phone:
        return []
    return [visit.text("danger.commune", place=place.name, phone=place.phone)]


def _ways_on(visit: Visit, text: str) -> tuple[Choice, ...]:
    """The topic that the message asks about, where it surely asks about one; a word may only have sounded alarming."""
    result = visit.shared.library.search(text) if text else None
    topic = visit.shared.library.entries.get(result.answer) if result and result.answer else None
    asked = (visit.choice(f"faq:see:{topic.id}", topics.label(visit, topic)),) if topic else ()
    return (*asked, *topics.ways_on(visit))
