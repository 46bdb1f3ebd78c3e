"""One process of the program, put together as `bot.app` does, which can be killed between any two steps."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from bot.inbox.inbox import Inbox
from handlers.shared import SharedState
from storage.database import Database, _Task, clock
from surveys.rounds.lifecycle import wake
from surveys.rounds.send_policy import Sending

T = TypeVar("T")
DUE = 5.0  # seconds between looks at what rounds want, as `bot.clock` has it

Step = Callable[["Machine", str], None]  # called at each point at which a process may die


class Machine:
    """A process. `step` may call `kill` on it."""

    def __init__(
        self,
        name: str,
        address: str,
        world: SharedState,
        network: "Network",
        *,
        now: Callable[[], datetime],
        chance: random.Random,
        step: Step,
        sending: Sending,
        alone: bool,
        inbound: bool,
    ) -> None:
        self.name = name
        self.inbound = inbound
        self.dead = False
        self.step = step
        self._tasks: list[asyncio.Task[Any]] = []
        self._vault, self._sending = world.vault, sending
        self.database = MachineDatabase(self, address, now, chance, alone=alone)
        channel = TelegramChannel(network.token, network.base_url)
        channel._bot._request = (MachineRequest(self, network), MachineRequest(self, network))
        self._delivery = Delivery(self.database, world, channel, Limiter(sending.rate), sending.quiet, owner=name)
        inbox = Inbox(self.database, world, {"telegram": channel}, wake=self._delivery.wake)
        self._start(self._delivery.run())
        self._start(self._rounds())
        if inbound:
            self._start(inbox.run())
            self._start(poll(channel, inbox.accept))

    def kill(self) -> None:
        """kill -9: nothing of it is written or sent from now on."""
        self.dead = True
        for task in self._tasks:
            task.cancel()
        self.database.die()

    def failures(self) -> list[BaseException]:
        """What ended a part of a living process."""
        if self.dead:
            return []
        ended = [task for task in self._tasks if task.done() and not task.cancelled()]
        return [error for task in ended if (error := task.exception())]

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _rounds(self) -> None:
        def due(connection: Connection) -> list[str]:
            return wake(connection, self._vault, clock(connection), self._sending)

        while True:
            if await self.database.write(due):
                self._delivery.wake()
            await asyncio.sleep(DUE)


class MachineDatabase(Database):
    """The program's database without threads: a commit takes a moment, and its machine may die before or after."""

    def __init__(
        self, machine: Machine, address: str, now: Callable[[], datetime], chance: random.Random, *, alone: bool
    ) -> None:
        super().__init__(address, now)
        self.dialect = "sqlite" if alone else "many machines"
        self._machine = machine
        self._chance = chance
        self._waiting: list[_Task[Any]] = []

    async def write(self, job: Callable[[Connection], T]) -> T:
        if self._machine.dead:
            raise _gone()
        future: Future[T] = Future()
        if not self._waiting:
            asyncio.get_running_loop().call_later(self._chance.uniform(0.0005, 0.01), self._flush)
        self._waiting.append(_Task(job, future))
        return await asyncio.wrap_future(future)

    async def apart(self, job: Callable[[Connection], T]) -> T:
        return await self.write(job)

    def die(self) -> None:
        for task in self._waiting:
            task.future.set_exception(_gone())
        self._waiting = []
        self.engine.dispose()

    def _flush(self) -> None:
        self._machine.step(self._machine, "before a commit")
        tasks, self._waiting = self._waiting, []
        if tasks:
            self._commit(tasks)
            self._machine.step(self._machine, "after a commit")


class Network:
    """What lies between the machines and Telegram. `carry` brings a request there, and the answer back."""

    token = "7000000001:standin"
    base_url = "http://telegram.simulated/bot"

    def __init__(self, carry: Callable[[str, dict[str, Any], float], Awaitable[tuple[int, bytes]]]) -> None:
        self._carry = carry
        self._under_way: set[asyncio.Future[Any]] = set()

    async def request(self, method: str, parameters: dict[str, Any], patience: float) -> tuple[int, bytes]:
        """What has left goes on its way, whatever becomes of the sender."""
        carried = asyncio.ensure_future(self._carry(method, parameters, patience))
        self._under_way.add(carried)
        carried.add_done_callback(self._arrived)
        return await asyncio.shield(carried)

    def _arrived(self, carried: "asyncio.Future[Any]") -> None:
        self._under_way.discard(carried)
        if not carried.cancelled():
            carried.exception()  # seen, though the machine that asked may be dead


class MachineRequest(BaseRequest):
    """python-telegram-bot's way to the network."""

    def __init__(self, machine: Machine, network: Network) -> None:
        self._machine = machine
        self._network = network

    @property
    def read_timeout(self) -> float:
        return 20.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        called = url.rpartition("/")[2]
        self._at(f"before {called}")
        parameters = dict(request_data.parameters) if request_data else {}
        patience = read_timeout if isinstance(read_timeout, int | float) else self.read_timeout
        try:
            return await self._network.request(called, parameters, patience)
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
        finally:
            self._at(f"after {called}")

    def _at(self, point: str) -> None:
        if not self._machine.dead and not point.endswith("getUpdates"):
            self._machine.step(self._machine, point)
        if self._machine.dead:
            raise asyncio.CancelledError


def _gone() -> DBAPIError:
    return DBAPIError("the machine is dead", None, Exception())
