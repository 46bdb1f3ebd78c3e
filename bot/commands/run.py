"""`run`: everything that the configuration enables. `work`: only the queue's work, for further machines."""

import asyncio
from typing import TYPE_CHECKING

import click

from bot.commands.options import opened, with_config

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Config


@click.command()
@with_config
def run(config: "Config") -> None:
    """Run everything that the configuration enables."""
    from bot.app import run_until_stopped
    from bot.logs import set_up_logs

    set_up_logs(config.log.level, config.log.format)
    with opened(config):
        pass
    asyncio.run(run_until_stopped(config, _ready))


@click.command()
@with_config
def work(config: "Config") -> None:
    """Only handle events and send messages, beside a `run` on another machine (PostgreSQL)."""
    from bot.app import run_until_stopped
    from bot.config import ConfigError
    from bot.logs import set_up_logs

    if not config.database.url.startswith("postgres"):
        raise ConfigError("database.url: work cần PostgreSQL; với SQLite hãy dùng một mình: langnghe run")
    set_up_logs(config.log.level, config.log.format)
    with opened(config):
        pass
    quiet = config.model_copy(update={"web": config.web.model_copy(update={"enabled": False})})
    asyncio.run(run_until_stopped(quiet, _ready, receiving=False))


def _ready(app: "App") -> None:
    from bot.channels.demands import shortcomings

    address = f" http://{app.config.web.host}:{app.port}/" if app.port else ""
    click.echo(f"Lắng Nghe đang chạy ({', '.join(app.channels)}){address}")
    for sentence in shortcomings(app.channels):
        click.echo(sentence)
