"""`households cards / codes`: new codes for households, shown once; of the old ones nothing can be read back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_permission
from bot.commands.register import find_listed, read_register
from surveys.roles import Deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from places.register.households import Known
    from places.register.issuing import Issued, Kind
    from places.units import Territory

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("unit")
@click.option("--out", type=_OUT, required=True, help="The PDF, or .docx from a Word template; eight cards to a page.")
@click.option("--household", "number", default="", help="One household's card only: a lost card, say.")
@click.option("--reissue", is_flag=True, help="New cards for those too that have one; their old cards are void.")
@by_whom
@as_whom
@as_json
@with_config
def cards(config: "Config", unit: str, out: Path, number: str, reissue: bool, as_json: bool) -> None:
    """Print cards with new codes. A code is shown here and never again: only its HMAC is stored."""
    from datetime import UTC, datetime

    from surveys.documents.cards import Card, write_cards

    if out.suffix.lower() not in (".pdf", ".docx"):
        raise click.UsageError("--out phải là tệp .pdf hoặc .docx")

    def write(issued: "Sequence[Issued]", territory: "Territory", store: Callable[[], None]) -> None:
        printed = []
        for each in issued:
            hamlet = territory[each.household.unit_id]
            commune = territory[hamlet.parent_id or 0].name
            link = f"{config.site}/h/{each.code.long}"
            printed.append(Card(commune, hamlet.name, each.household.number, link, each.code.short))
        who, own = config.organisation.name, config.paper.templates
        write_cards(printed, out, organiser=who, now=datetime.now(UTC), before=store, templates=own)

    count = _issue(config, unit, "card", write, number=number, reissue=reissue)
    if not config.web.public_url:
        click.echo(f"chưa khai báo web.public_url nên mã QR dẫn tới {config.site}, chỉ mở được ở máy này", err=True)
    _done(count, out, as_json)


@click.command()
@click.argument("unit")
@click.option("--out", type=_OUT, required=True, help="The CSV.")
@click.option("--household", "number", default="", help="One household's code only.")
@click.option("--reissue", is_flag=True, help="New codes for those too that are on a list; their old ones are void.")
@by_whom
@as_whom
@as_json
@with_config
def codes(config: "Config", unit: str, out: Path, number: str, reissue: bool, as_json: bool) -> None:
    """Write new codes as a list (CSV), for printing elsewhere. Cards that are out stay valid."""
    import csv

    from surveys.atomic_files import replacing

    def write(issued: "Sequence[Issued]", territory: "Territory", store: Callable[[], None]) -> None:
        with replacing(out) as beside:
            with beside.open("w", encoding="utf-8-sig", newline="") as file:
                sheet = csv.writer(file)
                sheet.writerow(["commune", "hamlet", "household", "code", "link"])
                for each in issued:
                    hamlet = territory[each.household.unit_id]
                    link = f"{config.site}/h/{each.code.long}"
                    sheet.writerow([hamlet.code, hamlet.name, each.household.number, each.code.short, link])
            store()

    _done(_issue(config, unit, "list", write, number=number, reissue=reissue), out, as_json)


def _issue(
    config: "Config",
    unit: str,
    kind: "Kind",
    write: "Callable[[Sequence[Issued], Territory, Callable[[], None]], None]",
    *,
    number: str,
    reissue: bool,
) -> int:
    """New codes, written to a file and stored together: neither without the other. Returns how many."""
    from datetime import UTC, datetime

    from places.errors import PlaceError
    from places.register.codes import new_code
    from places.register.issuing import Issued, codes_in_force, store
    from surveys.secrecy.vault import Vault

    key = Vault(config.secrecy.folder).program_key()
    with opened(config) as database:

        def choose(connection: "Connection") -> "tuple[Territory, list[Known], set[int]]":
            territory, register = read_register(connection, unit)
            require_permission(connection, Deed.ISSUE_CODES, {each.unit_id for each in register})
            wanted = [each for each in register if not each.void]
            if number:
                wanted = [find_listed(connection, unit, number)]
            have = codes_in_force(connection, {each.unit_id for each in wanted}, kind)
            return territory, [each for each in wanted if reissue or number or each.id not in have], have

        territory, wanted, have = database.read_now(choose)
        if not wanted:
            raise PlaceError(f"mọi hộ của {unit} đã có mã; cấp lại tất cả và hủy mã cũ bằng --reissue")
        if any(each.void for each in wanted):
            raise PlaceError(f"hộ số “{number}” đã bỏ khỏi sổ nên không cấp mã")
        issued = [Issued(each, new_code()) for each in wanted]

        def keep() -> None:
            with database.transaction() as connection:
                store(connection, key, issued, kind, datetime.now(UTC))
                again = sum(each.id in have for each in wanted)
                audit_entry(connection, config, f"households.{kind}", unit, issued=len(issued), reissued=again)

        write(issued, territory, keep)
    return len(issued)


def _done(count: int, out: Path, as_json: bool) -> None:
    if as_json:
        print_json({"issued": count, "file": str(out)})
    else:
        click.echo(f"đã ghi {count} mã vào {out}; mã không xem lại được, hãy giữ tệp này cẩn thận rồi xóa đi", err=True)
