"""`ballots import / sample / …`: paper ballots typed into a sheet."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.commands.audit import audit_entry
from bot.commands.options import LazyGroup, as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config
    from surveys.ballots.paper_import import Imported

T = TypeVar("T")
SHOWN = 20  # refused rows in words; all of them with --json
_SHEET = click.Path(exists=True, dir_okay=False, path_type=Path)


MORE = {
    "callbacks": "bot.commands.back_checks:callbacks",
    "callback": "bot.commands.back_checks:callback",
}


@click.group(cls=LazyGroup, commands_by_path=MORE)
def ballots() -> None:
    """Paper ballots from a sheet, and asking again those who were helped."""


@ballots.command("import")
@click.argument("key", metavar="ROUND")
@click.argument("file", type=_SHEET)
@click.option("--second", type=_SHEET, help="The sample as the second person typed it (ballots sample).")
@click.option("--whole", is_flag=True, help="Refuse the whole file when one row is refused.")
@by_whom
@as_whom
@as_json
@with_config
def import_(config: "Config", key: str, file: Path, second: Path | None, whole: bool, as_json: bool) -> None:
    """Count the ballots of a sheet (CSV or XLSX) in an open round; refused rows are named, the others stay."""
    from datetime import UTC, datetime

    from surveys.ballots.paper_import import import_ballots
    from surveys.secrecy.vault import Vault

    with opened(config) as database, database.transaction() as connection:
        done = import_ballots(
            connection,
            Vault(config.secrecy.folder),
            key,
            file,
            now=datetime.now(UTC),
            second=second,
            share=config.paper.second_typing,
            whole=whole,
            watched=_watched,
        )
        require_permission(connection, Deed.IMPORT_PAPER, done.units)
        if done.accepted:
            audit_entry(
                connection,
                config,
                "ballots import",
                key,
                file=file.name,
                accepted=done.accepted,
                refused=len(done.refused),
                typed_again=done.typed_again,
            )
    if as_json:
        print_json(done.to_json())
    else:
        _show(done)
    if done.differences:
        raise click.ClickException("hai lần nhập khác nhau nên chưa phiếu nào được tính; xem lại phiếu giấy rồi sửa")
    if not done.accepted:
        raise click.ClickException(f"không phiếu nào được nhận; {len(done.refused)} hàng cần sửa")


def _show(done: "Imported") -> None:
    for each in done.differences:
        click.echo(f"hàng {each.row}, cột {each.column}: lần một “{each.first}”, lần hai “{each.second}”")
    for refused in done.refused[:SHOWN]:
        click.echo(f"hàng {refused.row}: {refused.reason}")
    if len(done.refused) > SHOWN:
        click.echo(f"… và {len(done.refused) - SHOWN} hàng khác; xem hết bằng --json")
    click.echo(f"đã nhận {done.accepted} phiếu, từ chối {len(done.refused)} hàng")
    if done.accepted and not done.typed_again:
        click.echo("chưa có người thứ hai nhập lại mẫu để đối chiếu (langnghe ballots sample)", err=True)


def _watched(rows: Sequence[T]) -> Iterable[T]:
    from tqdm import tqdm

    return tqdm(rows, unit=" phiếu", leave=False, disable=None)


@ballots.command()
@click.argument("key", metavar="ROUND")
@click.argument("file", type=_SHEET)
@click.option("--share", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share of the rows.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_config
def sample(config: "Config", key: str, file: Path, share: float, out: Path) -> None:
    """Write the sheet that a second person fills in from the paper: a random sample, at least five rows."""
    from surveys.ballots.double_entry import write_sample
    from surveys.ballots.paper_import import file_digest
    from surveys.rounds.round_form import round_form
    from surveys.rounds.rounds import find_round
    from surveys.secrecy.vault import Vault

    digest = file_digest(Vault(config.secrecy.folder).program_key(), file)
    with opened(config) as database:
        form = database.read_now(lambda connection: round_form(connection, find_round(connection, key).form_id))
    rows = write_sample(file, out, form, digest, max(share, config.paper.second_typing))
    click.echo(f"đã ghi {rows} hàng vào {out}; người thứ hai nhập lại từ phiếu giấy", err=True)
