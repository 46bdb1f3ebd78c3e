"""Closed sets of the ways in which ballots come: a screen at the desk, a helper's visit, and the asking again."""

from enum import StrEnum

from surveys.labels import labels


class KioskState(StrEnum):
    """What became of a screen at the desk; it follows from its row and its round."""

    WAITING = "waiting"  # nobody has used its link
    IN_USE = "in_use"
    ENDED = "ended"  # its PIN was typed, somebody ended it by command, or the round takes no more ballots


KIOSK_STATES = labels("state.kiosk", KioskState)


class How(StrEnum):
    """How a household answers on a helper's phone."""

    ALONE = "alone"  # by themselves
    ALOUD = "aloud"  # the helper reads to them


HOW = labels("help", How)


class Result(StrEnum):
    """What came of asking a helped household again."""

    CONFIRMED = "confirmed"  # it was they who answered
    DENIED = "denied"  # it was not, or not so
    UNREACHABLE = "unreachable"  # nobody was met


RESULTS = labels("back_check", Result)
