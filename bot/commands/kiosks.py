"""`kiosk open / list / close`: screens at a one-stop desk."""

import secrets
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import as_whom, require_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config


@click.group()
def kiosk() -> None:
    """Screens at a one-stop desk on which people fill in a round's ballot."""


@kiosk.command("open")
@click.argument("key", metavar="ROUND")
@click.option("--unit", required=True, metavar="UNIT", help="Where it stands: CODE or CODE/HAMLET.")
@click.option("--pin", default="", help="4 to 12 digits that end it; six random ones by default.")
@by_whom
@as_whom
@as_json
@with_config
def open_(config: "Config", key: str, unit: str, pin: str, as_json: bool) -> None:
    """Print a link, good for one use, that turns a screen into a kiosk, and the PIN that ends it."""
    from datetime import UTC, datetime

    from surveys.ballots.kiosks import open_kiosk
    from surveys.unit_names import find_units

    pin = pin or "".join(secrets.choice("0123456789") for _ in range(6))
    with opened(config) as database, database.transaction() as connection:
        [unit_id] = find_units(connection, [unit])
        require_permission(connection, Deed.SET_UP_KIOSKS, [unit_id])
        made = open_kiosk(connection, key, unit_id, pin, datetime.now(UTC))
        audit_entry(connection, config, "kiosk.open", key, kiosk=made.id, unit=unit_id)
    link = f"{config.site}/kiosk/start/{made.token}"
    if as_json:
        print_json({"kiosk": made.id, "link": link, "pin": pin})
        return
    click.echo(f"máy trả lời số {made.id}: mở đường dẫn này trên máy đặt ở quầy (dùng được một lần)")
    click.echo(link)
    click.echo(f"mã PIN để thoát: {pin}")


@kiosk.command("list")
@click.argument("key", metavar="[ROUND]", required=False)
@as_json
@with_config
def list_(config: "Config", key: str | None, as_json: bool) -> None:
    """List kiosks, of one round or of all: where they stand and how many ballots came from them."""
    from surveys.ballots.kiosks import kiosks
    from surveys.ballots.states import KIOSK_STATES
    from surveys.rounds.rounds import find_round

    with opened(config) as database:
        rows = database.read_now(
            lambda connection: kiosks(connection, of_round=find_round(connection, key).id if key else None)
        )
    columns = {"kiosk": "số", "round": "đợt", "unit": "nơi đặt", "state": "trạng thái", "ballots": "phiếu"}
    show_rows(
        "kiosks",
        [row.to_json() for row in rows],
        columns,
        as_json=as_json,
        words=lambda row: {"state": KIOSK_STATES[row["state"]]},
    )


@kiosk.command()
@click.argument("number", type=int)
@by_whom
@as_whom
@with_config
def close(config: "Config", number: int) -> None:
    """End a kiosk from here; its screen shows nothing any more."""
    from datetime import UTC, datetime

    from surveys.ballots.kiosks import end_kiosk, stands_in

    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.SET_UP_KIOSKS, [stands_in(connection, number)])
        end_kiosk(connection, number, datetime.now(UTC))
        audit_entry(connection, config, "kiosk.close", number)
    click.echo(f"đã kết thúc máy trả lời số {number}")
