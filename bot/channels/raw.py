"""An event as a platform sent it, before anybody has read it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Raw:
    """An event as a channel got it. `address` orders one person's events; empty when it could not be told."""

    key: str
    address: str
    payload: Any


Accept = Callable[[str, Sequence[Raw]], Awaitable[object]]  # stores the events of a channel; done means kept
