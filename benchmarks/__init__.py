"""`bench`: how fast the program is, beside what people use instead, in one run on this machine."""

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.report import Options, Report, show
from bot.commands.options import as_json, print_json

BENCHES = {
    "startup": "benchmarks.startup",
    "inbound": "benchmarks.inbound",
    "open": "benchmarks.opening",
    "broadcast": "benchmarks.broadcast",
    "faq": "benchmarks.faq",
    "score": "benchmarks.score",
    "export": "benchmarks.export",
}


@click.command()
@click.argument("name", required=False, type=click.Choice(list(BENCHES)))
@click.option("--seconds", type=click.FloatRange(0.1), default=3.0, show_default=True, help="Rest before a measure.")
@click.option("--events", type=click.IntRange(20), default=4000, show_default=True, help="Events in one round.")
@click.option("--people", type=click.IntRange(2), default=1000, show_default=True, help="People they come from.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Rounds; the median counts.")
@click.option("--communes", type=click.IntRange(1), default=2000, show_default=True, help="score, export: communes.")
@click.option(
    "--households", type=click.IntRange(1), default=500, show_default=True, help="score, export: households of each."
)
@click.option("--dev", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="faq: labelled messages.")
@click.option(
    "--recipients",
    type=click.IntRange(100),
    default=20_000,
    show_default=True,
    help="broadcast: at 1000/s; open: three times as many.",
)
@as_json
def bench(
    name: str | None,
    seconds: float,
    events: int,
    people: int,
    rounds: int,
    communes: int,
    households: int,
    dev: Path | None,
    recipients: int,
    as_json: bool,
) -> None:
    """Measure on this machine; peers beside ours where there are any. Compare ratios, not figures."""
    reports: list[Report] = []
    for each in [name] if name else BENCHES:
        with TemporaryDirectory(prefix="langnghe-bench-", ignore_cleanup_errors=True) as folder:
            options = Options(Path(folder), seconds, events, people, rounds, dev, communes, households, recipients)
            report: Report = importlib.import_module(BENCHES[each]).measure(options)
        reports.append(report)
        if not as_json:
            show(report)
    if as_json:
        print_json([report.to_dict() for report in reports])
