"""What a bench gives back, and how it is shown."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bot.commands.options import table


@dataclass(frozen=True, slots=True)
class Options:
    """How much to measure."""

    folder: Path  # empty, for everything that a bench writes
    seconds: float
    events: int
    people: int
    rounds: int
    dev: Path | None = None  # labelled messages of one's own
    communes: int = 2000
    households: int = 500  # of each commune that answered
    recipients: int = 20_000  # of a round sent at 1000 a second


@dataclass(frozen=True, slots=True)
class Goal:
    """What was aimed at, and what came out."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def line(self) -> str:
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return f"{self.name}: {self.value:.2f} (goal {bound}: {'reached' if self.reached else 'not reached'})"


@dataclass(slots=True)
class Report:
    """One bench's outcome."""

    name: str
    columns: Mapping[str, str]  # key of a row -> heading
    rows: list[dict[str, Any]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        goals = [
            {
                "name": goal.name,
                "value": goal.value,
                "at_least": goal.at_least,
                "at_most": goal.at_most,
                "reached": goal.reached,
            }
            for goal in self.goals
        ]
        return {"bench": self.name, "machine": machine(), "rows": self.rows, "goals": goals, "notes": self.notes}


def show(report: Report) -> None:
    click.echo(f"\n{report.name} · {machine()}")
    table(report.rows, report.columns)
    for goal in report.goals:
        click.echo(f"  {goal.line()}")
    for note in report.notes:
        click.echo(f"  {note}")


def machine() -> str:
    """Where it was measured, such as "2 cores, Linux x86_64, Python 3.11.7"."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
