"""What residents and rounds say about an indicator, out of the same scores that everything else shows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from places.place import Place
from places.units import Territory
from storage.tables import Round, RoundUnit
from surveys.forms.form import Form, Question
from surveys.local_time import say_date
from surveys.results import tallying
from surveys.results.estimates import Estimate, as_number
from surveys.results.official_format import format_share
from surveys.results.posted import posted_score
from surveys.results.scoring import UnitScore
from surveys.rounds.round_form import round_form
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.states import ANSWERS_OPEN, TOLD, WITH_BALLOTS, RoundState
from surveys.scoreboard.indicators import Evidence, Verdict, judge_share

JUDGED = ("overall", "content")  # roles of the questions of a satisfaction survey
SAMPLE = " (số liệu mẫu)"


@dataclass(frozen=True)
class Held:
    """A round, and its scores once they are asked for."""

    connection: Connection
    row: RoundRow
    small: int

    @cached_property
    def form(self) -> Form:
        return round_form(self.connection, self.row.form_id)

    @cached_property
    def units(self) -> Mapping[int, UnitScore]:
        result = posted_score(self.connection, self.row.id, small=self.small)
        return {unit.id: unit for unit in result.units}

    @property
    def name(self) -> str:
        return f"đợt “{self.row.name}”{SAMPLE if self.row.sample else ''}"

    def question(self, name: str) -> Question | None:
        return next((question for question in self.form.questions if question.name == name), None)

    def satisfaction(self) -> bool:
        return any(question.role in JUDGED for question in self.form.questions)


class Rounds:
    """The rounds of all units, each scored once at most."""

    def __init__(self, connection: Connection, territory: Territory, small: int) -> None:
        self._connection = connection
        self._territory = territory
        self._small = small
        self._held: dict[int, Held] = {}

    def about(self, unit: Place) -> list[Held]:
        """The rounds that ask a unit, as it is or within a larger one; the newest first."""
        path = [place.id for place in self._territory.path(unit.id)]
        asked = select(RoundUnit.round_id).where(RoundUnit.unit_id.in_(path))
        query = select_rounds().where(Round.id.in_(asked), Round.state.in_(WITH_BALLOTS))
        rows = read_rounds(self._connection, query.order_by(Round.opens_at.desc(), Round.id.desc()))
        return [self._held.setdefault(row.id, Held(self._connection, row, self._small)) for row in rows]

    def answered(self, unit: Place, question: str) -> Held | None:
        """The newest closed round that put a question to a unit."""
        return next(
            (each for each in self.about(unit) if each.row.state in ANSWERS_OPEN and each.question(question)), None
        )

    def choices(self, held: Held, unit: Place) -> tuple[int, dict[str, Counter[str]]]:
        """How many ballots came from a unit and everything below it, and how often each choice was taken."""
        below = {place.id for place in self._territory.below(unit.id)}
        ballots, chosen = 0, dict[str, Counter[str]]()
        for row in tallying.stored(self._connection, held.row.id) or ():
            if row.unit_id in below:
                ballots += row.ballots
                for question, counted in row.choices.items():
                    chosen.setdefault(question, Counter()).update(counted)
        return ballots, chosen


def share_evidence(held: Held, unit: Place, question: str, at_least: Fraction | None) -> Evidence | None:
    """A question's share of ballots with its interval; None where none came from the unit."""
    scored = held.units.get(unit.id)
    found = next((each for each in scored.questions if each.name == question), None) if scored else None
    if scored is None or found is None or not scored.ballots:
        return None
    detail = {
        "round": held.row.id,
        "sample": held.row.sample,
        "question": question,
        "label": found.label,
        "ballots": scored.ballots,
        "rate": as_number(found.rate),
        "low": found.low,
        "high": found.high,
        "rate_answered": as_number(found.rate_answered),
    }
    if found.rate is None or found.low is None or found.high is None:
        text = f"{found.label} chưa nêu được vì ít phiếu ({scored.ballots}); {held.name}"
        return Evidence("residents", text, "not_established", detail)
    said = format_share(found.rate, mark=at_least)
    bounds = " đến ".join(format_share(side, mark=at_least) for side in (found.low, found.high))
    answered = (found.satisfied or 0) + (found.not_satisfied or 0)
    text = f"{found.label} {said} của {scored.ballots} phiếu (khoảng 95 %: {bounds})"
    if answered < scored.ballots and found.rate_answered is not None:
        text += f"; {format_share(found.rate_answered)} của {answered} người trả lời câu này"
    return Evidence("residents", f"{text}; {held.name}", judge_share(at_least, found.low, found.high), detail)


def choice_evidence(rounds: Rounds, held: Held, unit: Place, name: str, small: int) -> Iterator[Evidence]:
    """How often each choice of a question was taken, in a commune; small numbers stay untold."""
    question = held.question(name)
    ballots, chosen = rounds.choices(held, unit)
    if question is None or unit.level == "hamlet" or ballots < small:
        return
    scored = held.units.get(unit.id)
    if scored and name in scored.suppressed:
        return
    label = held.form.text(question.label, "vi")
    for option in question.options:
        number = chosen.get(name, Counter())[option.name]
        told = number if number >= small else None
        said = f"{number} phiếu" if told is not None else f"dưới {small} phiếu"
        detail = {"round": held.row.id, "sample": held.row.sample, "question": name, "choice": option.name}
        detail |= {"count": told, "ballots": ballots}
        text = f"{label} {held.form.text(option.label, 'vi')}: {said} trong {ballots}; {held.name}"
        yield Evidence("choices", text, "not_established", detail)


def round_evidence(held: Held, unit: Place, *, establishes: bool) -> Evidence:
    """A survey round held here: dates, coverage, what came out, whether it was published."""
    row, scored = held.row, held.units.get(unit.id)
    verdict: Verdict = "met" if establishes and row.state == RoundState.PUBLISHED else "not_established"
    text = f"{held.name}, {say_date(row.opens_at)} đến {say_date(row.closed_at or row.closes_at)}, {TOLD[row.state]}"
    detail: dict[str, Any] = {"round": row.id, "name": row.name, "state": row.state, "sample": row.sample}
    detail |= {"opens_at": row.opens_at.isoformat(), "closes_at": row.closes_at.isoformat()}
    detail["closed_at"] = row.closed_at.isoformat() if row.closed_at else None
    if scored:
        overall = scored.overall or Estimate()
        detail |= {"ballots": scored.ballots, "households": scored.households, "coverage": as_number(scored.coverage)}
        detail["overall"] = {"rate": as_number(overall.rate), "low": overall.low, "high": overall.high}
        text += f"; {scored.ballots} phiếu"
        if scored.coverage is not None:
            text += f", độ phủ {format_share(scored.coverage)}"
        if overall.rate is not None:
            text += f", hài lòng chung {format_share(overall.rate)}"
    return Evidence("round", text, verdict, detail)
