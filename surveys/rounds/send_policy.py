"""How broadcasts are sent: how fast, when not, and whether a few go first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.rounds.quiet_hours import NEVER, QuietHours

FIRST_WAVE = 0.05  # of the people, where one is asked for and nothing else is said
HEADROOM = 0.98  # of the allowed rate: what an even pace below the limit reaches (bot/delivery/rate_limiter.py)


# The channels in which people may be written to unasked, and for how long after their last word (None: always).
Windows = Mapping[str, timedelta | None]


@dataclass(frozen=True, slots=True)
class Sending:
    """What the configuration says about broadcasts."""

    rate: float = 30.0  # messages a second that the platform allows; of several, the slowest
    quiet: QuietHours = NEVER
    first_wave: float = 0.0  # share of the people who are written to first; 0: everybody at once
    continue_after: timedelta | None = None  # the rest follows by itself after so long; None: when told to
    most_errors: float = 0.2  # share of a first wave that may fail for the rest to follow by itself
    windows: Windows | None = None  # None: in every channel, always

    def done_at(self, messages: int, now: datetime) -> datetime:
        """When so many messages, begun now, will have been sent."""
        return self.quiet.after(now, timedelta(seconds=messages / (self.rate * HEADROOM)))

    def seconds(self, messages: int, now: datetime) -> float:
        """From now until they are sent, quiet hours included; 0 for none."""
        return (self.done_at(messages, now) - now).total_seconds() if messages else 0.0


USUAL = Sending()
