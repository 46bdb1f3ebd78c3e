"""`audit verify / anchor / list`, and the entry that a privileged command leaves."""

import getpass
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.options import ACTOR, as_json, opened, print_json, show_rows, with_config

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from storage.audit import Anchor

REASONS = {
    "changed": "nội dung không khớp với dấu niêm của mục",
    "missing": "thiếu mục này; đã bị xóa, chèn hoặc đổi chỗ",
    "cut": "mốc lưu ngoài có mục này nhưng nhật ký kết thúc trước nó; phần cuối đã bị cắt",
    "anchor": "nhật ký không khớp với mốc lưu ngoài; đã bị viết lại",
}


def audit_entry(connection: "Connection", config: "Config", action: str, subject: Any = "", **detail: Any) -> None:
    """Record a command's action, in its transaction. The actor is `who_acts`."""
    from storage.audit import record
    from surveys.secrecy.vault import Vault

    key = Vault(config.secrecy.folder).program_key()
    record(connection, key, actor=who_acts(), action=action, subject=str(subject), detail=detail)


def who_acts() -> str:
    """Who is said to give the order, or else who is at the terminal."""
    return click.get_current_context().meta.get(ACTOR) or at_the_terminal()


def at_the_terminal() -> str:
    """The user of the operating system, and who became that user through sudo."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        user = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER", user)
    return user if before == user else f"{before} (sudo {user})"


@click.group()
def audit() -> None:
    """The log of privileged actions: check that nobody touched it, keep its end elsewhere, read it."""


@audit.command()
@click.option(
    "--anchor",
    "anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Lines of `audit anchor` kept elsewhere: without one a cut at the end cannot be seen.",
)
@as_json
@with_config
def verify(config: "Config", anchors: Path | None, as_json: bool) -> None:
    """Check the chain; exit code 1 names the first entry that is not as it was written."""
    from storage.audit import verify as follow
    from surveys.secrecy.vault import Vault

    kept = _read_anchors(anchors) if anchors else []
    vault = Vault(config.secrecy.folder)
    if not vault.has_program_key():
        raise click.ClickException(f"không có program.key trong {config.secrecy.folder} nên không kiểm được nhật ký")
    key = vault.program_key()
    with opened(config) as database:
        found = database.read_now(lambda connection: follow(connection, key, kept))
    reason = REASONS.get(found.reason, "")
    if as_json:
        print_json(
            {
                "sound": found.broken_at is None,
                "entries": found.entries,
                "head": found.head,
                "broken_at": found.broken_at,
                "reason": reason,
                "anchors": len(kept),
            }
        )
    if found.broken_at is not None:
        raise click.ClickException(f"nhật ký hỏng ở mục {found.broken_at}: {reason}")
    if not as_json:
        against = f", khớp {len(kept)} mốc" if kept else "; chưa so với mốc lưu ngoài (--anchor)"
        click.echo(f"nhật ký nguyên vẹn: {found.entries} mục{against}")


@audit.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Add the line to a file.")
@with_config
def anchor(config: "Config", out: Path | None) -> None:
    """Print the number of entries and the last seal, one line to keep where this machine cannot change it."""
    from datetime import UTC, datetime

    from storage.audit import anchor as read_anchor

    with opened(config) as database:
        end = database.read_now(read_anchor)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"entries": end.entries, "head": end.head, "at": at})
    click.echo(line)
    if out:
        try:
            with out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise click.ClickException(f"không ghi được {out} ({error.strerror})") from None


def _read_anchors(path: Path) -> "list[Anchor]":
    from storage.audit import Anchor

    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{path}: không đọc được tệp mốc") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(Anchor.from_dict(json.loads(line)))
        except ValueError:
            raise click.ClickException(f"{path}, dòng {number}: không phải dòng của langnghe audit anchor") from None
    if not found:
        raise click.ClickException(f"{path}: không có mốc nào")
    return found


@audit.command("list")
@click.option("--last", type=click.IntRange(1), default=50, show_default=True, help="So many, the newest.")
@as_json
@with_config
def list_(config: "Config", last: int, as_json: bool) -> None:
    """Show the newest entries, in their order."""
    from datetime import datetime

    from sqlalchemy import select

    from storage.tables import AuditEntry
    from surveys.local_time import say_moment

    newest = select(AuditEntry.__table__).order_by(AuditEntry.number.desc()).limit(last)
    with opened(config) as database:
        found = database.read_now(lambda connection: connection.execute(newest).all())
    rows = [{**row._mapping, "at": row.at.isoformat(), "head": row.head.hex()} for row in reversed(found)]
    columns = {"number": "mục", "at": "lúc", "actor": "ai", "action": "việc", "subject": "đối tượng", "detail": ""}

    def words(row: dict[str, Any]) -> dict[str, str]:
        at = say_moment(datetime.fromisoformat(row["at"]))
        return {"at": at, "detail": json.dumps(row["detail"], ensure_ascii=False)}

    show_rows("entries", rows, columns, as_json=as_json, words=words)
