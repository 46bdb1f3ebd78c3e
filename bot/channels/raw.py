"""An event as a platform sent it, before anybody has read it."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.messages import Channel, Unreadable


@dataclass(frozen=True, slots=True)
class Raw:
    """An event as a channel got it. `address` orders one person's events; empty when it could not be told."""

    key: str
    address: str
    payload: Any


Accept = Callable[[str, Sequence[Raw]], Awaitable[object]]  # stores the events of a channel; done means kept


def one_event(channel: Channel, body: bytes) -> Raw:
    """A webhook's body as one event, known by what `read` calls it; one that can't be read, by its content."""
    digest = hashlib.sha256(body).hexdigest()
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return Raw(digest, "", None)
    try:
        inbound = channel.read(payload)
    except Unreadable:
        return Raw(digest, "", payload)
    return Raw(inbound.event_key or digest, inbound.address, payload)
