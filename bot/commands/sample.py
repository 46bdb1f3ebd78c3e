"""`sample`: the demo's units and open rounds in the configured database, without ballots."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.options import opened, with_config

if TYPE_CHECKING:
    from bot.config import Config


@click.command()
@with_config
def sample(config: "Config") -> None:
    """Load the sample units, households and two open rounds, without ballots; migrates first."""
    from bot.samples import make_sample
    from storage.database import check_connection
    from storage.schema import upgrade
    from surveys.secrecy.vault import Vault

    check_connection(config.database.url, create=True)
    upgrade(config.database.url)
    with opened(config) as database:
        made = make_sample(database, Vault(config.secrecy.folder), datetime.now(UTC), config.sending.windows)
    for name in made:
        click.echo(f"đã mở: {name}")
    click.echo("Số liệu mẫu đã sẵn sàng; không phải số liệu chính thức.")
