"""`score`."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from bot.commands.options import as_json, opened, print_json, with_config

if TYPE_CHECKING:
    from bot.config import Config
    from surveys.results.comparison import UnitChange
    from surveys.results.round_score import RoundScore
    from surveys.results.scoring import UnitScore

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
        print_json(result.to_json())
        return
    for line in _lines(result):
        click.echo(line)


def _lines(result: "RoundScore") -> Iterator[str]:
    from surveys.rules.rule_sets import STATUSES

    yield f"{result.round.name} · {result.rule.title}"
    yield f"Căn cứ: {result.rule.basis} ({STATUSES[result.rule.status]})"
    if result.note:
        yield result.note
    for unit in result.heads:
        yield from _unit(unit)
    if result.compared:
        yield f"So với đợt: {result.compared.before.name}"
        for change in result.compared.units:
            yield from _compared(change)


def _unit(unit: "UnitScore") -> Iterator[str]:
    from surveys.results.verdicts import VERDICTS
    from surveys.rules.rule_sets import COVERAGE

    indent = "  " if unit.level == "hamlet" else ""
    households = unit.households if unit.households is not None else "?"
    closing = next((one.name for one in unit.questions if one.role == "overall"), "")
    withheld = ", giữ kín một số câu trả lời" if unit.suppressed else ""
    if closing in unit.bands:
        withheld += f", hài lòng chung từ {float(unit.bands[closing]) * 100:.0f}% trở lên"
    yield f"{indent}{unit.name}: {unit.ballots}/{households} hộ, độ phủ {_share(unit.coverage)}{withheld}"
    if unit.level == "hamlet" or not unit.questions:
        return
    for question in unit.questions:
        counted = (question.satisfied, question.not_satisfied, question.blank)
        told = "" if None in counted else " ({} hài lòng, {} chưa, {} để trống)".format(*counted)
        yield f"    {_share(question.rate):>8}  {question.label}{told}"
    for mark in unit.marks:
        verdict = VERDICTS[mark.verdict]
        name = "độ phủ" if mark.mark == COVERAGE else mark.mark
        sign = ">" if mark.strict else "≥"
        threshold, value = _share(mark.threshold), _share(mark.value, mark.threshold)
        yield f"    mốc {name} {sign} {threshold}: {value}, {verdict}"
    if unit.if_all_silent_dissatisfied is not None:
        yield f"    nếu mọi hộ chưa trả lời đều chưa hài lòng: {_share(unit.if_all_silent_dissatisfied)}"
    for warning in unit.mode_warnings:
        yield f"    {warning.text}"


def _compared(changed: "UnitChange") -> Iterator[str]:
    if changed.unit.level == "hamlet":
        return
    yield f"{changed.unit.name}:"
    labels = {one.name: one.label for one in changed.unit.questions}
    shares = [(labels[name], change) for name, change in changed.questions.items()]
    shares += [("Hài lòng mọi nội dung", change) for name, change in changed.shares.items() if name == "all_satisfied"]
    for label, change in shares:
        points = " đến ".join(f"{side * 100:+.2f}".replace(".", ",") for side in (change.low, change.high))
        told = f"{_share(change.before)} → {_share(change.after)}, {CHANGES[change.word]}"
        yield f"    {told} ({points} điểm phần trăm)  {label}"


def _share(value: Fraction | float | None, mark: Fraction | None = None) -> str:
    from surveys.results.official_format import format_share

    if value is None:
        return "?"
    return format_share(value, mark=mark)
