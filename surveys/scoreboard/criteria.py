"""Criteria sets: the digital indicators by which communes and districts are judged, as dated data.

The sets change and run out; a closed one stays readable. No threshold lives in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from surveys.errors import SurveyError
from surveys.toml_values import Keys, Status, read_toml

Level = Literal["commune", "district"]
Pillar = Literal["CQS", "KTS", "XHS"]  # digital government, digital economy, digital society
RoundsSay = Literal["", "support", "establish"]

SHIPPED = Path(__file__).parent / "shipped"
PILLARS: tuple[Pillar, ...] = ("CQS", "KTS", "XHS")
HAS = "has"


class CriteriaError(SurveyError):
    """A criteria set that cannot be used, or one that is not there; the sentence names the file and the key."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One indicator, and which evidence this system can give for it."""

    code: str
    title: str
    pillars: tuple[Pillar, ...]
    at_least: Fraction | None  # a share to reach; None: the unit has it or not
    threshold_source: str
    questions: tuple[str, ...]  # residents' answers, the telling one first
    choices: tuple[str, ...]  # questions of which each choice's number is told
    places: str  # a question whose choices are places where it works
    rounds: RoundsSay  # what the survey rounds held here say about it
    hamlets: bool  # a commune has it where one of its hamlets has
    summary: bool  # the pillars side by side
    of: str  # of a district: the row of its communes that is rolled up, as SET/CODE
    caveat: str
    asks: str  # what staff may note


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """The indicators of one set, with its legal basis and the period in which it ruled."""

    id: str
    title: str
    level: Level
    basis: str
    source: str
    status: Status
    valid_from: date
    valid_to: date | None  # None: no end known
    rows: tuple[Criterion, ...]

    def row(self, code: str) -> Criterion | None:
        return next((row for row in self.rows if row.code == code), None)

    def closed(self, today: date) -> bool:
        """Whether its period is over."""
        return self.valid_to is not None and self.valid_to < today


@cache
def shipped_criteria() -> tuple[CriteriaSet, ...]:
    """The sets that come with the program: those of communes before those of districts, basic before advanced.

    Raises `CriteriaError`.
    """
    sets = [read_set(path.stem, read_toml(path, CriteriaError)) for path in SHIPPED.glob("*.toml")]
    known = {f"{each.id}/{row.code}" for each in sets for row in each.rows}
    for each in sets:
        for row in each.rows:
            if row.of and row.of not in known:
                raise CriteriaError(f"{each.id}.toml: khóa “of” của chỉ tiêu {row.code} nêu dòng không có: {row.of}")
    return tuple(sorted(sets, key=lambda each: (each.level != "commune", _rank(each.id), each.id)))


def find_row(name: str) -> tuple[CriteriaSet, Criterion]:
    """The row that `SET/CODE` names, or `CODE` alone where only one set has it. Raises `CriteriaError`."""
    set_id, _, code = name.rpartition("/")
    found = [
        (each, row)
        for each in shipped_criteria()
        if set_id in ("", each.id) and (row := each.row(code.strip())) is not None
    ]
    if len(found) == 1:
        return found[0]
    choice = ", ".join(f"{each.id}/{row.code}" for each, row in found)
    if found:
        raise CriteriaError(f"nhiều bộ tiêu chí có chỉ tiêu “{name}”; hãy ghi rõ: {choice}")
    sets = ", ".join(each.id for each in shipped_criteria())
    raise CriteriaError(f"không có chỉ tiêu “{name}”; ghi dạng BỘ/MÃ, các bộ: {sets}")


def _rank(id: str) -> int:
    return 2 if "kieu-mau" in id else 1 if "nang-cao" in id else 0


def read_set(id: str, values: Mapping[str, Any]) -> CriteriaSet:
    """A set from the values of its file. Raises `CriteriaError`."""
    keys = Keys(f"{id}.toml", values, CriteriaError)
    rows = keys.tables("rows", "các chỉ tiêu")
    if not rows:
        raise keys.error("rows", "phải có ít nhất một chỉ tiêu")
    source, (begins, ends) = keys.text("source"), keys.period()
    found = CriteriaSet(
        id=id,
        title=keys.text("title"),
        level=cast(Level, keys.one_of("level", "commune", "district")),
        basis=keys.text("basis"),
        source=source,
        status=keys.status(),
        valid_from=begins,
        valid_to=ends,
        rows=tuple(_row(f"{id}.toml, rows[{number}]", row, source) for number, row in enumerate(rows, 1)),
    )
    keys.finish()
    if len({row.code for row in found.rows}) != len(found.rows):
        raise keys.error("rows", "có hai chỉ tiêu cùng mã")
    return found


def _row(where: str, values: Mapping[str, Any], source: str) -> Criterion:
    keys = Keys(where, values, CriteriaError)

    def text(key: str) -> str:
        return keys.text(key) if keys.has(key) else ""

    row = Criterion(
        code=keys.text("code"),
        title=keys.text("title"),
        pillars=cast(tuple[Pillar, ...], keys.texts("pillars", PILLARS)),
        at_least=keys.share("at_least") if keys.has("at_least") else None,
        threshold_source=text("threshold_source") or source,
        questions=keys.texts("questions"),
        choices=keys.texts("choices"),
        places=text("places"),
        rounds=cast(RoundsSay, keys.one_of("rounds", "support", "establish") if keys.has("rounds") else ""),
        hamlets=keys.flag("hamlets"),
        summary=keys.flag("summary"),
        of=text("of"),
        caveat=text("caveat"),
        asks=text("asks"),
    )
    keys.finish()
    if not row.pillars:
        raise keys.error("pillars", f"phải có ít nhất một trong: {', '.join(PILLARS)}")
    return row
