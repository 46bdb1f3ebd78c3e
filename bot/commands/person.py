"""`person`: what people may ask about their own data, done for them at the office."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, table, with_config

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from surveys.privacy.requests import Kind

KINDS = ("see", "correct", "withdraw", "delete")


@click.group()
def person() -> None:
    """One person's own data: export, delete, and the register of requests with the legal deadlines.

    ADDRESS is a channel and a chat's number, such as telegram:123456.
    """


@person.command()
@click.argument("address")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file, readable by you only.")
@by_whom
@as_json
@with_config
def export(config: "Config", address: str, out: Path | None, as_json: bool) -> None:
    """Everything that is kept about somebody, as JSON. Answers lie apart and are not among it."""
    from surveys.atomic_files import replacing
    from surveys.privacy.erasure import find_person
    from surveys.privacy.personal_data import export_person

    with opened(config) as database, database.transaction() as connection:
        row = find_person(connection, address)
        kept = export_person(connection, row.person_id)
        _done(connection, config, "see", row.channel, row.address)
        if out:
            with replacing(out) as beside:
                beside.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if not out:
        print_json(kept)
    elif as_json:
        print_json({"file": str(out)})
    else:
        click.echo(f"đã ghi {out}")


@person.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Don't ask.")
@by_whom
@as_json
@with_config
def delete(config: "Config", address: str, yes: bool, as_json: bool) -> None:
    """Delete somebody: nothing of them is left, in no free page of the database and not in its log."""
    from surveys.privacy.erasure import erase_person, find_person, open_secrets, scrub_now
    from surveys.secrecy.vault import Vault

    with opened(config) as database:
        row = database.read_now(lambda connection: find_person(connection, address))
        if not yes:
            click.confirm("Xóa hết dữ liệu của người này, và phiếu của họ trong đợt đang mở?", abort=True, err=True)
        with database.transaction() as connection:
            keys = open_secrets(connection, Vault(config.secrecy.folder))
            erase_person(connection, row.person_id, keys)
            _done(connection, config, "delete", row.channel, row.address)
        done = scrub_now(database, datetime.now(UTC)) > 0
    if as_json:
        print_json({"deleted": True, "scrubbed": done})
    else:
        click.echo(
            "đã xóa" if done else "đã xóa; bản sao trong tệp nhật ký của cơ sở dữ liệu sẽ được dọn trong ít phút"
        )


@person.command()
@click.option("--all", "everything", is_flag=True, help="Those that are done, too.")
@as_json
@with_config
def requests(config: "Config", everything: bool, as_json: bool) -> None:
    """The register: what waits, until when it must be answered and done, the most urgent first."""
    from surveys.privacy.requests import KINDS_SAID, REQUEST_STATES, legal_deadlines, register

    with opened(config) as database:
        rows = database.read_now(lambda connection: register(connection, everything=everything))
    law, now = legal_deadlines(), datetime.now(UTC)
    if as_json:
        basis = {"basis": law.basis, "source": law.source, "status": law.status, "valid_from": law.valid_from}
        days = {"answer_working_days": law.answer, "days": law.done}
        print_json({"requests": [row.to_json(now) for row in rows], "deadlines": {**basis, **days}})
        return
    shown = [
        {**row.to_json(now), "kind": KINDS_SAID[row.kind], "state": REQUEST_STATES[row.state(now)]} for row in rows
    ]
    columns = {"request": "số", "kind": "yêu cầu", "via": "qua", "answer_by": "trả lời trước", "done_by": "xong trước"}
    table(shown, {**columns, "state": ""})
    status = "" if law.status == "confirmed" else " (chưa đối chiếu công báo)"
    click.echo(f"Thời hạn theo {law.basis}{status}")


@person.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("address")
@click.option("--at", default="now", show_default=True, help="When it was received, as ISO 8601.")
@by_whom
@as_json
@with_config
def receive(config: "Config", kind: "Kind", address: str, at: str, as_json: bool) -> None:
    """Enter a request that came by word or letter, also of somebody of whom nothing is kept."""
    from surveys.local_time import parse_moment
    from surveys.privacy.erasure import find_person
    from surveys.privacy.requests import OFFICE, enter, whose
    from surveys.secrecy.vault import Vault

    received = parse_moment(at, datetime.now(UTC))
    with opened(config) as database, database.transaction() as connection:
        channel, colon, where = address.partition(":")
        if not colon:
            row = find_person(connection, address)
            channel, where = row.channel, row.address
        owner = whose(Vault(config.secrecy.folder).program_key(), channel, where)
        number = enter(connection, kind, owner, via=OFFICE, received=received)
        audit_entry(connection, config, "person.receive", owner, kind=kind, request=number)
    if as_json:
        print_json({"request": number})
    else:
        click.echo(f"đã ghi yêu cầu số {number}; xem: langnghe person requests")


@person.command()
@click.argument("number", type=int)
@click.option("--answered", is_flag=True, help="The person was answered, but it is not done yet.")
@by_whom
@with_config
def settle(config: "Config", number: int, answered: bool) -> None:
    """Mark a request of the register as done."""
    from surveys.privacy.requests import settle as mark

    with opened(config) as database, database.transaction() as connection:
        row = mark(connection, number, datetime.now(UTC), done=not answered)
        audit_entry(connection, config, "person.settle", row.whose, request=number, done=not answered)
    click.echo(f"yêu cầu số {number}: " + ("đã trả lời" if answered else "đã xong"))


def _done(connection: "Connection", config: "Config", kind: "Kind", channel: str, address: str) -> None:
    """Settle it in the register and log it; whose it is stands in both only as a keyed hash."""
    from surveys.privacy.requests import OFFICE, fulfil, whose
    from surveys.secrecy.vault import Vault

    owner = whose(Vault(config.secrecy.folder).program_key(), channel, address)
    fulfil(connection, kind, owner, via=OFFICE, now=datetime.now(UTC))
    audit_entry(connection, config, {"see": "person.export"}.get(kind, f"person.{kind}"), owner)
