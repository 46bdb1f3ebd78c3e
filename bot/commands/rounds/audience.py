"""`round reach / rehearse`: whom a round would reach, and what they would get, before anything is sent."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, table, with_config
from bot.commands.permissions import as_whom, require_round_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from surveys.rounds.audience import Audience


@click.command()
@click.argument("key", metavar="ROUND")
@as_whom
@as_json
@with_config
def reach(config: "Config", key: str, as_json: bool) -> None:
    """Whom a round would reach: people and households per hamlet, on which channel, and how long sending takes."""
    from bot.commands.rounds.status import duration
    from surveys.local_time import say_moment
    from surveys.rounds.audience import reach as read_reach

    def read(connection: "Connection") -> "Audience":
        require_round_permission(connection, Deed.WATCH_SENDING, key)
        return read_reach(connection, key, datetime.now(UTC), config.sending)

    with opened(config) as database:
        found = database.read_now(read)
    if as_json:
        print_json(found.to_json())
        return
    people, estimate = found.people, found.estimate
    channels = ", ".join(f"{name} {number}" for name, number in people.by_channel.items()) or "không kênh nào"
    click.echo(f"{found.round.name}: nhắn được {people.reachable} trong {people.known} người đã biết ({channels})")
    click.echo(
        f"không nhắn: đã dừng {people.stopped}, không đồng ý {people.declined}, chưa hỏi {people.not_asked}, "
        f"bị chặn {people.blocked}, không nhắn trước được {people.no_channel}; "
        f"không nhận nhắc lại {found.muted}"
    )
    rows = [
        {**each.to_json(), "households": "?" if each.unit.households is None else each.unit.households}
        for each in found.units
    ]
    table(
        rows,
        {"name": "đơn vị", "households": "số hộ", "known": "người", "reachable": "nhắn được", "stopped": "đã dừng"},
    )
    if not people.reachable:
        click.echo("chưa nhắn được ai: bà con vào bằng đường dẫn, mã QR hoặc trang web")
        return
    quiet = f", nghỉ {estimate.quiet_hours}" if estimate.quiet_hours else ""
    done = say_moment(estimate.done_at)
    click.echo(
        f"gửi {estimate.messages} tin với {estimate.rate_per_second:g} tin/giây{quiet}: "
        f"khoảng {duration(estimate.seconds)}, xong lúc {done}"
    )


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--to", "address", required=True, help="Your own chat: CHANNEL:ID, such as telegram:123456.")
@by_whom
@as_whom
@as_json
@with_config
def rehearse(config: "Config", key: str, address: str, as_json: bool) -> None:
    """Send the invitation to yourself only, marked as a rehearsal; looking through it stores nothing."""
    from bot.app import make_world
    from handlers.staff.rehearsal import owe

    with opened(config) as database, database.transaction() as connection:
        require_round_permission(connection, Deed.SEND_REHEARSAL, key)
        row, channel = owe(connection, make_world(config), key, address, datetime.now(UTC))
        audit_entry(connection, config, "round.rehearse", row.id)
    if as_json:
        print_json({"round": row.id, "channel": channel, "queued": 1})
    else:
        click.echo(f"lời mời diễn tập của đợt “{row.name}” sẽ tới kênh {channel} khi chương trình đang chạy")
