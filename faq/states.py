"""What becomes of a question that somebody typed, and what is counted of it."""

from enum import StrEnum


class QuestionState(StrEnum):
    """Why a question is kept, and what the editor did with it."""

    ANSWERED = "answered"  # got an answer: dropped after a day
    DISLIKED = "disliked"  # got one that did not help
    UNANSWERED = "unanswered"  # got none
    LEARNT = "learnt"  # the editor made it an example of a topic


FOR_THE_EDITOR = (QuestionState.DISLIKED, QuestionState.UNANSWERED)


class Counted(StrEnum):
    """What happened to a topic in a commune, as often as it is counted."""

    ANSWERED = "answered"
    SUGGESTED = "suggested"  # it was one of several on offer
    UNANSWERED = "unanswered"  # nothing came near
    USEFUL = "useful"  # somebody said that it helped
    NOT_USEFUL = "not_useful"
