"""`ballots callbacks / callback`: households that were helped, asked again by somebody else."""

from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry, who_acts
from bot.commands.options import as_json, by_whom, opened, print_json, table, with_config
from bot.commands.permissions import as_whom, require_permission, require_round_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config

NOT_ASKED = "chưa hỏi"


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--share", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Of each helper's.")
@by_whom
@as_whom
@as_json
@with_config
def callbacks(config: "Config", key: str, share: float, as_json: bool) -> None:
    """Draw the households to be asked again and list them; at least one of each helper's. Drawn once, kept."""
    from surveys.ballots.back_checks import callbacks as listed
    from surveys.ballots.back_checks import draw_sample
    from surveys.ballots.states import HOW, RESULTS, Result
    from surveys.rounds.rounds import find_round
    from surveys.rounds.states import RoundState

    with opened(config) as database, database.transaction() as connection:
        require_round_permission(connection, Deed.DRAW_BACK_CHECKS, key)
        row = find_round(connection, key)
        before = len(listed(connection, row.id))
        helpers = draw_sample(connection, row.id, share) if row.state == RoundState.OPEN else {}
        rows = listed(connection, row.id)
        if len(rows) > before:
            audit_entry(connection, config, "ballots.callbacks", key, drawn=len(rows) - before, share=share)
    results: dict[str, int] = {each: sum(row.result == each for row in rows) for each in Result}
    results["waiting"] = len(rows) - sum(results.values())
    if as_json:
        print_json({"callbacks": [row.to_json() for row in rows], "helpers": helpers, "results": results})
        return
    if not rows:
        click.echo("đợt này chưa có phiếu nào có người giúp")
        return
    shown = [
        {**row.to_json(), "how": HOW[row.how], "result": RESULTS[row.result] if row.result else NOT_ASKED}
        for row in rows
    ]
    columns = {"hamlet": "ấp", "household": "hộ", "register_note": "ghi chú", "helper": "người giúp", "day": "ngày"}
    table(shown, columns | {"how": "cách", "result": "kết quả"})
    for name, each in helpers.items():
        click.echo(f"{name}: giúp {each['assisted']} hộ, hỏi lại {each['drawn']}")
    click.echo("Hỏi: nhà mình có tự trả lời phiếu này không? Đừng hỏi đã trả lời gì.", err=True)


@click.command()
@click.argument("key", metavar="ROUND")
@click.argument("unit")
@click.argument("number", metavar="HOUSEHOLD")
@click.option("--result", required=True, type=click.Choice(["confirmed", "denied", "unreachable"]))
@click.option("--note", default="", help="In a few words; never what they answered.")
@by_whom
@as_whom
@as_json
@with_config
def callback(config: "Config", key: str, unit: str, number: str, result: str, note: str, as_json: bool) -> None:
    """Note what a household said when it was asked again. While the round is open, one that denies its ballot gets
    it taken out, and may answer anew."""
    from bot.commands.register import find_listed
    from surveys.ballots.back_checks import record_result
    from surveys.ballots.states import RESULTS, Result
    from surveys.secrecy.vault import Vault

    with opened(config) as database, database.transaction() as connection:
        household = find_listed(connection, unit, number)
        require_permission(connection, Deed.RECORD_BACK_CHECK, [household.unit_id])
        by, said = who_acts(), Result(result)
        taken = record_result(connection, Vault(config.secrecy.folder), key, household.id, said, by=by, note=note)
        detail = {"unit": unit, "household": household.number, "result": result, "taken_out": taken}
        audit_entry(connection, config, "ballots.callback", key, **detail)
    if as_json:
        print_json({"household": household.number, "result": result, "taken_out": taken})
    else:
        click.echo(f"đã ghi: hộ số {household.number}, {RESULTS[said]}")
        if taken:
            click.echo("phiếu ấy đã bỏ ra; nhà này trả lời lại được bằng thẻ, hoặc bằng phiếu giấy")
