"""An event loop whose clock is ours: when nothing is ready, time jumps to the next timer."""

import asyncio
import os
import random
import secrets
import selectors
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

T = TypeVar("T")


class Deadlock(Exception):
    """Everybody waits and no timer runs: nothing would ever happen again."""


class _Selector(selectors.SelectSelector):
    """Never waits: the loop's own pipe is all there is to watch."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise Deadlock
            self.loop.now += max(timeout, 0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`now` is in seconds since its beginning."""

    def __init__(self) -> None:
        self.now = 0.0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-6  # so that a jump always reaches its timer

    def time(self) -> float:
        return self.now


def run(main: Awaitable[T], loop: VirtualLoop) -> T:
    """Run to the end in no time; whatever is still under way then is dropped."""
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(asyncio.sleep(120))  # a part that waits to end does not wait for ever
        loop.close()
        asyncio.set_event_loop(None)


@contextmanager
def seeded(chance: random.Random) -> Iterator[None]:
    """What the program draws by itself (keys, numbers of people, codes) follows from the seed too."""
    with (
        mock.patch.object(secrets, "randbits", chance.getrandbits),
        mock.patch.object(secrets, "choice", chance.choice),
        mock.patch.object(secrets, "token_bytes", lambda size=32: chance.randbytes(size)),
        mock.patch.object(secrets, "token_hex", lambda size=32: chance.randbytes(size).hex()),
        mock.patch.object(os, "urandom", chance.randbytes),
    ):
        yield
