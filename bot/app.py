"""The program, put together: parts start in order and stop in reverse, sending last up and first down."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
import uvicorn

from bot.channels.abilities import Introduced, Linked, Opened, Polled, Webhook, sends
from bot.channels.demands import contradictions
from bot.channels.registry import capabilities, make_channels, rates
from bot.clock import start_clock
from bot.config import Config, ConfigError
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from bot.gc_tuning import freeze
from bot.inbox.inbox import Inbox
from bot.inbox.web_gateway import Gateway
from faq.library import Library
from handlers.catalogue import LANGUAGES, Catalogue
from handlers.messages import Channel
from handlers.shared import Helping, SharedState
from storage.database import Database
from surveys.secrecy.vault import Vault
from web.site import WebDependencies, build

log = structlog.get_logger()

COMMANDS = ("start", "menu", "language", "data", "help", "stop")


class PortInUse(Exception):
    """Another program listens there."""


def make_world(config: Config) -> SharedState:
    """What conversations share. Raises `CatalogueError` when a language lacks a text, `EncoderError`."""
    pages = config.web.public_url.rstrip("/") or (config.site if config.web.enabled else "")
    helping = Helping(pages, config.helpers.per_day)
    vault, library = Vault(config.secrecy.folder), make_library(config)
    return SharedState(
        vault,
        config.asker,
        library=library,
        sending=config.sending,
        helping=helping,
        capabilities=capabilities(config),
        own_numbers=config.emergency.numbers,
    )


def make_library(config: Config) -> Library:
    """Answers and search, with the site's own sentence encoder where it names one. Raises `EncoderError`."""
    if not config.faq.encoder:
        return Library()
    from faq.search.encoder import load_encoder  # numpy: 60 ms and 11 MB that not every program needs at once

    return Library(encoder=load_encoder(config.faq.encoder))


@dataclass
class App:
    """The running program."""

    config: Config
    database: Database
    shared: SharedState
    inbox: Inbox
    channels: Mapping[str, Channel]
    port: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


@contextlib.asynccontextmanager
async def open_app(config: Config, *, sample: bool = False, receiving: bool = True) -> AsyncIterator[App]:
    """Start what the configuration enables; leave in the reverse order. Raises `ConfigError`, `PortInUse`.

    `receiving`: False where another machine takes in what people send, and this one only works it off.
    """
    channels, paces = make_channels(config, config.web.public_url), rates(config)
    for sentence in contradictions(channels, paces, served=config.web.enabled or not receiving):
        raise ConfigError(sentence)
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(_listening(config.web.host, config.web.port)) if config.web.enabled else None
        database = Database(config.database.url)
        stack.callback(database.close)
        shared = make_world(config)
        for channel in channels.values():
            if isinstance(channel, Opened):
                await channel.open()
                stack.push_async_callback(channel.close)
        lanes = [
            Delivery(database, shared, channel, Limiter(paces[name]), config.sending.quiet)
            for name, channel in channels.items()
            if sends(channel)
        ]

        def wake() -> None:
            for lane in lanes:
                lane.wake()

        app = App(config, database, shared, Inbox(database, shared, channels, wake=wake), channels)
        scheduler = start_clock(database, shared, wake, config.sending)
        stack.callback(scheduler.shutdown, wait=False)
        await stack.enter_async_context(_running(app, app.inbox.run()))
        for lane in lanes:
            await stack.enter_async_context(_running(app, lane.run()))
        if listener is not None:
            await stack.enter_async_context(_serving(app, listener, sample=sample))
        for channel in channels.values() if receiving else ():
            if isinstance(channel, Polled):
                await stack.enter_async_context(_running(app, channel.poll(app.inbox.accept)))
            if isinstance(channel, Introduced):
                await stack.enter_async_context(_running(app, introduce(channel, shared.catalogue)))
        yield app


async def run_until_stopped(
    config: Config, ready: Callable[[App], None], *, sample: bool = False, receiving: bool = True
) -> None:
    """Run until SIGINT or SIGTERM, or until a part of the program fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with open_app(config, sample=sample, receiving=receiving) as app:
        ready(app)
        app.shared.library.build_ahead(likeness=True)
        freeze()
        waiting: set[asyncio.Task[Any]] = {asyncio.create_task(stop.wait()), *app.tasks}
        while waiting and not stop.is_set():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # a part that failed ends the program with its error


@contextlib.asynccontextmanager
async def _running(app: App, work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    app.tasks.append(task)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def introduce(channel: Introduced, catalogue: Catalogue) -> None:
    """Tell a platform where to send events and which commands there are; again until it hears."""
    pause = 2.0
    menus = {
        language: [(name, catalogue.say(language, f"commands.{name}")) for name in COMMANDS] for language in LANGUAGES
    }
    while True:
        try:
            await channel.introduce(menus, LANGUAGES[0])
        except Exception as error:
            log.warning("introduction_failed", error=type(error).__name__, retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60)
        else:
            return


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the program's, not the server's."""
        yield


@contextlib.asynccontextmanager
async def _serving(app: App, listener: socket.socket, *, sample: bool) -> AsyncIterator[None]:
    app.port = listener.getsockname()[1]
    linked = [channel for channel in app.channels.values() if isinstance(channel, Linked)]

    site = build(
        WebDependencies(
            conversation=Gateway(app.inbox, app.channels),
            database=app.database,
            vault=app.shared.vault,
            webhooks={name: each.verify for name, each in app.channels.items() if isinstance(each, Webhook)},
            links=lambda payload: {each.title: each.link(payload) for each in linked},
            organisation=app.shared.organisation,
            sending=app.config.sending,
            small_cells=app.config.secrecy.small_cells,
            secure_cookies=app.config.web.secure_cookies,
            sample=sample,
        )
    )
    server = _Server(
        uvicorn.Config(
            site, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=5
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    app.tasks.append(task)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A port of our own, before anything else is touched."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: asyncio sets TCP_NODELAY on no other, and answers after the first would wait 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(512)
        except OSError as error:
            raise PortInUse(
                f"web.port: không mở được cổng {port} trên {host} ({error.strerror}); chọn cổng khác"
            ) from None
        listener.setblocking(False)
        yield listener
