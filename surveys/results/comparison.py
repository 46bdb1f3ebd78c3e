"""A round beside the one before it: what changed in the same units, with the interval of the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.json_values import Json
from surveys.results.differences import Difference, difference
from surveys.results.estimates import Estimate
from surveys.results.scoring import UnitScore

SHARES = ("content_mean", "overall", "all_satisfied")


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit in both rounds; what is withheld in either, or asked in one only, is left out."""

    unit: UnitScore
    questions: Mapping[str, Difference]
    shares: Mapping[str, Difference]

    def to_json(self) -> Json:
        labels = {one.question.name: one.question.label for one in self.unit.questions}
        return {
            "unit": self.unit.unit.key,
            "id": self.unit.unit.id,
            "name": self.unit.unit.name,
            "level": self.unit.unit.level,
            "questions": [
                {"name": name, "label": labels[name], **change.to_json()} for name, change in self.questions.items()
            ],
            **{share: self.shares[share].to_json() if share in self.shares else None for share in SHARES},
            "marks": [
                {"mark": mark.mark, "threshold": float(mark.threshold), **change.to_json()}
                for mark in self.unit.marks
                if (change := self._of(mark.of)) is not None
            ],
        }

    def _of(self, of: str) -> Difference | None:
        """The change of what a mark is of; of several questions that of the lowest now."""
        if of != "each_content":
            return self.shares.get(of)
        content = [
            self.questions[one.question.name]
            for one in self.unit.questions
            if one.question.role == "content" and one.question.name in self.questions
        ]
        return min(content, key=lambda change: change.after, default=None)


def compare(after: Sequence[UnitScore], before: Sequence[UnitScore]) -> tuple[UnitChange, ...]:
    """The units of `after` that are in `before` too, by their number; see `differences.difference`."""
    earlier = {unit.unit.id: unit for unit in before}
    return tuple(_change(unit, earlier[unit.unit.id]) for unit in after if unit.unit.id in earlier)


def _change(after: UnitScore, before: UnitScore) -> UnitChange:
    then = {one.question.name: one.estimate for one in before.questions}
    questions = {
        one.question.name: found
        for one in after.questions
        if one.question.name in then and (found := difference(one.estimate, then[one.question.name]))
    }
    pairs = {share: (_share(after, share), _share(before, share)) for share in SHARES}
    shares = {share: found for share, (now, old) in pairs.items() if (found := difference(now, old))}
    return UnitChange(after, questions, shares)


def _share(unit: UnitScore, name: str) -> Estimate:
    found: Estimate | None = getattr(unit, name)
    return found or Estimate()
