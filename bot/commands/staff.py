"""`staff add / list / remove / code / unlink`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, show_rows, with_config
from bot.commands.permissions import require_permission
from surveys.roles import Deed, Role

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config

SHORTEST = 12  # characters of a password (OWASP ASVS 6.2.1 asks for 8, recommends 15)


def add_account(connection: "Connection", *, name: str, role: Role, unit_id: int, password: str, now: datetime) -> None:
    """Store somebody with the argon2id hash of their password. Raises `SurveyError` when it cannot be."""
    from argon2 import PasswordHasher
    from sqlalchemy import insert

    from storage.tables import Staff
    from surveys.errors import SurveyError
    from surveys.staff_accounts import officials_called, plain_name

    name = plain_name(name)
    if not name or len(name) > 64:
        raise SurveyError("tên phải có từ 1 đến 64 chữ cái")
    if len(password) < SHORTEST:
        raise SurveyError(f"mật khẩu phải có ít nhất {SHORTEST} ký tự")
    if there := officials_called(connection, name):
        raise SurveyError(f"đã có người tên “{there[0].name}”")
    connection.execute(
        insert(Staff).values(
            name=name, role=role.value, unit_id=unit_id, password=PasswordHasher().hash(password), created_at=now
        )
    )


@click.group()
def staff() -> None:
    """Officials, staff and helpers, each in charge of a unit and everything below it."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", required=True, help="Code of a province or commune, or CODE/HAMLET.")
@click.option("--password", default="", help="At least 12 characters; asked for when left out.")
@by_whom
@with_config
def add(config: "Config", name: str, role: str, unit: str, password: str) -> None:
    """Add somebody who may sign in."""
    from surveys.unit_names import find_units

    password = password or click.prompt("Mật khẩu", hide_input=True, confirmation_prompt=True)
    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.MANAGE_STAFF, ())
        [unit_id] = find_units(connection, [unit])
        add_account(connection, name=name, role=Role(role), unit_id=unit_id, password=password, now=datetime.now(UTC))
        audit_entry(connection, config, "staff.add", name, role=role, unit=unit)
    click.echo(f"đã thêm {name}")


@staff.command("list")
@as_json
@with_config
def list_(config: "Config", as_json: bool) -> None:
    """List who may sign in."""
    from sqlalchemy import select

    from handlers.catalogue import load_catalogue
    from storage.tables import Staff, Unit

    with opened(config) as database:
        found = database.read_now(
            lambda connection: connection.execute(
                select(Staff.name, Staff.role, Unit.name.label("unit"))
                .outerjoin(Unit, Unit.id == Staff.unit_id)
                .order_by(Staff.name)
            ).all()
        )
    rows = [dict(row._mapping) for row in found]
    say = load_catalogue().say
    show_rows(
        "staff",
        rows,
        {"name": "tên", "role": "vai trò", "unit": "đơn vị"},
        as_json=as_json,
        words=lambda row: {"role": f"{row['role']} ({say('vi', 'role.' + row['role'])})"},
    )


@staff.command()
@click.argument("name")
@by_whom
@with_config
def remove(config: "Config", name: str) -> None:
    """Remove somebody; their sessions end at once."""
    from sqlalchemy import delete

    from storage.tables import Staff
    from surveys.staff_accounts import find_staff_member

    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.MANAGE_STAFF, ())
        official = find_staff_member(connection, name, known=False)
        if official is None:
            raise click.ClickException(f"không có ai tên “{name}”; xem: langnghe staff list")
        connection.execute(delete(Staff).where(Staff.id == official.id))
        audit_entry(connection, config, "staff.remove", official.name)
    click.echo(f"đã xóa {official.name}")


@staff.command()
@click.argument("name")
@by_whom
@as_json
@with_config
def code(config: "Config", name: str, as_json: bool) -> None:
    """Give a code that makes a chat theirs; it works once, within 24 hours, and is shown only now."""
    from handlers.staff.chat_links import LASTS, make_code
    from surveys.secrecy.vault import Vault
    from surveys.staff_accounts import find_staff_member

    now = datetime.now(UTC)
    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.MANAGE_STAFF, ())
        official = find_staff_member(connection, name)
        made = make_code(connection, Vault(config.secrecy.folder).program_key(), official.id, now)
        audit_entry(connection, config, "staff.code", official.name)
    if as_json:
        print_json({"staff": official.name, "code": made, "expires_at": (now + LASTS).isoformat()})
    else:
        click.echo(made)
        click.echo(
            f"{official.name} gửi mã này cho bot trong 24 giờ, một lần; rồi gõ “quản lý” hoặc “yêu cầu” bất cứ lúc nào",
            err=True,
        )


@staff.command()
@click.argument("name")
@by_whom
@with_config
def unlink(config: "Config", name: str) -> None:
    """Take their rights away from all chats, such as when a phone is lost; codes not used yet lapse too."""
    from handlers.staff.chat_links import leave_all
    from surveys.staff_accounts import find_staff_member

    with opened(config) as database, database.transaction() as connection:
        require_permission(connection, Deed.MANAGE_STAFF, ())
        official = find_staff_member(connection, name)
        chats = leave_all(connection, official.id)
        audit_entry(connection, config, "staff.unlink", official.name, chats=chats)
    click.echo(f"{chats} cuộc trò chuyện không còn là của {official.name}")
