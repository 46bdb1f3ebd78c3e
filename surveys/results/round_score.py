"""The scores of a round as a value: what every paper, page, export and command reads; `to_json` is what is promised."""

from dataclasses import dataclass
from typing import Literal

from surveys.json_values import Json
from surveys.results.comparison import UnitChange
from surveys.results.scoring import UnitScore
from surveys.rounds.round_row import RoundRow
from surveys.rules.rule_sets import Rule

View = Literal["officials", "public", "posted"]  # who may read it: `surveys.results.suppression`, `.posted`


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed since a round before."""

    before: RoundRow
    same_form: bool
    whole: UnitChange | None
    units: tuple[UnitChange, ...]

    def to_json(self) -> Json:
        return {
            "round": self.before.id,
            "name": self.before.name,
            "counts": self.before.counts,
            "same_form": self.same_form,
            "whole": self.whole.to_json() if self.whole else None,
            "units": [change.to_json() for change in self.units],
        }


@dataclass(frozen=True, slots=True)
class RoundScore:
    """A round's scores; before its close nothing but how many ballots came back."""

    round: RoundRow
    view: View
    rule: Rule
    note: str
    whole: UnitScore | None  # all of it: its only unit, or one that stands for all
    units: tuple[UnitScore, ...]  # each parent before its children
    compared: Compared | None = None

    @property
    def heads(self) -> tuple[UnitScore, ...]:
        """What is told first: the whole where it stands for several, then the units."""
        return self.units if self.whole is None or self.whole.level != "round" else (self.whole, *self.units)

    def unit(self, unit_id: int) -> UnitScore | None:
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def to_json(self) -> Json:
        row, rule = self.round, self.rule
        told: Json = {
            "round": row.id,
            "view": self.view,
            "name": row.name,
            "state": row.state,
            "sample": row.sample,
            "counts": row.counts,
            "rule": rule.id,
            "title": rule.title,
            "basis": rule.basis,
            "source": rule.source,
            "status": rule.status,
            "level": rule.level,
            "note": self.note,
            "whole": self.whole.to_json() if self.whole else None,
            "units": [unit.to_json() for unit in self.units],
        }
        return told | ({"compared": self.compared.to_json()} if self.compared else {})
