"""How much work something is, whatever the machine and whoever else is on it: never seconds."""

import time
from collections.abc import Callable
from typing import Any


def effort(job: Callable[[], Any], tries: int = 3) -> float:
    """The least of several tries, in units of counting to a hundred thousand, which is timed beside each of them.

    A unit is about a millisecond of a core that has nothing else to do.
    """
    return min(_taken(job) / unit() for _ in range(tries))


def unit() -> float:
    """The CPU seconds of a unit, as the machine is now."""
    return min(_taken(_count) for _ in range(2))


def _count() -> None:
    for _ in range(100_000):
        pass


def _taken(job: Callable[[], Any]) -> float:
    begun = time.process_time()
    job()
    return time.process_time() - begun
