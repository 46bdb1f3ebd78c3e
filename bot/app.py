"""The program, put together: parts start in order and stop in reverse, sending last up and first down."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
import uvicorn
from sqlalchemy import Connection

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.web import WebChannel
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
from storage.audit import record
from storage.database import Database
from storage.schema import head, revision
from surveys.results.results import score
from surveys.rounds.coverage import coverage
from surveys.rounds.status import under_way
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
    return SharedState(vault, config.asker, library=library, sending=config.sending, helping=helping)


def make_library(config: Config) -> Library:
    """Answers and search, with the site's own sentence encoder where it names one. Raises `EncoderError`."""
    if not config.faq.encoder:
        return Library()
    from faq.search.encoder import load_encoder  # numpy: 60 ms and 11 MB that not every program needs at once

    return Library(encoder=load_encoder(config.faq.encoder))


def make_telegram(config: Config) -> TelegramChannel | None:
    settings = config.telegram
    if not settings.enabled:
        return None
    return TelegramChannel(
        settings.token.get_secret_value(),
        settings.base_url,
        webhook_secret=settings.webhook_secret.get_secret_value(),
        proxy=settings.proxy,
        paid_broadcast=settings.paid_broadcast,
        pictures=f"{config.web.public_url}/pictures" if config.web.public_url else "",
    )


@dataclass
class App:
    """The running program."""

    config: Config
    database: Database
    shared: SharedState
    inbox: Inbox
    telegram: TelegramChannel | None = None
    delivery: Delivery | None = None
    port: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


@contextlib.asynccontextmanager
async def open_app(config: Config, *, sample: bool = False) -> AsyncIterator[App]:
    """Start what the configuration enables; leave in the reverse order. Raises `ConfigError`, `PortInUse`."""
    telegram = make_telegram(config)
    if telegram is None and not config.web.enabled:
        raise ConfigError("telegram.token, web.enabled: không có kênh nào được bật")
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(_listening(config.web.host, config.web.port)) if config.web.enabled else None
        database = Database(config.database.url)
        stack.callback(database.close)
        shared = make_world(config)
        channels: dict[str, Channel] = {"web": WebChannel()}
        delivery: Delivery | None = None
        if telegram is not None:
            channels["telegram"] = telegram
            await telegram.open()
            stack.push_async_callback(telegram.close)
            delivery = Delivery(
                database,
                shared,
                telegram,
                Limiter(config.telegram.rate),
                config.sending.quiet,
            )
        wake = delivery.wake if delivery else lambda: None
        inbox = Inbox(database, shared, channels, wake=wake)
        app = App(config, database, shared, inbox, telegram, delivery)
        scheduler = start_clock(database, shared, wake, config.sending)
        stack.callback(scheduler.shutdown, wait=False)
        await stack.enter_async_context(_running(app, inbox.run()))
        if delivery is not None:
            await stack.enter_async_context(_running(app, delivery.run()))
        if listener is not None:
            await stack.enter_async_context(_serving(app, listener, sample=sample))
        if telegram is not None:
            if config.telegram.mode == "polling":
                await stack.enter_async_context(_running(app, poll(telegram, inbox.accept)))
            await stack.enter_async_context(_running(app, introduce(config, telegram, shared.catalogue)))
        yield app


async def run_until_stopped(config: Config, ready: Callable[[App], None], *, sample: bool = False) -> None:
    """Run until SIGINT or SIGTERM, or until a part of the program fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with open_app(config, sample=sample) as app:
        ready(app)
        app.shared.library.build_ahead()
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


async def introduce(config: Config, telegram: TelegramChannel, catalogue: Catalogue) -> None:
    """Tell Telegram where to send updates and which commands there are; again until it hears."""
    pause = 2.0
    menus = {
        language: [(name, catalogue.say(language, f"commands.{name}")) for name in COMMANDS] for language in LANGUAGES
    }
    while True:
        try:
            if config.telegram.mode == "webhook":
                url = config.telegram.webhook_url or f"{config.web.public_url}/in/telegram"
                await telegram.use_webhook(url)
            await telegram.describe(menus, "vi")
            await telegram.meet()
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
    newest = head()

    def migrated(connection: Connection) -> bool:
        return revision(connection) == newest

    site = build(
        WebDependencies(
            conversation=Gateway(app.inbox, app.telegram),
            database=app.database,
            migrated=migrated,
            coverage=_coverage,
            sending=partial(under_way, sending=app.config.sending),
            scores=partial(score, public=True, small=app.config.secrecy.small_cells),
            staff_scores=partial(score, small=app.config.secrecy.small_cells),
            telegram_verify=app.telegram.verify if app.telegram and app.config.telegram.mode == "webhook" else None,
            telegram_name=lambda: app.telegram.bot_name if app.telegram else "",
            note=partial(_note, app.shared.key),
            vault=app.shared.vault,
            organisation=app.shared.organisation,
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


def _note(key: bytes, connection: Connection, actor: str, action: str, subject: str) -> None:
    record(connection, key, actor=actor, action=action, subject=subject)


def _coverage(connection: Connection, round_id: int) -> list[dict[str, object]]:
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "level": unit.level,
            "households": unit.households,
            "ballots": unit.ballots,
            "coverage": float(unit.coverage) if unit.coverage is not None else None,
        }
        for unit in coverage(connection, round_id)
    ]
