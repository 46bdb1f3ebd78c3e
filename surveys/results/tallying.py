"""Counting ballots: one by one into running counts, and from stored counts to what is scored."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from storage.tables import Closing, UnitTally
from surveys.forms.form import Form, Question
from surveys.results.counts import Tally
from surveys.rounds.states import ClosingStep, Mode

CHOSEN = ("select_one", "select_multiple")  # question types of which each choice is counted
BY_MODE = dict[int, dict[Mode, Tally]]  # unit -> mode -> counts


class Row(NamedTuple):
    """A row of the table of tallies, without its round."""

    unit_id: int
    mode: str
    ballots: int
    choices: Mapping[str, Mapping[str, int]]
    content: Mapping[str, int]


class Tallying:
    """Running counts of a round's ballots, by unit and mode."""

    def __init__(self, form: Form) -> None:
        self._one = [question.name for question in form.questions if question.type == "select_one"]
        self._several = [question.name for question in form.questions if question.type == "select_multiple"]
        self._known = {
            question.name: frozenset(option.name for option in question.options)
            for question in form.questions
            if question.type in CHOSEN
        }
        self._content = {
            question.name: frozenset(option.name for option in question.options if option.satisfied)
            for question in form.questions
            if question.role == "content" and is_scored(question)
        }
        self._cells: defaultdict[tuple[int, str], _Cell] = defaultdict(_Cell)

    def add(self, unit_id: int, mode: str, answers: Mapping[str, Any]) -> None:
        """Count a ballot. An answer that is no choice of its question is a blank. Raises `ValueError` for no ballot."""
        if not isinstance(answers, dict):
            raise ValueError("a ballot maps questions to answers")
        cell = self._cells[unit_id, mode]
        cell.ballots += 1
        choices = cell.choices
        for name in self._one:
            answer = answers.get(name)
            if answer.__class__ is str:
                choices[name, answer] += 1
        for name in self._several:
            answer = answers.get(name)
            for each in set(map(str, answer)) if answer.__class__ is list else ():
                choices[name, each] += 1
        satisfied = 0
        for name, good in self._content.items():
            answer = answers.get(name)
            satisfied += answer.__class__ is str and answer in good
        cell.content[satisfied] += 1

    def rows(self) -> Iterator[Row]:
        """The counts, in the order of units and modes."""
        for (unit_id, mode), cell in sorted(self._cells.items()):
            choices: dict[str, dict[str, int]] = {}
            for (name, answer), number in sorted(cell.choices.items()):
                if answer in self._known[name]:
                    choices.setdefault(name, {})[answer] = number
            content = {str(number): ballots for number, ballots in sorted(cell.content.items())}
            yield Row(unit_id, mode, cell.ballots, choices, content)


class _Cell:
    __slots__ = ("ballots", "choices", "content")

    def __init__(self) -> None:
        self.ballots = 0
        self.choices: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.content: Counter[int] = Counter()


def stored(connection: Connection, round_id: int) -> list[Row] | None:
    """The counts that the close made; None for a round that was closed before there were any."""
    known = connection.execute(
        select(Closing.round_id).where(Closing.round_id == round_id, Closing.step == ClosingStep.DONE)
    )
    if known.first() is None:
        return None
    columns = [getattr(UnitTally, name) for name in Row._fields]
    return [Row(*row) for row in connection.execute(select(*columns).where(UnitTally.round_id == round_id))]


def to_score(rows: Iterable[Row], form: Form) -> BY_MODE:
    """Counts of satisfied and not satisfied, as the form's choices say."""
    scored = [question for question in form.questions if is_scored(question)]
    verdicts = [(each.name, [(option.name, option.satisfied) for option in each.options]) for each in scored]
    found: BY_MODE = {}
    for row in rows:
        satisfied: dict[str, int] = {}
        not_satisfied: dict[str, int] = {}
        for name, options in verdicts:
            chosen = row.choices.get(name)
            if not chosen:
                continue
            for option, verdict in options:
                number = chosen.get(option)
                if number and verdict is not None:
                    counted = satisfied if verdict else not_satisfied
                    counted[name] = counted.get(name, 0) + number
        content = {int(number): ballots for number, ballots in row.content.items()}
        found.setdefault(row.unit_id, {})[Mode(row.mode)] = Tally(row.ballots, satisfied, not_satisfied, content)
    return found


def is_scored(question: Question) -> bool:
    """Whether its answers are satisfied or not: one choice, and the choices say which."""
    return question.type == "select_one" and any(option.satisfied is not None for option in question.options)
