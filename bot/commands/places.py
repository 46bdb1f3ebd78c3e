"""`places import / list / find`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, table, with_config

if TYPE_CHECKING:
    from bot.config import Config
    from places.units import Territory


@click.group()
def places() -> None:
    """Units: import, list, find as people type them."""


@places.command()
@click.argument("text", nargs=-1, required=True)
@as_json
@with_config
def find(config: "Config", text: tuple[str, ...], as_json: bool) -> None:
    """Find a place as somebody types it: without accents, by an old name, in part."""
    from places.find import find as find_places
    from places.find import places_json

    found = places_json(find_places(_territory(config), " ".join(text)))
    if as_json:
        print_json(found)
    elif not found["places"]:
        raise click.ClickException("không tìm thấy nơi nào; thử thêm tên huyện hoặc tỉnh cũ")
    else:
        rows = [
            {**place, "was": "; ".join(place["was"]), "score": f"{place['score']:.2f}"} for place in found["places"]
        ]
        table(rows, {"code": "mã", "name": "tên", "was": "trước đây", "province": "tỉnh, thành phố", "score": "điểm"})


def _territory(config: "Config") -> "Territory":
    """The configured database's territory; the shipped one where there is no database yet, or none in it."""
    from sqlalchemy import create_engine

    from places.shipped import load_shipped
    from places.units import Territory
    from storage.database import DatabaseError
    from storage.tables import Base

    try:
        with opened(config) as database:
            territory = database.read_now(Territory.read)
    except DatabaseError:
        territory = Territory(())
    if territory.places:
        return territory
    engine = create_engine("sqlite://")  # in memory, thrown away
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        load_shipped(connection)
        return Territory.read(connection)


@places.command("list")
@as_json
@with_config
def list_(config: "Config", as_json: bool) -> None:
    """List the units in force."""
    from places.units import Territory

    with opened(config) as database:
        territory = database.read_now(Territory.read)
    rows = [
        {
            "code": place.code,
            "level": place.level,
            "name": place.name,
            "households": territory.households(place.id),
            "sample": place.sample,
        }
        for province in territory.children(None)
        for place in territory.below(province.id)
        if place.in_force()
    ]
    columns = {"code": "mã", "level": "cấp", "name": "tên", "households": "số hộ", "sample": ""}
    show_rows("places", rows, columns, as_json=as_json, words=lambda row: {"sample": "mẫu" if row["sample"] else ""})


@places.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Write without asking.")
@by_whom
@with_config
def import_(config: "Config", file: Path, yes: bool) -> None:
    """Read units and households from CSV or XLSX; the difference is shown before anything is written."""
    from places.importing import apply, diff, lines, read
    from places.units import Territory

    wanted = read(file)
    with opened(config) as database:
        changes = diff(database.read_now(Territory.read), wanted, file.name)
        for line in lines(changes):
            click.echo(line)
        if not changes:
            click.echo("không có gì thay đổi")
            return
        if not yes:
            click.confirm("Ghi vào cơ sở dữ liệu?", abort=True)
        with database.transaction() as connection:
            apply(connection, changes)
            counted = {"added": len(changes.added), "changed": len(changes.changed), "ended": len(changes.ended)}
            audit_entry(connection, config, "places.import", file.name, **counted)
    click.echo("đã ghi")
