"""How far an event that came in is."""

from enum import StrEnum


class EventState(StrEnum):
    """What became of a raw event."""

    NEW = "new"  # waits to be handled
    DONE = "done"  # was handled; its payload is gone
    QUARANTINED = "quarantined"  # cannot be read; the next one goes on
