"""Rule sets: the quota and the marks by which a round is judged, as dated data with their source.

No threshold lives in code. Shares are exact fractions, so that 94,995 % never passes for 95 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast, get_args

from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.labels import labels
from surveys.toml_values import Keys, Status, read_toml

STATUSES = labels("rule", get_args(Status))
Level = Literal["province", "district", "commune", "hamlet"]
Of = Literal["overall", "content_mean", "each_content"]

SHIPPED = Path(__file__).parent / "shipped"
COVERAGE = "coverage"  # the mark that every score has: ballots against the quota


class RuleError(SurveyError):
    """A rule set that cannot be used; the sentence names the file and the key."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of satisfied answers to reach: `at_least`, or more than that where `strict`."""

    name: str
    of: Of
    at_least: Fraction
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a round is judged by. `quota` is a share of the households, judged apart from the marks."""

    id: str
    title: str
    basis: str  # the document that sets the values
    source: str  # where the values were read
    status: Status
    valid_from: date
    valid_to: date | None  # None: no end known
    level: Level  # of the units that the document speaks of
    quota: Fraction
    quota_strict: bool  # more than the quota, not just the quota
    marks: tuple[Mark, ...]

    def to_dict(self) -> Json:
        """Plain JSON values, from which `from_dict` makes an equal rule: what a round freezes."""
        return {
            "id": self.id,
            "title": self.title,
            "basis": self.basis,
            "source": self.source,
            "status": self.status,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else "",
            "level": self.level,
            "quota": float(self.quota),
            "quota_strict": self.quota_strict,
            "marks": [
                {"name": mark.name, "of": mark.of, "at_least": float(mark.at_least), "strict": mark.strict}
                for mark in self.marks
            ],
        }

    @classmethod
    def from_dict(cls, definition: Mapping[str, object]) -> "Rule":
        """The rule that `to_dict` wrote. Raises `RuleError`."""
        values = dict(definition)
        id = values.pop("id", "")
        return _rule(str(id), f"bộ quy tắc “{id}”", values)


def shipped_rules() -> tuple[Rule, ...]:
    """The rule sets that come with the program, in the order of their ids."""
    return tuple(_read(path) for path in sorted(SHIPPED.glob("*.toml")))


def read_rule(id_or_path: str | Path) -> Rule:
    """A shipped rule set by its id, or any other by the path of its file. Raises `RuleError`."""
    known = {path.stem: path for path in SHIPPED.glob("*.toml")}
    path = known.get(str(id_or_path), Path(id_or_path))
    if not path.is_file():
        raise RuleError(f"không có bộ quy tắc hay tệp nào tên “{id_or_path}”; có sẵn: {', '.join(sorted(known))}")
    return _read(path)


def _read(path: Path) -> Rule:
    return _rule(path.stem, path.name, read_toml(path, RuleError))


def _rule(id: str, where: str, values: Mapping[str, Any]) -> Rule:
    table = Keys(where, values, RuleError)
    marks = table.tables("marks", "các mức, mỗi mức có name, of và at_least")
    begins, ends = table.period()
    rule = Rule(
        id=id,
        title=table.text("title"),
        basis=table.text("basis"),
        source=table.text("source"),
        status=table.status(),
        valid_from=begins,
        valid_to=ends,
        level=cast(Level, table.one_of("level", "province", "district", "commune", "hamlet")),
        quota=table.share("quota"),
        quota_strict=table.flag("quota_strict"),
        marks=tuple(_mark(f"{where}, marks[{number}]", mark) for number, mark in enumerate(marks, 1)),
    )
    table.finish()
    names = [mark.name for mark in rule.marks]
    if len({*names, COVERAGE}) != len(names) + 1:
        raise table.error("marks", f"phải có tên khác nhau và khác “{COVERAGE}”")
    return rule


def _mark(where: str, values: Mapping[str, Any]) -> Mark:
    table = Keys(where, values, RuleError)
    mark = Mark(
        name=table.text("name"),
        of=cast(Of, table.one_of("of", "overall", "content_mean", "each_content")),
        at_least=table.share("at_least"),
        strict=table.flag("strict"),
    )
    table.finish()
    return mark
