"""`check` and `migrate`."""

from typing import TYPE_CHECKING

import click

from bot.commands.options import opened, with_config

if TYPE_CHECKING:
    from bot.config import Config


@click.command()
@with_config
def migrate(config: "Config") -> None:
    """Bring the database to the newest revision, with the communes that ship with the program."""
    from places.shipped import load_shipped
    from storage.database import check_connection
    from storage.schema import head, upgrade

    check_connection(config.database.url, create=True)
    upgrade(config.database.url)
    with opened(config) as database, database.transaction() as connection:
        new = load_shipped(connection)
    click.echo(f"Cơ sở dữ liệu ở phiên bản {head()}." + (f" Đã nạp {new} đơn vị có sẵn." if new else ""))


@click.command()
@with_config
def check(config: "Config") -> None:
    """Check configuration, database, texts, forms and rules; say what is wrong and where."""
    from bot.app import make_world
    from surveys.documents.word import check_folder
    from surveys.forms.xlsform import check_form, shipped_forms
    from surveys.rules.rule_sets import shipped_rules
    from surveys.scoreboard.criteria import shipped_criteria

    with opened(config) as database:
        shared = make_world(config)
        missing = database.read_now(lambda connection: _without_secret(connection, shared.vault))
    click.echo("cấu hình, cơ sở dữ liệu, văn bản: tốt")
    for unsaid in _unsaid(config):
        click.echo(unsaid)
    problems = [f"đợt “{name}” đang mở nhưng thiếu tệp bí mật trong {config.secrecy.folder}" for name in missing]
    for name, path in shipped_forms().items():
        _, found, _ = check_form(path)
        problems += [f"{name}: {problem}" for problem in found]
    click.echo(f"mẫu phiếu: {', '.join(shipped_forms())}")
    own, found_in_templates = check_folder(config.paper.templates)
    problems += found_in_templates
    if own:
        click.echo(f"mẫu giấy riêng: {', '.join(own)}")
    for rule in shipped_rules():
        click.echo(f"bộ quy tắc: {rule.id} ({'đã xác nhận' if rule.status == 'confirmed' else 'chưa xác nhận'})")
    for criteria in shipped_criteria():
        click.echo(
            f"bộ tiêu chí: {criteria.id} ({'đã xác nhận' if criteria.status == 'confirmed' else 'chưa xác nhận'})"
        )
    if problems:
        raise click.ClickException("\n".join(problems))


def _unsaid(config: "Config") -> list[str]:
    """What the configuration leaves blank and a round needs, or residents would miss: a line each."""
    said = [f"chưa khai báo {name}: chưa mở được đợt nào" for name in config.asker.unsaid]
    if not config.web.public_url:
        said.append("chưa khai báo web.public_url: mã QR và đường dẫn chỉ mở được ở máy này")
    webhook = config.telegram.webhook_url
    if config.telegram.mode == "webhook" and webhook.startswith("http://"):
        said.append("telegram.webhook_url: Telegram chỉ gửi tới địa chỉ https://")
    return said


def _without_secret(connection: object, vault: object) -> list[str]:
    from sqlalchemy import Connection, select

    from storage.tables import Round
    from surveys.rounds.states import RoundState
    from surveys.secrecy.vault import SecretGone, Vault

    assert isinstance(connection, Connection) and isinstance(vault, Vault)
    missing = []
    for row in connection.execute(select(Round.name, Round.code).where(Round.state == RoundState.OPEN)):
        try:
            vault.round_secret(row.code)
        except SecretGone:
            missing.append(row.name)
    return missing
