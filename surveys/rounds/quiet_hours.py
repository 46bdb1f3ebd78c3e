"""Quiet hours: at night broadcasts wait, replies never do."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from surveys.local_time import VIETNAM


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

    def after(self, start: datetime, work: timedelta) -> datetime:
        """When work begun at `start` is done, if it rests in the quiet hours."""
        moment = start
        while self.start != self.end:
            if self.at(moment):
                moment = _next(moment, self.end)
            rest = _next(moment, self.start)
            if moment + work <= rest:
                break
            work -= rest - moment
            moment = rest
        return moment + work

    def __str__(self) -> str:
        """Such as "21:00–07:00"; empty where it is never quiet."""
        return f"{self.start:%H:%M}–{self.end:%H:%M}" if self.start != self.end else ""


NEVER = QuietHours(time(0), time(0))


def _next(moment: datetime, clock: time) -> datetime:
    """The first moment after this one at which clocks in Vietnam show that time."""
    local = moment.astimezone(VIETNAM)
    then = datetime.combine(local.date(), clock, VIETNAM)
    return (then if then > local else then + timedelta(days=1)).astimezone(UTC)
