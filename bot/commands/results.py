"""`score`."""

from typing import TYPE_CHECKING, Any

import click

from bot.commands.options import as_json, opened, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config

VERDICTS = {"reached": "đạt", "not_reached": "chưa đạt", "not_established": "chưa đủ căn cứ"}


@click.command()
@click.argument("key", metavar="ROUND")
@as_json
@with_config
def score(config: "Config", key: str, as_json: bool) -> None:
    """The scores of a round; before the close, coverage only."""
    from surveys.results import score as read_score

    with opened(config) as database:
        result = database.read_now(lambda connection: read_score(connection, key))
    if as_json:
        print_json(result)
        return
    click.echo(f"{result['name']} · {result['title']}")
    if result["note"]:
        click.echo(result["note"])
    for unit in result["units"]:
        _show(unit)


def _show(unit: dict[str, Any]) -> None:
    from surveys.rules import COVERAGE

    indent = "  " if unit["level"] == "hamlet" else ""
    households = unit["households"] if unit["households"] is not None else "?"
    click.echo(f"{indent}{unit['name']}: {unit['ballots']}/{households} hộ, độ phủ {_share(unit['coverage'])}")
    if unit["level"] == "hamlet" or not unit["questions"]:
        return
    for question in unit["questions"]:
        click.echo(f"    {_share(question['rate']):>8}  {question['label']}")
    for mark in unit["marks"]:
        verdict = VERDICTS.get(mark["verdict"], mark["verdict"])
        name = "độ phủ" if mark["mark"] == COVERAGE else mark["mark"]
        sign = ">" if mark["strict"] else "≥"
        click.echo(
            f"    mốc {name} {sign} {_share(mark['threshold'])}: {_share(mark['value'], mark['threshold'])}, {verdict}"
        )


def _share(value: float | None, mark: float | None = None) -> str:
    from fractions import Fraction

    from surveys.official import official_share

    if value is None:
        return "?"
    return official_share(value, mark=Fraction(str(mark)) if mark is not None else None)
