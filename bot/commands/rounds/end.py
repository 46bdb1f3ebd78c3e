"""`round close / cancel`: the two ways a round ends, neither of which can be undone."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_round_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config
    from surveys.rounds.round_row import RoundRow


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--by", "by", default="", help="Who closes.")
@click.option("--with", "witness", default="", help="The second person, who watches.")
@as_json
@with_config
def close(config: "Config", key: str, by: str, witness: str, as_json: bool) -> None:
    """Close a round, by two people: ballots are shuffled and the secret that links them is destroyed."""
    from surveys.closing.closing import close_for_good
    from surveys.closing.pair import closing_pair
    from surveys.permissions import targets
    from surveys.rounds.repeats import repeat_due
    from surveys.rounds.rounds import find_round
    from surveys.rounds.states import RoundState
    from surveys.secrecy.vault import Vault

    with opened(config) as database:
        with database.transaction() as connection:
            row = find_round(connection, key)
            # A close that a crash cut off goes on as it was begun, by whomever.
            begins = row.state != RoundState.CLOSING
            pair = closing_pair(connection, targets(connection, row.id), by, witness) if begins else None
        done = close_for_good(database, Vault(config.secrecy.folder), key, by=by, witness=witness)
        with database.transaction() as connection:
            repeat_due(connection, datetime.now(UTC))
    if pair is not None and not pair.accounts:
        click.echo("hai người đóng đợt không có tài khoản, chỉ có tên được ghi lại; xem: langnghe staff add", err=True)
    if as_json:
        print_json(
            {"round": done.round_id, "state": RoundState.CLOSED, "ballots": done.ballots, "unreadable": done.unreadable}
        )
    else:
        click.echo(f"đợt {done.round_id} đã đóng với {done.ballots} phiếu; khóa nối phiếu với người đã hủy")
        if done.unreadable:
            click.echo(f"{done.unreadable} phiếu bị sửa từ bên ngoài nên không mở được và không được tính", err=True)


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_whom
@as_whom
@as_json
@with_config
def cancel(config: "Config", key: str, yes: bool, as_json: bool) -> None:
    """Call a round off: nothing more is sent, its ballots are deleted, there will be no result.

    On a terminal it asks once when there are ballots to lose.
    """
    from surveys.rounds import lifecycle
    from surveys.rounds.rounds import find_round
    from surveys.rounds.status import status
    from surveys.secrecy.vault import Vault

    with opened(config) as database:
        with database.transaction() as connection:
            require_round_permission(connection, Deed.CANCEL_ROUND, key)
            ballots = status(connection, key).ballots.started
        if ballots and not yes and sys.stdin.isatty():
            click.confirm(f"Hủy đợt này và xóa {ballots} phiếu?", abort=True, err=True)
        with database.transaction() as connection:
            require_round_permission(connection, Deed.CANCEL_ROUND, key)
            lifecycle.cancel(connection, key, datetime.now(UTC))
            row = find_round(connection, key)
            audit_entry(connection, config, "round.cancel", row.id, ballots=ballots)
    Vault(config.secrecy.folder).destroy_round_secret(row.code)
    say_state(row, "đã hủy", as_json=as_json)


def say_state(row: "RoundRow", said: str, *, as_json: bool) -> None:
    """What became of a round, in words or as JSON."""
    if as_json:
        print_json({"round": row.id, "state": row.state, "paused": row.paused})
    else:
        click.echo(f"đợt “{row.name}” {said}")
