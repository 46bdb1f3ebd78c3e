"""The scoreboard of the digital indicators: every row of every criteria set, for a commune, hamlet or former district.

A commune has the rows of the commune sets, and those of the district that it lay in until the districts ended: these
are rolled up from all communes that took in a part of it. A hamlet has the rows that say something about a hamlet.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from places.place import Place
from places.units import Territory
from surveys.results.suppression import SMALL
from surveys.scoreboard.criteria import HAS, PILLARS, CriteriaError, CriteriaSet, Criterion, find_row, shipped_criteria
from surveys.scoreboard.indicators import VERDICTS, Evidence, Verdict, all_of, any_of, judge_value, together
from surveys.scoreboard.notes import notes
from surveys.scoreboard.resident_evidence import Rounds, choice_evidence, round_evidence, share_evidence
from surveys.unit_names import find_units
from vietnamese.folding import fold

DISTRICT = "Huyện"  # the sets are for rural districts, not for towns and cities
SUMMED_UP = {"met": "đạt", "not_met": "chưa đạt", "not_established": "chưa đủ căn cứ", "no_evidence": "chưa có gì"}
District = tuple[str, str]  # its name and its province's


@dataclass(frozen=True, slots=True)
class Judged:
    """A row in a unit."""

    criteria: CriteriaSet
    row: Criterion
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    district: District | None = None

    def to_json(self, today: date) -> dict[str, Any]:
        figures = self._figures()
        share = self.row.at_least
        return {
            "set": self.criteria.id,
            "set_title": self.criteria.title,
            "level": self.criteria.level,
            "code": self.row.code,
            "title": self.row.title,
            "pillar": " ".join(self.row.pillars),
            "threshold": HAS if share is None else float(share),
            "operator": HAS if share is None else ">=",
            "threshold_source": self.row.threshold_source,
            "value": figures.get("rate"),
            "low": figures.get("low"),
            "high": figures.get("high"),
            "answers": figures.get("ballots"),
            "verdict": self.verdict,
            "evidence": [each.to_json() for each in self.evidence],
            "caveat": self.row.caveat,
            "asks": self.row.asks,
            "basis": self.criteria.basis,
            "source": self.criteria.source,
            "status": self.criteria.status,
            "valid_from": self.criteria.valid_from.isoformat(),
            "valid_to": self.criteria.valid_to.isoformat() if self.criteria.valid_to else None,
            "closed": self.criteria.closed(today),
            "district": ", ".join(self.district) if self.district else None,
            "sample": any(each.detail.get("sample") for each in self.evidence),
        }

    def _figures(self) -> dict[str, Any]:
        """The figures that the row itself shows: the first there are, of residents, a round or a note."""
        found: dict[str, Any] = {}
        for each in self.evidence:
            detail = each.detail
            if each.kind == "round":
                detail = {"ballots": detail.get("ballots"), **(detail.get("overall") or {})}
            elif each.kind == "note":
                detail = {"rate": detail["value"]}
            elif each.kind != "residents":
                continue
            found = found or detail
            if detail.get("rate") is not None:
                return detail
        return found


def scoreboard(connection: Connection, name: str, *, today: date, small: int = SMALL) -> dict[str, Any]:
    """The scoreboard in the shape of the command `criteria`.

    `name` is a commune's code, CODE/HAMLET, or a former rural district ("Huyện Cù Lao Dung", with its province where
    two had that name). Raises `SurveyError` where there is no such unit, or it has no scoreboard.
    """
    territory = Territory.read(connection)
    board = _Board(connection, territory, small)
    if district := _district(territory, name):
        rows = [board.rolled_up(each, row, district) for each, row in _rows("district")]
        title = ", ".join(district)
        return {"unit": title, "name": title, "level": "district", **_told(rows, today)}
    unit = territory[find_units(connection, [name])[0]]
    if unit.level == "province":
        raise CriteriaError("bảng chỉ tiêu tính cho xã, ấp hoặc huyện cũ; hãy ghi mã xã")
    told: dict[str, Any] = {"unit": _key(unit), "name": unit.name, "level": unit.level}
    told |= _told(board.rows(unit), today)
    if unit.level == "commune":
        told["hamlets"] = [
            {"unit": _key(hamlet), "name": hamlet.name, **_told(board.rows(hamlet), today)}
            for hamlet in territory.hamlets(unit.id)
        ]
    return told


class _Board:
    def __init__(self, connection: Connection, territory: Territory, small: int) -> None:
        self._connection = connection
        self._territory = territory
        self._small = small
        self._rounds = Rounds(connection, territory, small)

    def rows(self, unit: Place) -> list[Judged]:
        judged = [
            self.judged(criteria, row, unit)
            for criteria, row in _rows("commune")
            if unit.level == "commune" or _of_a_hamlet(row)
        ]
        judged = [self._summed_up(each, judged) if each.row.summary else each for each in judged]
        districts = _districts(unit) if unit.level == "commune" else []
        return [*judged, *(self.rolled_up(*each, district) for each in _rows("district") for district in districts)]

    def judged(self, criteria: CriteriaSet, row: Criterion, unit: Place) -> Judged:
        evidence = [*self._residents(row, unit), *self._notes(criteria, row, unit)]
        verdict = together(evidence)
        if row.hamlets and unit.level == "commune":
            hamlets = [(hamlet, self.judged(criteria, row, hamlet)) for hamlet in self._territory.hamlets(unit.id)]
            parts = [self._part(hamlet, judged) for hamlet, judged in hamlets]
            below = any_of([judged.verdict for _, judged in hamlets])
            verdict = verdict if verdict in ("met", "not_met") or below == "no_evidence" else below
            evidence += parts
        return Judged(criteria, row, verdict, tuple(evidence))

    def rolled_up(self, criteria: CriteriaSet, row: Criterion, district: District) -> Judged:
        """A closed row of a former district, from the communes that took in its former communes."""
        of_set, of_row = find_row(row.of)
        parts: list[tuple[Verdict, Evidence]] = []
        for commune in self._territory.communes():
            former = [each.name for each in commune.former if (each.district, each.province) == district]
            if former:
                judged = self.judged(of_set, of_row, commune)
                noted = self._notes(criteria, row, commune)
                verdict = together([*noted, *judged.evidence])
                part = self._part(commune, replace(judged, verdict=verdict, evidence=(*judged.evidence, *noted)))
                text = f"{part.text}; gồm {', '.join(former)} cũ"
                parts.append((verdict, replace(part, text=text, detail=part.detail | {"former": former})))
        verdict = all_of([verdict for verdict, _ in parts])
        return Judged(criteria, row, verdict, tuple(part for _, part in parts), district)

    def _residents(self, row: Criterion, unit: Place) -> Iterator[Evidence]:
        rounds, small = self._rounds, self._small
        if row.rounds:
            for held in rounds.about(unit):
                if held.satisfaction():
                    yield round_evidence(held, unit, establishes=row.rounds == "establish")
        for question in row.questions:
            at_least = row.at_least if question == row.questions[0] else None
            asked = rounds.answered(unit, question)
            if asked and (found := share_evidence(asked, unit, question, at_least)):
                yield found
        for question in (*row.choices, *([row.places] if row.places else ())):
            if asked := rounds.answered(unit, question):
                yield from choice_evidence(rounds, asked, unit, question, small)
        if row.hamlets and unit.level == "hamlet" and unit.helpers:
            yield Evidence("helpers", f"tổ công nghệ số của ấp: {unit.helpers}", "not_established")

    def _notes(self, criteria: CriteriaSet, row: Criterion, unit: Place) -> list[Evidence]:
        found = []
        for note in notes(self._connection, criteria, row, unit.id):
            verdict: Verdict = "met" if note.says == "has" else "not_met"
            if row.at_least is not None and note.value is not None:
                verdict = judge_value(row.at_least, note.value)
            detail = {
                "number": note.number,
                "about": note.about,
                "says": note.says,
                "value": note.value,
                "document": note.document,
                "dated": note.dated.isoformat(),
                "by": note.by,
                "at": note.at.isoformat(),
            }
            found.append(Evidence("note", note.text, verdict, detail))
        return _about_things(found)

    def _part(self, unit: Place, judged: Judged) -> Evidence:
        figures = [each.detail["rate"] for each in judged.evidence if each.kind == "residents"]
        text = f"{unit.name}: {SUMMED_UP[judged.verdict]}"
        detail = {"unit": _key(unit), "name": unit.name, "rate": figures[0] if figures else None}
        detail["evidence"] = [each.to_json() for each in judged.evidence]
        detail["sample"] = any(each.detail.get("sample") for each in judged.evidence)
        return Evidence("part", text, judged.verdict, detail)

    def _summed_up(self, judged: Judged, others: Sequence[Judged]) -> Judged:
        """The three pillars side by side; they show, and a document decides."""
        pillars = _pillars([each for each in others if not each.row.summary])
        if all(counted["no_evidence"] == sum(counted.values()) for counted in pillars.values()):
            return judged
        evidence = [
            Evidence(
                "pillars",
                f"{pillar}: " + ", ".join(f"{counted[verdict]} {SUMMED_UP[verdict]}" for verdict in VERDICTS),
                "not_established",
                {"pillar": pillar, **counted},
            )
            for pillar, counted in pillars.items()
        ]
        evidence += judged.evidence
        return replace(judged, evidence=tuple(evidence), verdict=together(evidence))


def _about_things(found: list[Evidence]) -> list[Evidence]:
    """Of notes about several things: what the whole unit has decides; without a word on it, one thing that works."""
    whole = any(not each.detail["about"] for each in found)
    works = any(each.verdict == "met" for each in found)
    decided = [
        replace(each, verdict="not_established")
        if each.detail["about"] and (whole or (works and each.verdict == "not_met"))
        else each
        for each in found
    ]
    return decided


def _told(rows: Sequence[Judged], today: date) -> dict[str, Any]:
    return {"rows": [each.to_json(today) for each in rows], "pillars": _pillars(rows)}


def _pillars(rows: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """For each pillar how many rows of the commune sets came out which way."""
    counted = {pillar: Counter[str]() for pillar in PILLARS}
    for each in rows:
        if each.criteria.level == "commune":
            for pillar in each.row.pillars:
                counted[pillar][each.verdict] += 1
    return {pillar: {verdict: number[verdict] for verdict in VERDICTS} for pillar, number in counted.items()}


def _rows(level: str) -> Iterator[tuple[CriteriaSet, Criterion]]:
    for criteria in shipped_criteria():
        if criteria.level == level:
            yield from ((criteria, row) for row in criteria.rows)


def _of_a_hamlet(row: Criterion) -> bool:
    """Whether a row says something about a hamlet: residents of it answer, or it is about hamlets."""
    return bool(row.questions or row.hamlets or row.places or row.rounds == "establish")


def _districts(commune: Place) -> list[District]:
    found = {(each.district, each.province) for each in commune.former if each.district.startswith(DISTRICT)}
    return sorted(found)


def _district(territory: Territory, name: str) -> District | None:
    """The former district of this name. Raises `CriteriaError` where two had it."""
    if not fold(name).startswith(fold(DISTRICT)):
        return None
    all_of_them = {district for commune in territory.communes() for district in _districts(commune)}
    found = sorted(each for each in all_of_them if fold(name) in (fold(each[0]), fold(", ".join(each))))
    if len(found) == 1:
        return found[0]
    choice = "; ".join(", ".join(each) for each in found or sorted(all_of_them))
    raise CriteriaError(f"{'nhiều huyện cũ' if found else 'không có huyện cũ'} tên “{name}”: {choice}")


def _key(unit: Place) -> str:
    return f"{unit.code}/{unit.name}" if unit.level == "hamlet" else unit.code
