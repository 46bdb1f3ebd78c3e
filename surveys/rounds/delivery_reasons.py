"""Why a message did not arrive, in one of few words of ours; what a platform said stands beside it."""

from enum import StrEnum

from surveys.rounds.delivery_states import DeliveryState


class Why(StrEnum):
    """Why a message did not arrive."""

    BLOCKED = "blocked"  # they block us
    DELETED = "deleted"  # their account is gone
    UNKNOWN_CHAT = "unknown_chat"
    ANSWERED = "answered"  # they handed their ballot in meanwhile
    MUTED = "muted"  # they want no reminders of this round
    STOPPED = "stopped"  # they want nothing of us
    OVER = "over"  # the round was closed
    SILENT = "silent"  # they wrote longer ago than their app lets us write
    CANCELLED = "cancelled"  # the round was called off
    PROGRAM_ENDED = "program_ended"  # nobody knows how far the sending had come
    IN_PART = "in_part"  # not all of it went out
    NO_WORD = "no_word"  # the platform did not say
    REFUSED = "refused"  # the platform said no
    OTHER = "other"


_SAID = (  # the first that is in what was said
    ("blocked by the user", Why.BLOCKED),
    ("deactivated", Why.DELETED),
    ("chat not found", Why.UNKNOWN_CHAT),
    ("already answered", Why.ANSWERED),
    ("muted", Why.MUTED),
    ("stopped", Why.STOPPED),
    ("round closed", Why.OVER),
    ("window over", Why.SILENT),
    ("round cancelled", Why.CANCELLED),
    ("process ended", Why.PROGRAM_ENDED),
    ("sent in part", Why.IN_PART),
)
_UNSAID: dict[str, Why] = {
    DeliveryState.UNCERTAIN: Why.NO_WORD,
    DeliveryState.REJECTED: Why.REFUSED,
    DeliveryState.UNREACHABLE: Why.REFUSED,
}


def why(state: str, reason: str) -> Why:
    """Where nothing is known of the words, what the state itself says."""
    said = reason.casefold()
    return next((word for part, word in _SAID if part in said), _UNSAID.get(state, Why.OTHER))
