"""How far a round is, how far somebody's part in it is, how a ballot comes in, how far a close is: each set once.

The tables hold the same words by CHECK constraints; `surveys/labels.toml` and the catalogues say them to people.
"""

from enum import StrEnum
from typing import Literal

from surveys.labels import labels


class RoundState(StrEnum):
    """Where a round is in its life; `surveys.rounds.lifecycle` draws the ways between."""

    DRAFT = "draft"  # being set up: nobody knows of it
    SCHEDULED = "scheduled"  # the clock opens it at its time
    OPEN = "open"  # takes ballots
    CLOSING = "closing"  # takes no more, and its close is not through: nobody may read an answer
    CLOSED = "closed"  # closed for good: its staff read the results
    PUBLISHED = "published"  # everybody reads them
    CANCELLED = "cancelled"  # called off: its ballots are deleted


NOT_OPENED = (RoundState.DRAFT, RoundState.SCHEDULED)
NOT_CLOSED = (*NOT_OPENED, RoundState.OPEN)  # may still be called off
TAKING_RECEIPTS = (RoundState.OPEN, RoundState.CLOSING)  # there are receipts, and nothing to find yet
ANSWERS_OPEN = (RoundState.CLOSED, RoundState.PUBLISHED)  # answers may be read; before there is coverage only
WITH_BALLOTS = (*TAKING_RECEIPTS, *ANSWERS_OPEN)
OVER = (*ANSWERS_OPEN, RoundState.CANCELLED)  # nothing is done with it any more
ENDED = (RoundState.CLOSING, *OVER)  # takes no ballots, and never will again

STATES = labels("state.round", RoundState)  # as commands and papers say them
TOLD = labels("state.told", RoundState)  # to who does not know what comes after the close


class PartState(StrEnum):
    """How far a person's or a household's part in a round is."""

    STARTED = "started"  # has answered something
    SUBMITTED = "submitted"  # has handed the ballot in


class Mode(StrEnum):
    """How a ballot came in."""

    SELF = "self"  # answered alone, on their own phone
    ASSISTED = "assisted"  # on a helper's phone
    KIOSK = "kiosk"  # at a screen of the one-stop desk
    PAPER = "paper"  # on paper, typed in later


NOT_ALONE = (Mode.ASSISTED, Mode.KIOSK, Mode.PAPER)  # others stood by: not shown or changed in a chat

MODES = labels("mode", Mode)  # as papers and sheets say them
Forgotten = Literal[""]  # what stands in place of a household's mode once its round begins to close


def read_mode(stored: str) -> Mode | Forgotten:
    """How a household takes part, as its row says."""
    return Mode(stored) if stored else ""


class ClosingStep(StrEnum):
    """The step that a close does next; `surveys.closing.closing` says what each is."""

    SHUFFLE = "shuffle"  # count the ballots and write them in random order
    DESTROY = "destroy"  # delete the round's secret
    COMPACT = "compact"  # rewrite storage, so that no old row is left in it
    DONE = "done"  # nothing is left to do
