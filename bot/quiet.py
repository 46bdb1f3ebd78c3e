"""Quiet hours: at night broadcasts wait, replies never do."""

from dataclasses import dataclass
from datetime import datetime, time

from surveys.moments import VIETNAM


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end`, Vietnamese time; over midnight when the end is earlier. Equal: never quiet."""

    start: time = time(21)
    end: time = time(7)

    def at(self, moment: datetime) -> bool:
        """Whether people are left in peace at this moment."""
        now = moment.astimezone(VIETNAM).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


NEVER = QuietHours(time(0), time(0))
