"""`export`: a closed round's ballots as a file, logged before the file takes its place."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_round_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config
    from surveys.export.round import Exported, Format, Texts

LONG = 20_000  # rows from which on a bar is shown


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--format", "shape", type=click.Choice(["csv", "xlsx", "sav", "parquet", "json"]), required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--texts",
    type=click.Choice(["together", "apart", "none"]),
    help="What people typed: in the ballot's row, in an order of its own, or not at all.",
)
@by_whom
@as_whom
@as_json
@with_config
def export(config: "Config", key: str, shape: str, out: Path, texts: str | None, as_json: bool) -> None:
    """The ballots of a closed round, with labels; safe to open in a spreadsheet."""
    from tqdm import tqdm

    from surveys.export.round import export as write
    from surveys.export.rows import count_ballots
    from surveys.rounds.rounds import find_round

    def advance(written: int) -> None:
        bar.update(written)

    with opened(config) as database, database.engine.connect().execution_options(reads=True) as connection:

        def log(exported: "Exported") -> None:
            detail = {"format": shape, "texts": exported.texts, "rows": exported.rows, "sha256": exported.sha256}
            with database.transaction() as writing:
                audit_entry(writing, config, "export", exported.round, file=out.name, **detail)

        require_round_permission(connection, Deed.EXPORT_BALLOTS, key)
        rows = count_ballots(connection, find_round(connection, key).id)
        quiet = rows < LONG or not sys.stderr.isatty()
        with tqdm(total=rows, unit=" phiếu", disable=quiet, leave=False, file=sys.stderr) as bar:
            exported = write(
                connection,
                key,
                cast("Format", shape),
                out,
                texts=cast("Texts | None", texts),
                small=config.secrecy.small_cells,
                before=log,
                progress=advance,
            )
    if as_json:
        print_json(
            {
                "round": exported.round,
                "format": shape,
                "rows": exported.rows,
                "file": str(out),
                "texts": exported.texts,
                "texts_file": exported.texts_file and str(exported.texts_file),
                "merged_hamlets": exported.merged,
                "sha256": exported.sha256,
            }
        )
        return
    click.echo(f"đã ghi {exported.rows} phiếu vào {out}", err=True)
    if exported.texts_file:
        click.echo(f"ý kiến bà con tự viết ở {exported.texts_file}", err=True)
    if exported.merged:
        click.echo(f"{exported.merged} ấp ít phiếu chỉ ghi tên xã, để không ai đoán ra người", err=True)
