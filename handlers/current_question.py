"""What stands on a person's screen, and the way back to it."""

from handlers.messages import Message
from handlers.survey import consent, conversation
from handlers.visit import Visit


def current_question(visit: Visit) -> Message:
    """The question that comes next. Follows from what is stored."""
    if visit.person.consent is None:
        return consent.question(visit)
    if visit.person.consent is False:
        return consent.declined(visit)
    return conversation.current_question(visit)


def go_back(visit: Visit) -> None:
    """The question that stood before stands again, below what was said."""
    if conversation.under_way(visit):
        visit.say(current_question(visit))
