"""`receipt`: was a ballot counted, told by its receipt code; and the published list of hashes."""

from typing import TYPE_CHECKING

import click

from bot.commands.options import as_json, opened, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config


@click.group()
def receipt() -> None:
    """Receipts of a closed round's ballots; they never open an answer."""


@receipt.command()
@click.argument("key", metavar="ROUND")
@click.argument("code")
@as_json
@with_config
def check(config: "Config", key: str, code: str, as_json: bool) -> None:
    """Whether the ballot with this receipt code was counted."""
    from surveys.ballots.receipts import check as look_up
    from surveys.rounds.rounds import find_round

    with opened(config) as database:
        row = database.read_now(lambda connection: find_round(connection, key))
        counted = database.read_now(lambda connection: look_up(connection, row.id, code))
    if as_json:
        print_json({"round": row.id, "counted": counted})
    else:
        click.echo("phiếu có mã này đã được đếm" if counted else "không tìm thấy mã này trong đợt")


@receipt.command("list")
@click.argument("key", metavar="ROUND")
@as_json
@with_config
def list_(config: "Config", key: str, as_json: bool) -> None:
    """The hashes of all receipts of a closed round, to be published."""
    from surveys.ballots.receipts import published

    with opened(config) as database:
        hashes = database.read_now(lambda connection: list(published(connection, key)))
    if as_json:
        print_json({"receipts": hashes})
    else:
        for each in hashes:
            click.echo(each)
