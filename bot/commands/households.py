"""`households import / undo / list / void / remove`: the register of households."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import LazyGroup, as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import as_whom, require_permission
from bot.commands.register import find_household, read_register
from surveys.roles import Deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from places.register.households import Known
    from places.units import Territory

MORE = {
    "cards": "bot.commands.household_codes:cards",
    "codes": "bot.commands.household_codes:codes",
}


@click.group(cls=LazyGroup, commands_by_path=MORE)
def households() -> None:
    """The register of households: import, cards with codes, lost cards."""


@households.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Write without asking.")
@by_whom
@as_whom
@as_json
@with_config
def import_(config: "Config", file: Path, yes: bool, as_json: bool) -> None:
    """Read the register from CSV or XLSX; the difference is shown before anything is written."""
    from datetime import UTC, datetime

    from places.register.register import apply, compare, lines

    with opened(config) as database:
        difference = database.read_now(lambda connection: compare(connection, file))
        for line in lines(difference):
            click.echo(line, err=as_json)
        number = None
        if difference:
            if not yes:
                click.confirm("Ghi vào cơ sở dữ liệu?", abort=True, err=as_json)
            with database.transaction() as connection:
                require_permission(connection, Deed.KEEP_REGISTER, [hamlet.id for hamlet in difference.hamlets])
                number = apply(connection, difference, datetime.now(UTC))
                counted = {"added": len(difference.added), "noted": len(difference.noted), "import": number}
                audit_entry(connection, config, "households.import", file.name, **counted)
    if as_json:
        changes = {"added": len(difference.added), "changed": len(difference.noted)}
        same = {"unchanged": len(difference.unchanged), "absent": len(difference.absent), "void": len(difference.void)}
        print_json({"import": number, **changes, **same})
    elif number is None:
        click.echo("không có gì thay đổi")
    else:
        click.echo(f"đã ghi, lần nhập số {number}; hoàn tác: langnghe households undo")


@households.command()
@click.option("--yes", is_flag=True, help="Take back without asking.")
@by_whom
@as_whom
@with_config
def undo(config: "Config", yes: bool) -> None:
    """Take the newest import back: the households that it added go, with their codes."""
    from places.register import register

    with opened(config) as database:
        last = database.read_now(register.last_import)
        said = f"{last.file}, {last.at:%d/%m/%Y}: {last.added} hộ thêm vào"
        if not yes:
            click.confirm(f"Hoàn tác lần nhập số {last.id} ({said})? Thẻ của các hộ ấy cũng hết giá trị.", abort=True)
        with database.transaction() as connection:
            require_permission(connection, Deed.KEEP_REGISTER, [int(unit) for unit in last.before["households"]])
            gone = register.undo(connection, last.id)
            audit_entry(connection, config, "households.undo", last.file, removed=gone, **{"import": last.id})
    click.echo(f"đã hoàn tác: bỏ {gone} hộ")


@households.command("list")
@click.argument("unit")
@as_json
@with_config
def list_(config: "Config", unit: str, as_json: bool) -> None:
    """List the households of a unit, never a code."""
    from places.register.issuing import codes_in_force

    with opened(config) as database:

        def read(connection: "Connection") -> "tuple[Territory, list[Known], set[int]]":
            territory, found = read_register(connection, unit, empty=True)
            return territory, found, codes_in_force(connection, {each.unit_id for each in found}, "card")

        territory, found, cards = database.read_now(read)
    rows = [
        {
            "commune": territory[each.unit_id].code,
            "hamlet": territory[each.unit_id].name,
            "household": each.number,
            "note": each.note,
            "void": each.void,
            "card": each.id in cards,
        }
        for each in found
    ]
    columns = {"commune": "xã", "hamlet": "ấp", "household": "hộ", "note": "ghi chú", "card": "", "void": ""}

    def words(row: dict[str, Any]) -> dict[str, str]:
        return {"void": "đã bỏ" if row["void"] else "", "card": "có thẻ" if row["card"] else ""}

    show_rows("households", rows, columns, as_json=as_json, words=words)


@households.command()
@click.argument("unit")
@click.argument("number", metavar="HOUSEHOLD")
@by_whom
@as_whom
@with_config
def void(config: "Config", unit: str, number: str) -> None:
    """Void every code of a household, and let go of every phone that showed one: a stolen card, say."""
    from datetime import UTC, datetime

    from places.register.issuing import void_codes

    with opened(config) as database, database.transaction() as connection:
        household = find_household(connection, Deed.ISSUE_CODES, unit, number)
        count = void_codes(connection, household.id, datetime.now(UTC))
        audit_entry(connection, config, "households.void", unit, household=household.number, codes=count)
    click.echo(f"đã hủy {count} mã của hộ số {household.number}; cấp thẻ mới: langnghe households cards --household")


@households.command()
@click.argument("unit")
@click.argument("number", metavar="HOUSEHOLD")
@by_whom
@as_whom
@with_config
def remove(config: "Config", unit: str, number: str) -> None:
    """Take a household out of the register: moved away, counted twice. A ballot that it has sent stays."""
    from datetime import UTC, datetime

    from places.register.issuing import void_household

    with opened(config) as database, database.transaction() as connection:
        household = find_household(connection, Deed.KEEP_REGISTER, unit, number)
        void_household(connection, household, datetime.now(UTC))
        audit_entry(connection, config, "households.remove", unit, household=household.number)
    click.echo(f"đã bỏ hộ số {household.number} khỏi sổ")
