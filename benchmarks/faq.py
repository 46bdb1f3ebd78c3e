"""Finding the topic of a message: right, sure, fast and light, beside the usual libraries taught by the same examples.

Each way answers only messages that it has not learnt from: a fifth of the examples held out in each round, thresholds
learnt without it too; and, with --dev, labelled messages of your own ({"text", "topic", "style"} a line).
"""

import json
import multiprocessing
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.faq_peers import WAYS, Lessons
from benchmarks.report import Goal, Options, Report
from faq.content.entries import Entry, load_entries, load_none_examples
from faq.search.learning import FOLDS, stratified
from faq.search.sureness import auroc

OURS = "ours"
HELD_OUT = "held out"
# What is wanted of unseen messages; the examples that editors write, seeking variety, are harder than those.
TOP1, TOP3, AUROC, RIGHT, WRONG, ANSWERED = 0.90, 0.97, 0.96, 0.80, 0.04, 0.05
P50, P95, LOAD, MEMORY = 5.0, 15.0, 1.0, 80.0  # ms, ms, s, MB
STYLES = "abcdefg"  # accents, none, teencode, slips, dialect, stories, bare words: the order in the entries


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    label: int
    style: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What one way made of some messages."""

    messages: Sequence[Message]
    scores: NDArray[np.float32]
    topical: NDArray[np.float64]  # how surely some topic is meant
    outcomes: Sequence[str | None]  # the topic answered; only ours decides
    milliseconds: Sequence[float]
    load: float  # seconds
    megabytes: float

    def __add__(self, other: "Answers") -> "Answers":
        return Answers(
            [*self.messages, *other.messages],
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.topical, other.topical]),
            [*self.outcomes, *other.outcomes],
            [*self.milliseconds, *other.milliseconds],
            max(self.load, other.load),
            max(self.megabytes, other.megabytes),
        )


def measure(options: Options) -> Report:
    """As many rounds as asked for, five at most; with `dev`, one more that learns from everything."""
    entries, none = load_entries(), load_none_examples()
    messages = [Message(text, at, style) for at, entry in enumerate(entries) for text, style in _styled(entry)]
    messages += [Message(text, len(entries), "") for text in none]
    folds = stratified(np.array([message.label for message in messages]))
    report = Report("faq", {"set": "messages", "what": "what", **_COLUMNS})
    pooled: dict[str, Answers] = {}
    for fold in range(min(options.rounds, FOLDS)):
        learnt = [message for message, held in zip(messages, folds.tolist(), strict=True) if held != fold]
        asked = [message for message, held in zip(messages, folds.tolist(), strict=True) if held == fold]
        for name in WAYS:
            _say(f"round {fold + 1}, {name}")
            found = _round(name, entries, learnt, asked, options.folder)
            pooled[name] = pooled[name] + found if name in pooled else found
    _report(report, HELD_OUT, pooled, len(entries))
    if options.dev is not None:
        asked = _dev(options.dev, entries)
        found_in_dev = {name: _round(name, entries, messages, asked, options.folder) for name in WAYS}
        _report(report, options.dev.name, found_in_dev, len(entries))
    report.goals += _goals(found_in_dev[OURS] if options.dev is not None else pooled[OURS], len(entries), options.dev)
    report.notes.append("brackets are 95 % Wilson intervals")
    report.notes.append("load, ms and MB are those of a fresh process that only answers; numpy's own MB left out")
    return report


_COLUMNS = {
    "count": "n",
    "top1": "top-1",
    "top3": "top-3",
    "auroc": "AUROC",
    "right": "answered rightly",
    "wrong": "wrongly",
    "answered": "none answered",
    "p50": "p50 ms",
    "p95": "p95 ms",
    "load": "load s",
    "megabytes": "MB",
}


def _round(
    name: str, entries: Sequence[Entry], learnt: Sequence[Message], asked: Sequence[Message], folder: Path
) -> Answers:
    """Teach in one process, answer in another, so that memory is that of answering alone."""
    taught = [
        replace(entry, examples=tuple(message.text for message in learnt if message.label == at))
        for at, entry in enumerate(entries)
    ]
    lessons = Lessons(taught, [message.text for message in learnt], [message.label for message in learnt])
    path = folder / "learnt.npz"
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        process.submit(WAYS[name][0], lessons, path).result()
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(_answer, name, path, list(asked)).result()


def _answer(name: str, path: Path, asked: Sequence[Message]) -> Answers:
    before = _resident()
    begun = time.perf_counter()
    answer = WAYS[name][1](path)
    load = time.perf_counter() - begun
    scores, taken = [], []
    answer("làm nóng máy")
    for message in asked:
        begun = time.perf_counter()
        scores.append(answer(message.text))
        taken.append((time.perf_counter() - begun) * 1000)
    megabytes = _resident() - before
    found = np.array(scores)
    topical = (found[:, :-1].max(axis=1) - found[:, -1]).astype(np.float64)
    answers = Answers(asked, found, topical, [None] * len(asked), taken, load, megabytes)
    return _decided(answers, path) if name == OURS else answers


def _decided(answers: Answers, path: Path) -> Answers:
    """With the outcomes of the whole search, and its time."""
    from faq.search.index import Index
    from faq.search.search import search

    index = Index.load(path)
    results, taken = [], []
    for message in answers.messages:
        begun = time.perf_counter()
        results.append(search(index, message.text))
        taken.append((time.perf_counter() - begun) * 1000)
    topical = np.array([result.score for result in results])
    return replace(answers, topical=topical, outcomes=[result.answer for result in results], milliseconds=taken)


def _report(report: Report, messages: str, found: dict[str, Answers], topics: int) -> None:
    for name, answers in found.items():
        report.rows.append({"set": messages, "what": name, **_row(answers, topics, name == OURS)})
    for style in sorted({message.style for message in found[OURS].messages} & set(STYLES)):
        part = _only(found[OURS], style)
        report.rows.append({"set": f"{messages}, style {style}", "what": OURS, **_row(part, topics, True)})


def _row(answers: Answers, topics: int, decides: bool) -> dict[str, Any]:
    figures = _figures(answers, topics)
    row: dict[str, Any] = {
        "count": len(answers.messages),
        "auroc": "–" if np.isnan(figures["auroc"][0]) else f"{figures['auroc'][0]:.3f}",
    }
    for key in ("top1", "top3", *(("right", "wrong", "answered") if decides else ())):
        happened, count = figures[key]
        row[key] = _interval(happened, count)
    row["p50"], row["p95"] = (f"{np.quantile(answers.milliseconds, share):.2f}" for share in (0.5, 0.95))
    return {**row, "load": f"{answers.load:.2f}", "megabytes": f"{answers.megabytes:.0f}"}


def _figures(answers: Answers, topics: int) -> dict[str, tuple[float, int]]:
    """How many of how many; for AUROC the value itself."""
    labels = np.array([message.label for message in answers.messages])
    asked, scores = labels < topics, answers.scores
    ranked = np.argsort(-scores[:, :topics], axis=1, kind="stable")
    decided = np.array([outcome is not None for outcome in answers.outcomes])
    hit = ranked[:, 0] == labels
    count, others = int(asked.sum()), int((~asked).sum())
    return {
        "top1": (hit[asked].sum(), count),
        "top3": ((ranked[:, :3] == labels[:, None]).any(axis=1)[asked].sum(), count),
        "auroc": (auroc(answers.topical[asked], answers.topical[~asked]), others),
        "right": ((decided & hit)[asked].sum(), count),
        "wrong": ((decided & ~hit)[asked].sum(), count),
        "answered": (decided[~asked].sum(), others),
    }


def _goals(answers: Answers, topics: int, dev: Path | None) -> list[Goal]:
    goals = [
        Goal("ms a message, p50", float(np.quantile(answers.milliseconds, 0.5)), at_most=P50),
        Goal("ms a message, p95", float(np.quantile(answers.milliseconds, 0.95)), at_most=P95),
        Goal("seconds to load", answers.load, at_most=LOAD),
        Goal("MB more", answers.megabytes, at_most=MEMORY),
    ]
    figures = _figures(answers, topics)
    shares = {key: float(value) / max(1, count) for key, (value, count) in figures.items()}
    shares["auroc"] = float(figures["auroc"][0])
    goals.append(Goal("none answered", shares["answered"], at_most=ANSWERED))
    goals.append(Goal("answered wrongly", shares["wrong"], at_most=WRONG))
    goals.append(Goal("AUROC of a topic against none", shares["auroc"], at_least=AUROC))
    if dev is not None:
        wanted = {"top1": TOP1, "top3": TOP3, "right": RIGHT}
        goals += [Goal(_COLUMNS[key], shares[key], at_least=least) for key, least in wanted.items()]
    return goals


def _only(answers: Answers, style: str) -> Answers:
    kept = [at for at, message in enumerate(answers.messages) if message.style == style]
    return replace(
        answers,
        messages=[answers.messages[at] for at in kept],
        scores=answers.scores[kept],
        topical=answers.topical[kept],
        outcomes=[answers.outcomes[at] for at in kept],
        milliseconds=[answers.milliseconds[at] for at in kept],
    )


def _interval(happened: float, count: int) -> str:
    """A share with its 95 % Wilson interval, in percent."""
    if not count:
        return "–"
    square = 1.96**2
    share = happened / count
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = 1.96 * np.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return f"{share:.1%} [{max(0.0, middle - reach):.1%}, {min(1.0, middle + reach):.1%}]"


def _styled(entry: Entry) -> list[tuple[str, str]]:
    """The examples with their style: an empty line parts the seven; what follows them is mixed."""
    front = entry.path.read_text(encoding="utf-8").split("+++")[1]
    inside = front[re.search(r"^examples\s*=\s*\[", front, re.MULTILINE).end() :].rsplit("]", 1)[0]  # type: ignore[union-attr]
    blocks = [tomllib.loads(f"block = [{block}]")["block"] for block in re.split(r"\n\s*\n", inside)]
    styles = [*STYLES, *[""] * len(blocks)]
    return [(text.strip(), style) for block, style in zip(blocks, styles, strict=False) for text in block]


def _dev(path: Path, entries: Sequence[Entry]) -> list[Message]:
    labels = {entry.id: at for at, entry in enumerate(entries)}
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Message(one["text"], labels.get(one["topic"], len(labels)), one.get("style", "")) for one in read]


def _resident() -> float:
    """MB of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(line, err=True)
