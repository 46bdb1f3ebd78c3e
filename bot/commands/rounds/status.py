"""`round status / recipients / resend`: how sending goes, and what became of every message."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, table, with_config
from bot.commands.permissions import as_whom, require_round_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.config import Config
    from storage.database import Database
    from surveys.rounds.recipients import Recipient
    from surveys.rounds.sending_status import Pace, Sent
    from surveys.rounds.status import RoundStatus
    from surveys.rounds.units import Turnout

BAR = "{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}{postfix}"
LOOK = 1.0  # seconds between looks of --watch
RECIPIENT = {
    **{"person": "người", "unit": "đơn vị", "channel": "kênh"},
    **{"kind": "loại", "state": "kết quả", "reason": "lý do"},
}


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--watch", is_flag=True, help="Stay and show how sending goes, until it is done.")
@as_whom
@as_json
@with_config
def status(config: "Config", key: str, watch: bool, as_json: bool) -> None:
    """How a round stands: people, ballots, coverage. Never an answer."""
    from surveys.rounds.status import status as read_status

    def read(connection: "Connection") -> "RoundStatus":
        require_round_permission(connection, Deed.WATCH_SENDING, key)
        return read_status(connection, key, config.sending)

    with opened(config) as database:
        if watch:
            database.read_now(lambda connection: require_round_permission(connection, Deed.WATCH_SENDING, key))
            _watch(config, database, key)
        now = database.read_now(read)
    if as_json:
        print_json(now.to_json())
    else:
        _print(now)


def _print(now: "RoundStatus") -> None:
    from handlers.catalogue import load_catalogue
    from surveys.local_time import say_moment
    from surveys.rounds.states import NOT_CLOSED, STATES

    row, ballots, sending = now.round, now.ballots, now.sending
    people, wave, pace = sending.people, sending.first_wave, sending.pace
    paused = ", đang tạm dừng gửi" if sending.paused else ""
    click.echo(f"{row.name}: {STATES[row.state]}{paused}")
    click.echo(f"mở {say_moment(row.opens_at)}; đóng {say_moment(row.closes_at)}")
    click.echo(
        f"lời mời: {people.invited}, đã gửi {people.sent}, đang chờ {people.pending}, "
        f"không tới được {people.unreachable}, bị từ chối {people.rejected}, không rõ {people.uncertain}"
    )
    if people.why:
        say = load_catalogue().say
        reasons = "; ".join(f"{say('vi', f'why.{word}')} ({number})" for word, number in people.why.items())
        click.echo(f"lý do: {reasons}")
    for number, owed in enumerate(sending.reminders.owed, 1):
        click.echo(f"lời nhắc {number}: {owed.invited}, đã gửi {owed.sent}, đang chờ {owed.pending}")
    if sending.reminders.planned and row.state in NOT_CLOSED:
        click.echo("sẽ nhắc: " + "; ".join(map(say_moment, sending.reminders.planned)))
    if wave:
        click.echo(
            f"lượt gửi đầu: {wave.people} người, đã gửi {wave.sent}, lỗi {wave.failed}; "
            f"{wave.waiting} người chờ lệnh: langnghe round continue {row.id}"
        )
    if pace.eta_seconds:
        click.echo(f"tốc độ {pace.rate_per_second}/giây; gửi xong sau khoảng {duration(pace.eta_seconds)}")
    if pace.quiet_until:
        click.echo(f"đang giờ yên tĩnh: {say_moment(pace.quiet_until)} gửi tiếp")
    click.echo(f"phiếu: {ballots.submitted} đã gửi, {ballots.started - ballots.submitted} đang trả lời")
    columns = {"name": "đơn vị", "households": "số hộ", "ballots": "phiếu", "coverage": "độ phủ"}
    table([_shown(unit) for unit in now.units], columns)


def _shown(unit: "Turnout") -> dict[str, Any]:
    from surveys.results.official_format import format_share

    return {
        "name": unit.name,
        "households": unit.households if unit.households is not None else "?",
        "ballots": unit.ballots,
        "coverage": format_share(unit.coverage) if unit.coverage is not None else "?",
    }


def _watch(config: "Config", database: "Database", key: str) -> None:
    """A bar on a terminal, nothing elsewhere; ends when nothing is being sent any more, or with Ctrl+C."""
    from tqdm import tqdm

    from surveys.rounds.rounds import find_round
    from surveys.rounds.sending_status import messages, pace

    def look(connection: "Connection") -> "tuple[str, list[Sent], Pace]":
        row = find_round(connection, key)
        sent = list(messages(connection, row.id).values())
        return row.name, sent, pace(connection, row, config.sending, datetime.now(UTC))

    name, sent, going = database.read_now(look)
    total = sum(each.invited for each in sent)
    with tqdm(total=total, desc=name[:30], bar_format=BAR, dynamic_ncols=True, disable=None) as bar:
        try:
            while True:
                bar.total = sum(each.invited for each in sent)
                bar.n = bar.total - sum(each.pending for each in sent)
                bar.set_postfix_str(_postfix(sent, going))
                if not going.eta_seconds:
                    break
                time.sleep(LOOK)
                name, sent, going = database.read_now(look)
        except KeyboardInterrupt:
            pass


def _postfix(sent: "Sequence[Sent]", going: "Pace") -> str:
    left = f"còn {duration(going.eta_seconds)}" if going.eta_seconds else "xong"
    if going.quiet_until:
        left += ", đang giờ yên tĩnh"
    lost = sum(each.unreachable + each.rejected for each in sent)
    return f"{going.rate_per_second}/s, {left}, không tới {lost}, không rõ {sum(each.uncertain for each in sent)}"


def duration(seconds: float) -> str:
    """Such as "35 giây", "12 phút", "3 giờ 20 phút"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} giây"
    minutes = round(seconds / 60)
    return f"{minutes} phút" if minutes < 60 else f"{minutes // 60} giờ {minutes % 60} phút"


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--state", "states", multiple=True, help="Only these: sent, pending, uncertain, … Repeatable.")
@as_whom
@as_json
@with_config
def recipients(config: "Config", key: str, states: tuple[str, ...], as_json: bool) -> None:
    """What became of every message: person's number, unit, channel, state, reason. No name, no address."""
    from surveys.rounds.delivery_states import DeliveryState
    from surveys.rounds.recipients import recipients as read

    if wrong := [state for state in states if state not in set(DeliveryState)]:
        raise click.BadParameter(f"“{wrong[0]}”; chọn: {', '.join(DeliveryState)}", param_hint="--state")

    def job(connection: "Connection") -> "list[Recipient]":
        require_round_permission(connection, Deed.WATCH_SENDING, key)
        return read(connection, key, states)

    with opened(config) as database:
        rows = database.read_now(job)
    show_rows("recipients", [row.to_json() for row in rows], RECIPIENT, as_json=as_json)


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_whom
@as_whom
@as_json
@with_config
def resend(config: "Config", key: str, yes: bool, as_json: bool) -> None:
    """Send again to those of whom nobody knows whether it arrived; some of them get a second copy."""
    from surveys.rounds.recipients import resend as owe_again
    from surveys.rounds.recipients import uncertain
    from surveys.rounds.rounds import find_round

    with opened(config) as database:
        rows = database.read_now(lambda connection: uncertain(connection, key))
        if not as_json:
            table([row.to_json() for row in rows], RECIPIENT)
        if rows and not yes:
            click.confirm(f"{len(rows)} người này có thể nhận hai bản. Gửi lại?", abort=True, err=True)
        with database.transaction() as connection:
            require_round_permission(connection, Deed.RESEND, key)
            row = find_round(connection, key)
            owed = owe_again(connection, key, datetime.now(UTC))
            audit_entry(connection, config, "round.resend", row.id, people=owed)
    if as_json:
        print_json({"resent": owed, "recipients": [row.to_json() for row in rows]})
    else:
        click.echo(f"{owed} tin sẽ được gửi lại")
