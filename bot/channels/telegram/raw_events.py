"""Raw Telegram updates as inbox rows, whichever way they came in."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from bot.channels.raw import Raw
from bot.channels.telegram.channel import TelegramChannel

_acknowledging: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected in mid-flight


def as_raws(channel: TelegramChannel, updates: Iterable[Any]) -> list[Raw]:
    """Each update, trimmed, with its number and its chat; one without a number is known by its content."""
    raws = []
    for update in updates:
        key, address = channel.sender(update)
        raws.append(Raw(key or _digest(update), address, channel.trim(update)))
    return raws


def as_raw(channel: TelegramChannel, body: bytes) -> Raw:
    """A webhook's body. What is not JSON is kept too, to be quarantined: Telegram must not send it for ever."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        update = None
    return as_raws(channel, [update])[0] if update is not None else Raw(hashlib.sha256(body).hexdigest(), "", None)


def acknowledge_all(channel: TelegramChannel, updates: Iterable[Any]) -> None:
    """Stop the spinners of pressed buttons; nothing waits for it."""
    for update in updates:
        if isinstance(update, dict) and "callback_query" in update:
            task = asyncio.create_task(channel.acknowledge(update))
            _acknowledging.add(task)
            task.add_done_callback(_acknowledging.discard)


def _digest(update: Any) -> str:
    return hashlib.sha256(json.dumps(update, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
