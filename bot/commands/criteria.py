"""`criteria UNIT` and `criteria note`: the scoreboard of the digital indicators, and what staff note on them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import at_the_terminal, audit_entry
from bot.commands.options import ACTOR, as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from bot.config import Config

VERDICTS = {"met": "đạt", "not_met": "chưa đạt", "not_established": "chưa đủ căn cứ", "no_evidence": "chưa có gì"}


class _UnitFirst(click.Group):
    """`criteria UNIT` shows; `criteria note …` writes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and not {"-h", "--help", *self.commands} & set(args[:1]):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_UnitFirst, subcommand_metavar="UNIT | note UNIT ROW")
def criteria() -> None:
    """The scoreboard of the digital indicators: a commune's code, CODE/HAMLET, or a former district's name."""


@criteria.command(hidden=True)
@click.argument("unit", metavar="UNIT")
@as_json
@with_config
def show(config: "Config", unit: str, as_json: bool) -> None:
    """Every row of every criteria set, with what speaks for it."""
    from surveys.local_time import VIETNAM
    from surveys.scoreboard.scoreboard import scoreboard

    today = datetime.now(UTC).astimezone(VIETNAM).date()
    with opened(config) as database:
        board = database.read_now(
            lambda connection: scoreboard(connection, unit, today=today, small=config.secrecy.small_cells)
        )
    if as_json:
        print_json(board)
        return
    for line in _lines(board):
        click.echo(line)


@criteria.command()
@click.argument("unit", metavar="UNIT")
@click.argument("row", metavar="ROW")
@click.option("--says", type=click.Choice(["has", "has_not", "unknown"]), help="unknown takes back what was noted.")
@click.option("--value", type=click.FloatRange(0, 1), help="The share, for a row with one to reach: 0.62 is 62 %.")
@click.option("--about", default="", help="A product, a wifi place, a tourism spot; left out: the whole unit.")
@click.option("--document", required=True, help="Name of the document, or a link.")
@click.option("--date", "dated", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The document's date.")
@by_whom
@as_whom
@as_json
@with_config
def note(
    config: "Config",
    unit: str,
    row: str,
    says: Any,
    value: float | None,
    about: str,
    document: str,
    dated: datetime,
    as_json: bool,
) -> None:
    """Note what a document says on an indicator; ROW is SET/CODE, or CODE where only one set has it."""
    from surveys.scoreboard.criteria import find_row
    from surveys.scoreboard.notes import add_note
    from surveys.unit_names import find_units

    criteria_set, criterion = find_row(row)
    by = click.get_current_context().meta.get(ACTOR) or at_the_terminal()
    now, day = datetime.now(UTC), dated.date()
    with opened(config) as database, database.transaction() as connection:
        [unit_id] = find_units(connection, [unit])
        require_permission(connection, Deed.NOTE_EVIDENCE, [unit_id])
        number = add_note(
            connection,
            criteria_set,
            criterion,
            unit_id,
            document=document,
            dated=day,
            by=by,
            now=now,
            says=says,
            value=value,
            about=about,
        )
        name = f"{criteria_set.id}/{criterion.code}"
        said = {"says": says, "value": value, "about": about, "document": document, "dated": day.isoformat()}
        audit_entry(connection, config, "criteria.note", unit, row=name, note=number, **said)
    if as_json:
        print_json({"note": number, "unit": unit, "row": name})
    else:
        click.echo(f"đã ghi chú {number} cho chỉ tiêu {criterion.code} ({criteria_set.title})")


def _lines(board: dict[str, Any]) -> Iterator[str]:
    yield f"{board['name']}: {_counted(board['pillars'])}"
    before = ""
    for row in board["rows"]:
        if row["set"] != before:
            before = row["set"]
            closed = " · đã hết thời kỳ" if row["closed"] else ""
            status = "đã xác nhận" if row["status"] == "confirmed" else "CHƯA XÁC NHẬN"
            yield f"\n{row['set_title']}{closed}\n  Căn cứ: {row['basis']} ({status})"
        where = f" · {row['district']}" if row["district"] else ""
        mark = "" if row["threshold"] == "has" else f" ≥ {_share(row['threshold'])}"
        yield f"  {row['code']:>4}  {VERDICTS[row['verdict']]:<14}  [{row['pillar']}] {row['title']}{mark}{where}"
        for each in row["evidence"]:
            yield f"        - {each['text']}"
        if row["verdict"] == "no_evidence" and row["asks"]:
            yield f"        cần: {row['asks']}"
        if row["caveat"] and row["evidence"]:
            yield f"        {row['caveat']}"
    for hamlet in board.get("hamlets", ()):
        yield f"\n{hamlet['name']}"
        for row in hamlet["rows"]:
            if row["evidence"]:
                yield f"  {row['set']}/{row['code']}: {VERDICTS[row['verdict']]}"
                yield from (f"        - {each['text']}" for each in row["evidence"])


def _counted(pillars: dict[str, dict[str, int]]) -> str:
    return "; ".join(f"{pillar} {counted['met']}/{sum(counted.values())} đạt" for pillar, counted in pillars.items())


def _share(value: float) -> str:
    from surveys.results.official_format import format_share

    return format_share(value)
