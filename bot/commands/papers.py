"""`paper`: the official papers of a round."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from bot.commands.audit import audit_entry
from bot.commands.options import as_json, by_whom, opened, print_json, with_config
from bot.commands.permissions import as_whom, require_permission
from surveys.roles import Deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from surveys.documents.document import Paper
    from surveys.documents.kinds import Kind

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
NAMES = ("ballot", "minutes", "report", "notice", "poster", "cards")


def _copy_templates(context: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    if folder is None:
        return
    from surveys.documents.word import copy_shipped

    for path in copy_shipped(folder):
        click.echo(path)
    context.exit()


@click.command()
@click.argument("key", metavar="ROUND")
@click.argument("kind", type=click.Choice(NAMES))
@click.option("--unit", metavar="UNIT", help="CODE or CODE/HAMLET; not needed where the round asks one unit.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="FILE.docx or FILE.pdf.")
@click.option("--template", type=click.Path(path_type=Path), help="A Word template of your own, for a .docx.")
@click.option("--also", type=click.Choice(["km", "en"]), help="A second language on a ballot.")
@click.option("--public", is_flag=True, help="Minutes or a report to post: only what may be published.")
@click.option("--codes", type=_FILE, help="A list of household codes: a ballot for each, as .pdf, its QR on a stub.")
@click.option(
    "--copy-templates",
    type=click.Path(path_type=Path, file_okay=False),
    is_eager=True,
    expose_value=False,
    callback=_copy_templates,
    help="Copy the shipped Word templates into a folder, to edit, and do nothing else.",
)
@by_whom
@as_whom
@as_json
@with_config
def paper(
    config: "Config",
    key: str,
    kind: str,
    unit: str | None,
    out: Path,
    template: Path | None,
    also: str | None,
    public: bool,
    codes: Path | None,
    as_json: bool,
) -> None:
    """The official papers of a round, as .docx or .pdf."""
    if kind == "cards":
        raise click.ClickException(
            "thẻ hộ chỉ in được lúc cấp mã, vì mã không lưu lại; dùng: langnghe households cards ĐƠN_VỊ --out TỆP.pdf"
        )
    from surveys.documents.contents import Organiser
    from surveys.documents.document import compose, units_below
    from surveys.documents.issue_log import enter, format_of, write_paper
    from surveys.documents.stubs import read_stubs
    from surveys.documents.word import has_qr, own_template
    from surveys.secrecy.vault import Vault

    shape, now = format_of(out), datetime.now(UTC)
    if shape == "pdf" and template is not None:
        raise click.UsageError("--template chỉ dùng cho .docx; muốn PDF theo mẫu riêng thì mở .docx rồi in ra PDF")
    if codes is not None and (kind, shape) != ("ballot", "pdf"):
        raise click.UsageError("--codes chỉ dùng cho phiếu (ballot) in ra .pdf")

    def composed(connection: "Connection") -> "Paper":
        made = compose(
            connection,
            key,
            cast("Kind", kind),
            unit=unit,
            organiser=Organiser(config.organisation.name, config.organisation.contact),
            site=config.site,
            also=also or "",
            small=config.secrecy.small_cells,
            public=public,
        )
        require_permission(connection, Deed.ISSUE_PAPERS, [made.unit])
        if codes is None:
            return made
        held = Vault(config.secrecy.folder).program_key()
        return replace(made, stubs=read_stubs(connection, held, codes, units_below(connection, made)))

    with opened(config) as database:
        made = database.read_now(composed)

        def log(sha256: str) -> None:
            with database.transaction() as connection:
                enter(connection, made, shape, sha256, now)
                detail = {"kind": kind, "unit": made.unit, "file": out.name, "sha256": sha256}
                audit_entry(connection, config, "paper", made.round, **detail)

        own = template or (own_template(config.paper.templates, made.template) if shape == "docx" else None)
        sha256 = write_paper(made, out, now, template=own, before=log)
    if own is not None and not has_qr(own):
        click.echo(f"mẫu {own} không có hình mang chữ thay thế QR nên giấy này không có mã để quét", err=True)
    if not config.web.public_url:
        click.echo(f"chưa khai báo web.public_url nên mã QR dẫn tới {config.site}, chỉ mở được ở máy này", err=True)
    if as_json:
        print_json(
            {
                "round": made.round,
                "kind": kind,
                "file": str(out),
                "sha256": sha256,
                "code": made.code or None,
                "address": made.address,
            }
        )
        return
    click.echo(f"đã ghi {made.template.title} vào {out}", err=True)
