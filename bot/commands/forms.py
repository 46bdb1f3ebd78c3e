"""`survey check / import / list`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.options import as_json, opened, print_json, show_rows, with_config

if TYPE_CHECKING:
    from bot.config import Config


@click.group()
def survey() -> None:
    """Questionnaires: XLSForm in, problems named by sheet and row."""


@survey.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@with_config
def check(config: "Config", file: Path, as_json: bool) -> None:
    """Read a form and say what is wrong or can't run in a chat."""
    from surveys.forms.xlsform import check_form

    form, problems, warnings = check_form(_path(file))
    if as_json:
        print_json(
            {
                "form": form.name if form else None,
                "questions": sum(question.asks for question in form.questions) if form else 0,
                "problems": [
                    {"sheet": each.sheet, "row": each.row, "column": each.column, "message": each.message}
                    for each in problems
                ],
                "warnings": warnings,
            }
        )
    else:
        for warning in warnings:
            click.echo(f"lưu ý: {warning}", err=True)
        if form is not None and not problems:
            asked = sum(question.asks for question in form.questions)
            click.echo(f"{form.name}: tốt, {asked} câu hỏi, tiếng: {', '.join(form.languages)}")
    if problems:
        raise click.ClickException("\n".join(str(problem) for problem in problems))


@survey.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_config
def import_(config: "Config", file: Path) -> None:
    """Freeze a form in the database, for rounds to use by its name."""
    from surveys.forms.xlsform import read_form
    from surveys.rounds.rounds import store_form

    form = read_form(_path(file))
    with opened(config) as database, database.transaction() as connection:
        store_form(connection, form, datetime.now(UTC))
    click.echo(f"đã nhận mẫu phiếu {form.name} ({form.digest[:12]})")


@survey.command("list")
@as_json
@with_config
def list_(config: "Config", as_json: bool) -> None:
    """List shipped and imported forms."""
    from sqlalchemy import select

    from storage.tables import FormVersion
    from surveys.forms.xlsform import shipped_forms
    from surveys.local_time import say_moment

    with opened(config) as database:
        stored = database.read_now(
            lambda connection: connection.execute(
                select(FormVersion.name, FormVersion.digest, FormVersion.imported_at).order_by(FormVersion.id)
            ).all()
        )
    rows = [{"name": name, "digest": "", "since": "có sẵn"} for name in shipped_forms()]
    rows += [{"name": row.name, "digest": row.digest[:12], "since": say_moment(row.imported_at)} for row in stored]
    show_rows("forms", rows, {"name": "mẫu phiếu", "digest": "bản", "since": "từ"}, as_json=as_json)


def _path(file: Path) -> Path:
    from surveys.forms.xlsform import shipped_forms

    return shipped_forms().get(str(file), file)
