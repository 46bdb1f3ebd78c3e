"""`score`."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from bot.commands.options import as_json, opened, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config

VERDICTS = {"reached": "đạt", "not_reached": "chưa đạt", "not_established": "chưa đủ căn cứ"}
STATUS = {"confirmed": "đã xác nhận", "unconfirmed": "CHƯA XÁC NHẬN"}
CHANGES = {"up": "tăng", "down": "giảm", "unclear": "chưa rõ tăng hay giảm"}


@click.command()
@click.argument("key", metavar="ROUND")
@click.option("--against", metavar="ROUND", help="Compare with a round before, unit by unit.")
@click.option(
    "--public", is_flag=True, help="Only what may be published: a band where few of a hamlet are dissatisfied."
)
@as_json
@with_config
def score(config: "Config", key: str, against: str | None, public: bool, as_json: bool) -> None:
    """The scores of a round; before the close, coverage only."""
    from surveys.results.results import score as read_score

    small = config.secrecy.small_cells
    with opened(config) as database:
        result = database.read_now(
            lambda connection: read_score(connection, key, against=against, small=small, public=public)
        )
    if as_json:
        print_json(result)
        return
    for line in _lines(result):
        click.echo(line)


def _lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['name']} · {result['title']}"
    yield f"Căn cứ: {result['basis']} ({STATUS.get(result['status'], result['status'])})"
    if result["note"]:
        yield result["note"]
    several = result["whole"] and result["whole"]["level"] == "round"
    for unit in [*([result["whole"]] if several else []), *result["units"]]:
        yield from _unit(unit)
    if "compared" in result:
        yield f"So với đợt: {result['compared']['name']}"
        for unit in result["compared"]["units"]:
            yield from _compared(unit)


def _unit(unit: dict[str, Any]) -> Iterator[str]:
    from surveys.rules.rule_sets import COVERAGE

    indent = "  " if unit["level"] == "hamlet" else ""
    households = unit["households"] if unit["households"] is not None else "?"
    bands = {f"từ {least * 100:.0f}% trở lên" for name, least in unit["bands"].items() if name == _closing(unit)}
    withheld = ", giữ kín một số câu trả lời" if unit["suppressed"] else ""
    withheld += "".join(f", hài lòng chung {band}" for band in bands)
    yield f"{indent}{unit['name']}: {unit['ballots']}/{households} hộ, độ phủ {_share(unit['coverage'])}{withheld}"
    if unit["level"] == "hamlet" or not unit["questions"]:
        return
    for question in unit["questions"]:
        counted = (question["satisfied"], question["not_satisfied"], question["blank"])
        told = "" if None in counted else " ({} hài lòng, {} chưa, {} để trống)".format(*counted)
        yield f"    {_share(question['rate']):>8}  {question['label']}{told}"
    for mark in unit["marks"]:
        verdict = VERDICTS.get(mark["verdict"], mark["verdict"])
        name = "độ phủ" if mark["mark"] == COVERAGE else mark["mark"]
        sign = ">" if mark["strict"] else "≥"
        threshold, value = _share(mark["threshold"]), _share(mark["value"], mark["threshold"])
        yield f"    mốc {name} {sign} {threshold}: {value}, {verdict}"
    if unit["if_all_silent_dissatisfied"] is not None:
        yield f"    nếu mọi hộ chưa trả lời đều chưa hài lòng: {_share(unit['if_all_silent_dissatisfied'])}"
    for warning in unit["mode_warnings"]:
        yield f"    {warning['text']}"


def _closing(unit: dict[str, Any]) -> str | None:
    return next((one["name"] for one in unit["questions"] if one["role"] == "overall"), None)


def _compared(unit: dict[str, Any]) -> Iterator[str]:
    if unit["level"] == "hamlet":
        return
    yield f"{unit['name']}:"
    shares = [
        *unit["questions"],
        *({"label": "Hài lòng mọi nội dung", **unit[key]} for key in ("all_satisfied",) if unit[key]),
    ]
    for change in shares:
        points = " đến ".join(f"{change[side] * 100:+.2f}".replace(".", ",") for side in ("low", "high"))
        told = f"{_share(change['before'])} → {_share(change['after'])}, {CHANGES[change['change']]}"
        yield f"    {told} ({points} điểm phần trăm)  {change['label']}"


def _share(value: float | None, mark: float | None = None) -> str:
    from surveys.results.official_format import format_share

    if value is None:
        return "?"
    return format_share(value, mark=Fraction(str(mark)) if mark is not None else None)
