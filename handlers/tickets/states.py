"""How far a request for a person's help is."""

from enum import StrEnum


class TicketState(StrEnum):
    """Where a request is between the resident who asked and somebody of the staff."""

    OPEN = "open"  # nobody has taken it
    TAKEN = "taken"  # somebody has, and has not answered
    ANSWERED = "answered"  # closes itself if nobody adds to it
    CLOSED = "closed"  # is deleted with its words after a while


WAITING = (TicketState.OPEN, TicketState.TAKEN)  # for an answer
UNDER_WAY = (*WAITING, TicketState.ANSWERED)
