"""Three ways to send a round that look right and are not. The judge must find each of them out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from simulation.judge import TITLES
from simulation.loop import VirtualLoop, run
from simulation.universe import FIRST

from standin import TelegramStandIn

BATCH = 3
Send = Callable[[int], Awaitable[None]]
Commit = Callable[[int], None]
Sender = Callable[[Sequence[int], int, Send, Commit], Awaitable[None]]


async def checkpoint_at_fetch(people: Sequence[int], done: int, send: Send, commit: Commit) -> None:
    """Says "done" when it takes a batch: who was in it when the process dies gets nothing."""
    for start in range(done, len(people), BATCH):
        commit(min(start + BATCH, len(people)))
        for person in people[start : start + BATCH]:
            await send(person)


async def commit_per_batch(people: Sequence[int], done: int, send: Send, commit: Commit) -> None:
    """Says "done" after a batch: who was in it when the process dies gets it twice."""
    for start in range(done, len(people), BATCH):
        for person in people[start : start + BATCH]:
            await send(person)
        commit(min(start + BATCH, len(people)))


async def restart_from_the_top(people: Sequence[int], done: int, send: Send, commit: Commit) -> None:
    """Keeps nothing: everybody before the crash gets it twice."""
    for person in people if not done else ():
        await send(person)
    commit(len(people))


class _Dead(Exception):
    pass


def outcome(sender: Sender, invited: int, dies_at: int) -> tuple[TelegramStandIn, dict[tuple[int, str], str]]:
    """What phones received when the sender died at this step, and what it says itself: that all were sent."""
    people, kept, step = range(FIRST, FIRST + invited), [0], [0]

    def point() -> None:
        step[0] += 1
        if step[0] == dies_at:
            raise _Dead

    async def broadcast() -> TelegramStandIn:
        loop = asyncio.get_running_loop()
        telegram = TelegramStandIn(clock=loop.time)
        telegram.acquaint(people)

        async def send(person: int) -> None:
            point()
            await telegram.ask("sendMessage", {"chat_id": person, "text": TITLES["invite"]})
            point()

        def commit(done: int) -> None:
            point()
            kept[0] = done
            point()

        for _ in range(2):  # it dies once at the most
            try:
                await sender(people, kept[0], send, commit)
                break
            except _Dead:
                continue
        return telegram

    return run(broadcast(), VirtualLoop()), {(person, "invite"): "sent" for person in people}
