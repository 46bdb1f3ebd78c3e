"""`round create / schedule / open / pause / resume / continue / remind / publish / list`: the life of a round."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import LazyGroup, as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import as_whom, require_permission, require_round_permission
from bot.commands.rounds.end import say_state
from surveys.roles import Deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from surveys.forms.form import Form

MORE = {
    "reach": "bot.commands.rounds.audience:reach",
    "rehearse": "bot.commands.rounds.audience:rehearse",
    "status": "bot.commands.rounds.status:status",
    "recipients": "bot.commands.rounds.status:recipients",
    "resend": "bot.commands.rounds.status:resend",
    "close": "bot.commands.rounds.end:close",
    "cancel": "bot.commands.rounds.end:cancel",
}


@click.group("round", cls=LazyGroup, commands_by_path=MORE)
def round_() -> None:
    """The life of a survey round."""


@round_.command()
@click.option("--form", "form_name", required=True, help="A form's name, or a file.")
@click.option("--unit", "units", multiple=True, required=True, help="Code of a commune, or CODE/HAMLET. Repeatable.")
@click.option("--name", required=True, help="The round's name, as residents read it.")
@click.option("--opens", required=True, help="ISO 8601 or now.")
@click.option("--closes", required=True, help="ISO 8601.")
@click.option("--rule", "rule_name", required=True, help="Id of a rule set, or a file.")
@click.option("--remind", "reminders", multiple=True, help="When to remind who has not finished; ISO 8601, up to 2.")
@click.option("--count", type=click.Choice(["household", "person"]), default="person", show_default=True)
@click.option("--repeat", type=click.Choice(["yearly"]), help="Make the next one by itself when this one is over.")
@click.option("--self-declared", is_flag=True, help="When counting households: take people without a card too.")
@by_whom
@as_whom
@as_json
@with_config
def create(
    config: "Config",
    form_name: str,
    units: tuple[str, ...],
    name: str,
    opens: str,
    closes: str,
    rule_name: str,
    reminders: tuple[str, ...],
    count: str,
    repeat: str | None,
    self_declared: bool,
    as_json: bool,
) -> None:
    """Create a draft round."""
    from surveys.local_time import parse_moment
    from surveys.rounds.ballot_unit import countable
    from surveys.rounds.lifecycle import plan_reminders
    from surveys.rounds.rounds import create_round
    from surveys.rules.rule_sets import read_rule
    from surveys.unit_names import find_units

    now = datetime.now(UTC)
    rule = read_rule(rule_name)
    times = parse_moment(opens, now), parse_moment(closes, now)
    with opened(config) as database, database.transaction() as connection:
        asked = find_units(connection, units)
        require_permission(connection, Deed.SET_UP_ROUND, asked)
        counts, warning = countable(connection, asked, "household" if count == "household" else "person")
        if warning:
            click.echo(warning, err=True)
        number = create_round(
            connection,
            name=name,
            form=_form(connection, form_name),
            rule=rule,
            units=asked,
            opens=times[0],
            closes=times[1],
            counts=counts,
            now=now,
            repeat=repeat,
            self_declared=self_declared and counts == "household",
        )
        plan_reminders(connection, number, [parse_moment(each, now) for each in reminders])
        audit_entry(connection, config, "round.create", number, name=name, units=list(units), rule=rule.id)
    if as_json:
        print_json({"round": number, "counts": counts})
    else:
        each = "hộ" if counts == "household" else "người"
        click.echo(f"đã tạo đợt {number}: {name} (mỗi {each} một phiếu)")


def _form(connection: "Connection", name: str) -> "Form":
    """The newest imported form of this name, or a shipped one, or a file."""
    from pathlib import Path

    from sqlalchemy import select

    from storage.tables import FormVersion
    from surveys.errors import SurveyError
    from surveys.forms.form import Form
    from surveys.forms.xlsform import read_form, shipped_forms

    if Path(name).is_file():
        return read_form(Path(name))
    stored = connection.execute(
        select(FormVersion.definition).where(FormVersion.name == name).order_by(FormVersion.id.desc()).limit(1)
    ).scalar()
    if stored is not None:
        return Form.from_dict(stored)
    if name not in shipped_forms():
        raise SurveyError(f"không có mẫu phiếu “{name}”; xem: langnghe survey list")
    return read_form(shipped_forms()[name])


@round_.command("open")
@click.argument("key", metavar="ROUND")
@click.option("--first-wave/--no-first-wave", default=None, help="A few go first; the rest waits for round continue.")
@by_whom
@as_whom
@as_json
@with_config
def open_(config: "Config", key: str, first_wave: bool | None, as_json: bool) -> None:
    """Open a round: people may answer, and everybody reachable in its units is owed an invitation."""
    from surveys.organisation import require_said
    from surveys.rounds.rounds import find_round, open_round
    from surveys.rounds.send_policy import FIRST_WAVE
    from surveys.rounds.soft_launch import soft_launch_status
    from surveys.secrecy.vault import Vault

    sending = config.sending
    share = {None: sending.first_wave, True: sending.first_wave or FIRST_WAVE, False: 0.0}[first_wave]
    with opened(config) as database, database.transaction() as connection:
        require_round_permission(connection, Deed.OPEN_ROUND, key)
        row = find_round(connection, key)
        require_said(config.asker, row.name, sample=row.sample)
        invited = open_round(
            connection,
            Vault(config.secrecy.folder),
            key,
            datetime.now(UTC),
            first_wave=share,
            continue_after=sending.continue_after,
            windows=sending.windows,
        )
        row = find_round(connection, key)
        wave = soft_launch_status(connection, row)
        audit_entry(connection, config, "round.open", row.id, invited=invited)
    if as_json:
        print_json(
            {
                "round": row.id,
                "state": row.state,
                "invited": invited,
                "code": row.code,
                "first_wave": wave and wave.to_json(),
            }
        )
        return
    click.echo(f"đợt “{row.name}” đã mở; {invited} lời mời sẽ được gửi; đường dẫn: /s/{row.code}")
    if wave:
        click.echo(f"gửi trước {wave.people} người; {wave.waiting} người còn lại chờ: round continue {row.id}")


def _changes(name: str, summary: str, said: str) -> None:
    """A command that moves a round on and says so; the rules are those of `surveys.rounds.lifecycle`."""

    @round_.command(name, help=summary)
    @click.argument("key", metavar="ROUND")
    @by_whom
    @as_whom
    @as_json
    @with_config
    def change(config: "Config", key: str, as_json: bool) -> None:
        from surveys.organisation import require_said
        from surveys.rounds import lifecycle
        from surveys.rounds.rounds import find_round

        now = datetime.now(UTC)
        deed = {"schedule": Deed.OPEN_ROUND, "publish": Deed.PUBLISH_RESULTS}.get(name, Deed.PAUSE_ROUND)
        with opened(config) as database, database.transaction() as connection:
            require_round_permission(connection, deed, key)
            if name == "schedule":
                row = find_round(connection, key)
                require_said(config.asker, row.name, sample=row.sample)
                lifecycle.schedule(connection, key, now)
            elif name == "pause":
                lifecycle.pause(connection, key, now)
            elif name == "resume":
                lifecycle.resume(connection, key)
            elif name == "continue":
                lifecycle.continue_(connection, key)
            else:
                lifecycle.publish(connection, key)
            row = find_round(connection, key)
            audit_entry(connection, config, f"round.{name}", row.id)
        say_state(row, said, as_json=as_json)


_changes("schedule", "Let the clock open a draft at its opening time.", "sẽ tự mở đúng giờ")
_changes("pause", "Stop sending; answers are still taken.", "đã tạm dừng gửi; bà con vẫn trả lời được")
_changes("resume", "Go on sending what was held.", "gửi tiếp")
_changes("continue", "Let the rest follow after a first wave.", "gửi tiếp phần còn lại")
_changes("publish", "Show a closed round's results to everybody.", "đã công bố")


@round_.command()
@click.argument("key", metavar="ROUND")
@by_whom
@as_whom
@as_json
@with_config
def remind(config: "Config", key: str, as_json: bool) -> None:
    """Remind everybody who has not finished; twice at most."""
    from surveys.rounds.lifecycle import remind as owe_reminders
    from surveys.rounds.rounds import find_round

    with opened(config) as database, database.transaction() as connection:
        require_round_permission(connection, Deed.REMIND, key)
        reminded = owe_reminders(connection, key, datetime.now(UTC), config.sending.windows)
        audit_entry(connection, config, "round.remind", find_round(connection, key).id, reminded=reminded)
    if as_json:
        print_json({"reminded": reminded})
    else:
        click.echo(f"{reminded} lời nhắc sẽ được gửi")


@round_.command("list")
@as_json
@with_config
def list_(config: "Config", as_json: bool) -> None:
    """List all rounds, newest first."""
    from surveys.local_time import say_moment
    from surveys.rounds.states import STATES
    from surveys.rounds.status import brief_json, list_rounds

    with opened(config) as database:
        rows = database.read_now(list_rounds)
    columns = {"round": "đợt", "state": "trạng thái", "name": "tên", "code": "mã", "closes_at": "đóng lúc"}

    def words(row: dict[str, Any]) -> dict[str, str]:
        closes = say_moment(datetime.fromisoformat(row["closes_at"]))
        return {"state": STATES[row["state"]], "closes_at": closes}

    show_rows("rounds", [brief_json(row) for row in rows], columns, as_json=as_json, words=words)
