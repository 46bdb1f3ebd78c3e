"""Counts of ballots per unit and mode: what `surveys.results.results` counts and `surveys.results.scoring` judges."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from surveys.forms.form import Role
from surveys.results.estimates import Sample
from surveys.rounds.states import Mode
from surveys.rounds.units import Turnout

Key = TypeVar("Key", str, int)
_NOTHING = Sample(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Scored:
    """A question whose answers are satisfied or not."""

    name: str
    label: str
    role: Role = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Ballots of one unit and mode, counted. A question's blanks are the ballots in neither of its counts."""

    ballots: int = 0
    satisfied: Mapping[str, int] = field(default_factory=dict)  # question -> ballots
    not_satisfied: Mapping[str, int] = field(default_factory=dict)
    content: Mapping[int, int] = field(default_factory=dict)  # on how many content questions satisfied -> ballots

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.ballots + other.ballots,
            _sum(self.satisfied, other.satisfied),
            _sum(self.not_satisfied, other.not_satisfied),
            _sum(self.content, other.content),
        )

    def __sub__(self, other: "Tally") -> "Tally":
        """Of counts that hold the other's."""
        return Tally(
            self.ballots - other.ballots,
            dict(Counter(self.satisfied) - Counter(other.satisfied)),
            dict(Counter(self.not_satisfied) - Counter(other.not_satisfied)),
            dict(Counter(self.content) - Counter(other.content)),
        )

    def sample(self, question: str, households: int | None = None) -> Sample:
        """Who is satisfied in this question."""
        return Sample.yes_no(self.ballots, self.satisfied.get(question, 0), households)

    def content_sample(self, questions: int, households: int | None = None) -> Sample:
        """Each ballot's share of satisfied content questions: their mean is that of the questions' rates."""
        if not questions:
            return _NOTHING
        total = sum(number * ballots for number, ballots in self.content.items())
        squares = sum(number * number * ballots for number, ballots in self.content.items())
        return Sample(self.ballots, total, squares, questions, households)

    def all_sample(self, questions: int, households: int | None = None) -> Sample:
        """Who is satisfied in every content question."""
        if not questions:
            return _NOTHING
        return Sample.yes_no(self.ballots, self.content.get(questions, 0), households)


@dataclass(frozen=True)
class UnitCounts:
    """A unit's counts by mode, those of everything below it included."""

    unit: Turnout
    by_mode: Mapping[Mode, Tally] = field(default_factory=dict)

    @cached_property
    def total(self) -> Tally:
        return sum(self.by_mode.values(), Tally())


def _sum(one: Mapping[Key, int], other: Mapping[Key, int]) -> dict[Key, int]:
    if not one or not other:
        return dict(one or other)
    found = dict(one)
    for key, number in other.items():
        found[key] = found.get(key, 0) + number
    return found
