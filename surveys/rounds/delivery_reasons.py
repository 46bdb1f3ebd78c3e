"""Why a message did not arrive, in one of few words of ours; what a platform said stands beside it."""

_SAID = (  # the first that is in what was said
    ("blocked by the user", "blocked"),
    ("deactivated", "deleted"),
    ("chat not found", "unknown_chat"),
    ("already answered", "answered"),
    ("muted", "muted"),
    ("stopped", "stopped"),
    ("round closed", "over"),
    ("window over", "silent"),
    ("round cancelled", "cancelled"),
    ("process ended", "program_ended"),
    ("sent in part", "in_part"),
)
OTHER = {"uncertain": "no_word", "rejected": "refused", "unreachable": "refused"}


def why(state: str, reason: str) -> str:
    """Such as `blocked`; where nothing is known of the words, what the state itself says."""
    said = reason.casefold()
    return next((word for part, word in _SAID if part in said), OTHER.get(state, "other"))


WHY = (*(word for _, word in _SAID), "no_word", "refused", "other")
