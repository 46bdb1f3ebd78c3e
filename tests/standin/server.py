"""A strict Telegram for tests: a real HTTP server that answers as the Bot API does, and phones to talk with.

    async with TelegramStandIn() as telegram:
        bot = Bot(telegram.token, base_url=telegram.base_url)
        phone = telegram.phone()
        await phone.start()
        ...
        assert telegram.violations == []

Its behaviour follows Telegram's reference and server source, not our program; what it does not know it
refuses and puts on record as a violation. Not modelled: groups, and the pause that the server forces on polls
repeated within seconds.
"""

import asyncio
import inspect
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from standin import sending, settings
from standin.chats import Chat, Sent
from standin.clock import Clock
from standin.faults import Fault, Faults, Rule
from standin.flood import FloodGate, Limit
from standin.phone import Phone
from standin.reading import UPLOAD_LIMIT, Call, read_call
from standin.refusals import Refused, Violated, Violation
from standin.schema import bot_api
from standin.state import State, Tap
from standin.webhook import Attempt

RETRY_DELAYS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # seconds; Telegram's own grow from 0 to 60-120
METHODS = sending.METHODS | settings.METHODS


class TelegramStandIn:
    """Telegram's servers for one bot, on 127.0.0.1."""

    def __init__(
        self,
        *,
        token: str = "7000000001:standin",
        clock: Callable[[], float] | None = None,
        chance: random.Random | None = None,
        limit: Limit | None = None,
        chat_limit: Limit | None = None,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        port: int = 0,
    ) -> None:
        self.token = token
        self.clock = clock or Clock()
        self._chance = chance or random.Random(0)
        self._gate = FloodGate(limit, chat_limit)
        self._faults = Faults(self._chance)
        self._schema = bot_api()
        bot_id = int(token.partition(":")[0])
        self.state = State(bot_id, self.clock, self._chance, self._gate, retry_delays)
        self._phones: dict[int, Phone] = {}
        self._port = port
        application = web.Application(client_max_size=UPLOAD_LIMIT)
        application.router.add_route("*", "/bot{token}/{method}", self._serve)
        self.application = application
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await self._listen()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.state.polling.interrupt("the stand-in stops")
        await self.state.replace_webhook(None)
        await self._runner.cleanup()

    async def _listen(self) -> None:
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`."""
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def violations(self) -> list[Violation]:
        """Requests that no correct program would send."""
        return self.state.violations

    @property
    def ledger(self) -> list[Sent]:
        """Everything that phones received, in order, duplicates included."""
        return self.state.ledger

    @property
    def taps(self) -> list[Tap]:
        """Every pressed button, and how long it took the bot to answer."""
        return list(self.state.taps.values())

    @property
    def calls(self) -> Counter[str]:
        """How often each method was called, whatever came of it."""
        return self.state.calls

    @property
    def polls(self) -> int:
        """How many getUpdates have begun; the last may still wait."""
        return self.state.polling.begun

    @property
    def floods(self) -> int:
        """How many messages were turned away because there were too many."""
        return self._gate.floods

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The updates that the bot has not confirmed."""
        return [pending.update for pending in self.state.updates.alive()]

    @property
    def webhook_attempts(self) -> list[Attempt]:
        """Every post of an update to the bot's webhook."""
        return self.state.attempts

    @property
    def commands(self) -> dict[tuple[str, str], list[dict[str, str]]]:
        """The bot's command lists, by scope and language."""
        return self.state.commands

    @property
    def profile(self) -> dict[tuple[str, str], str]:
        """`name`, `description` and `short_description`, by field and language."""
        return self.state.profile

    def phone(
        self,
        user_id: int | None = None,
        *,
        language_code: str | None = "vi",
        name: str = "Nguyễn Thị Mai",
        username: str | None = None,
        written: bool = False,
    ) -> Phone:
        """A person's phone; the same one for the same id. `written`: they wrote to the bot long ago."""
        user_id = user_id or 500_000_000 + len(self.state.chats)
        if user_id not in self.state.chats:
            optional = {"username": username, "language_code": language_code}
            user = {"id": user_id, "is_bot": False, "first_name": name}
            user |= {key: value for key, value in optional.items() if value is not None}
            self.state.chats[user_id] = Chat(user, str(self._chance.getrandbits(62)))
        if user_id not in self._phones:
            self._phones[user_id] = Phone(self.state, self.state.chats[user_id])
        self.state.chats[user_id].written |= written
        return self._phones[user_id]

    def acquaint(self, user_ids: Iterable[int]) -> list[Phone]:
        """Phones of people who wrote to the bot long ago, so that it may write to them."""
        return [self.phone(user_id, written=True) for user_id in user_ids]

    async def push(self, update: dict[str, Any]) -> int | None:
        """Send any update, malformed ones too; `update_id` is assigned unless given.

        Returns the id, or None if the bot did not ask for this kind of update.
        """
        return self.state.updates.add(update)

    async def idle(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 (a test's own limit)
        """Wait until the bot has confirmed every update."""
        try:
            await asyncio.wait_for(self.state.updates.emptied(), timeout)
        except TimeoutError:
            raise AssertionError(f"unconfirmed after {timeout:g} s: {self.pending}") from None

    def fail(self, method: str, fault: Fault, *, times: int | None = 1, probability: float = 1.0) -> Rule:
        """Let the next requests for a method ("*": any) go wrong; `times=None`: until `heal`."""
        return self._faults.add(Rule(method, fault, times, probability))

    def heal(self) -> None:
        """Forget all faults on order."""
        self._faults.clear()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Telegram cannot be reached: connections break, and new ones are refused."""
        for site in list(self._runner.sites):
            await site.stop()
        if self._runner.server is not None:
            await self._runner.server.shutdown(0.01)  # 0 would wait for ever
        yield
        await self._listen()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        method = self._schema.method(request.match_info["method"])
        if method is None:
            return _refusal(Refused(404, "Not Found"))
        self.calls[method] += 1
        fault, seconds = self._faults.next(method)
        call = Call(method)
        await _pause(seconds / 2)
        if fault and not fault.accepted:
            await request.read()
            response = web.Response()
        else:
            response = await self._respond(request, call)
        await _pause(seconds / 2)
        return _spoiled(request, fault) if fault else response

    async def ask(self, name: str, parameters: dict[str, Any]) -> tuple[int, bytes]:
        """One request without a server, for who owns the network: the status and the body of the answer."""
        method = self._schema.method(name)
        if method is None:
            body, status = Refused(404, "Not Found").body, 404
        else:
            self.calls[method] += 1
            body, status = await self._answer(Call(method, parameters))
        return status, json.dumps(body).encode()

    async def _respond(self, request: web.Request, call: Call) -> web.Response:
        async def read() -> None:
            await read_call(request, call, self._schema)

        return _json(*await self._answer(call, read))

    async def _answer(
        self, call: Call, read: Callable[[], Awaitable[None]] | None = None
    ) -> tuple[dict[str, Any], int]:
        try:
            if read is not None:
                await read()
            result = await self._perform(call)
        except Violated as violated:
            self.violations.append(Violation(call.method, violated.description, call.parameters))
            return violated.body, violated.code
        except Refused as refused:
            return refused.body, refused.code
        return {"ok": True, "result": result}, 200

    async def _perform(self, call: Call) -> Any:
        if problem := self._schema.request_problem(call.method, call.parameters):
            raise Violated(problem)
        if call.method not in METHODS:
            raise Violated(f"the stand-in does not know what {call.method} does")
        result = METHODS[call.method](self.state, call)
        return await result if inspect.isawaitable(result) else result


async def _pause(seconds: float) -> None:
    if seconds:
        await asyncio.sleep(seconds)


def _spoiled(request: web.Request, fault: Fault) -> web.Response:
    """The answer that a fault leaves."""
    match fault.kind:
        case "cut":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        case "garbage":
            return web.Response(text="<html><body>Web filter: please sign in</body></html>", content_type="text/html")
        case _ if fault.code == 429:
            wait = fault.retry_after or 1
            return _refusal(Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
        case _:
            return _refusal(Refused(fault.code, HTTPStatus(fault.code).phrase))


def _refusal(refused: Refused) -> web.Response:
    return _json(refused.body, refused.code)


def _json(body: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")
