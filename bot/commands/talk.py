"""`talk`: the console channel, a conversation in this terminal."""

import asyncio
import getpass
import uuid
from typing import TYPE_CHECKING

import click

from bot.commands.options import opened, with_config

if TYPE_CHECKING:
    from bot.config import Config
    from storage.database import Database


@click.command()
@click.option("--as", "address", default="", help="Who talks; the same name goes on where it stopped.")
@click.option("--code", default="", help="What a QR code would carry, such as a round's code.")
@with_config
def talk(config: "Config", address: str, code: str) -> None:
    """Talk to the bot here; an empty line repeats the question, Ctrl+D ends."""
    with opened(config) as database:
        asyncio.run(_talk(config, database, address or getpass.getuser(), code))


async def _talk(config: "Config", database: "Database", address: str, code: str) -> None:
    from bot.app import make_world
    from bot.channels.console import ConsoleChannel
    from bot.channels.raw import Raw
    from bot.inbox.inbox import Inbox
    from handlers.fitting import plan

    channel = ConsoleChannel(lambda text: click.echo(f"\n{text}\n"))
    inbox = Inbox(database, make_world(config), {channel.name: channel})
    line = f"/start {code}".strip()
    while True:
        raw = {"key": uuid.uuid4().hex, "address": address, "text": line}
        for message in await inbox.converse(channel.name, [Raw(raw["key"], address, raw)]):
            for part in plan(message, channel.capabilities):
                await channel.send(address, part)
        try:
            line = await asyncio.to_thread(input, "> ") or "/start"
        except EOFError:
            click.echo()
            return
