"""The stand-in's clock: real time that a test may push forward."""

import time


class Clock:
    """Seconds since 1970. `advance` lets a day go by at once."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
