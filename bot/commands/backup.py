"""`backup FILE`, `backup verify FILE`, `restore FILE`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config
    from storage.backup import Inventory
    from storage.database import Database

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class _FileOrVerify(click.Group):
    """`backup FILE` makes one; `backup verify FILE` checks it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args.insert(0, "make")
        return super().parse_args(ctx, args)


@click.group(cls=_FileOrVerify, subcommand_metavar="FILE | verify FILE")
def backup() -> None:
    """Copy the database into one file while the program runs; or verify such a file by restoring it aside.

    The secrets folder is never in it.
    """


@backup.command(hidden=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@by_whom
@as_json
@with_config
def make(config: "Config", file: Path, as_json: bool) -> None:
    """Write the copy, whole or not at all, readable by its owner only."""
    from storage.backup import copy_out
    from surveys.atomic_files import digest, replacing

    if not file.parent.is_dir():
        raise click.ClickException(f"không có thư mục {file.parent}")
    with opened(config) as database:
        with database.transaction() as connection:
            audit_entry(connection, config, "database.backup")
        with replacing(file) as beside:
            made = copy_out(database, beside, datetime.now(UTC))
    if as_json:
        print_json({"file": str(file), "sha256": digest(file), **_said(made)})
    else:
        click.echo(f"đã sao lưu {sum(made.rows.values())} hàng vào {file}; kiểm: langnghe backup verify {file}")


@backup.command()
@click.argument("file", type=EXISTING)
@as_json
@with_config
def verify(config: "Config", file: Path, as_json: bool) -> None:
    """Restore the copy into a folder of its own and compare every row; exit code 1 says what is wrong."""
    from sqlalchemy import func, select

    from storage.audit import verify as follow
    from storage.tables import Base
    from surveys.secrecy.vault import Vault

    vault = Vault(config.secrecy.folder)
    with _unpacked(file) as (made, _, copy), copy.transaction() as connection:
        for name, table in Base.metadata.tables.items():
            found = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if found != made.rows.get(name, 0):
                raise click.ClickException(
                    f"{file}: phục hồi thử được {found} hàng của {name}, phải là {made.rows[name]}"
                )
        log = follow(connection, vault.program_key()) if vault.has_program_key() else None
    if log and log.broken_at is not None:
        raise click.ClickException(f"{file}: nhật ký trong bản sao hỏng ở mục {log.broken_at}")
    if as_json:
        print_json({"sound": True, "audit": log and {"entries": log.entries, "head": log.head}, **_said(made)})
    else:
        note = "" if log else "; không có program.key nên chưa kiểm nhật ký"
        click.echo(f"bản sao lúc {made.made_at:%Y-%m-%d %H:%M} UTC nguyên vẹn: {sum(made.rows.values())} hàng{note}")


@click.command()
@click.argument("file", type=EXISTING)
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_whom
@as_json
@with_config
def restore(config: "Config", file: Path, replace: bool, yes: bool, as_json: bool) -> None:
    """Put a copy into the configured database, of whichever store either is. Stop the program first.

    Whoever was deleted after the copy was made is deleted again, as long as the present database can be read.
    """
    from storage.backup import copy_in
    from storage.database import check_connection
    from storage.schema import upgrade
    from surveys.privacy.restore import carry_over, losses, since
    from surveys.secrecy.vault import Vault

    with _unpacked(file) as (made, place, copy):
        check_connection(config.database.url, create=True)
        if not _newest(config.database.url):
            upgrade(config.database.url)
        with opened(config) as database:
            lost = database.read_now(losses)
            if any(lost.values()):
                told = f"cơ sở dữ liệu đang có {lost['rounds']} đợt, {lost['people']} người"
                if not replace:
                    raise click.ClickException(f"{told}; muốn bỏ đi và thay bằng bản sao thì thêm --replace")
                if not yes:
                    click.confirm(f"{told}. Thay hết bằng bản sao lúc {made.made_at:%Y-%m-%d %H:%M} UTC?", abort=True)
            vault = Vault(config.secrecy.folder)
            deletions = database.read_now(lambda connection: since(connection, made.made_at))
            with copy.transaction() as connection:
                again = carry_over(connection, vault, deletions)
            copy.close()
            copy_in(place, database)
            with database.transaction() as connection:
                audit_entry(connection, config, "database.restore", made_at=made.made_at.isoformat(), deleted=again)
    if as_json:
        print_json({"restored": True, "deleted_again": again, **_said(made)})
    else:
        click.echo(f"đã phục hồi {sum(made.rows.values())} hàng; xóa lại {again} người đã xóa sau lúc sao lưu")


@contextmanager
def _unpacked(file: Path) -> "Iterator[tuple[Inventory, Path, Database]]":
    """A copy, checked, and as a database of its own for as long as it is needed."""
    from storage.backup import examine, unpack
    from storage.database import Database

    made = examine(file)
    with tempfile.TemporaryDirectory(prefix="langnghe-") as folder:
        place = unpack(file, Path(folder))
        copy = Database(f"sqlite:///{place}")
        try:
            yield made, place, copy
        finally:
            copy.close()


def _newest(address: str) -> bool:
    from storage.database import Database
    from storage.schema import head, revision

    database = Database(address)
    try:
        return database.read_now(revision) == head()
    finally:
        database.close()


def _said(made: "Inventory") -> dict[str, Any]:
    return {"made_at": made.made_at.isoformat(), "store": made.store, "revision": made.revision, "rows": made.rows}
