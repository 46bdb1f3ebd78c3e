"""A sheet of paper ballots, read: each row a ballot, or a reason why it is none.

Columns: `commune` (code), `hamlet` (name), optionally `household` and `row` (the number written on the paper), then
one for each question, by name. A cell holds a choice's name or its label; empty is a blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from places.errors import PlaceError
from places.tables import Row, read_table
from surveys.errors import SurveyError
from surveys.forms.form import Form, Option, Question, Value
from surveys.interviews.answer_text import shown_answer
from surveys.interviews.form_state import ACKNOWLEDGED, read_state
from surveys.interviews.typed import Misread, read_answer
from surveys.rounds.units import Turnout
from vietnamese.folding import fold, spelling

PLACE_COLUMNS = ("commune", "hamlet", "household")
_REASONS = {
    "not_a_number": "phải là số",
    "not_a_date": "phải là ngày như 20/11/2026",
    "too_long": "dài quá 1.000 chữ cái",
}
_SEPARATORS = (";", ",")


@dataclass(frozen=True, slots=True)
class PaperBallot:
    """One ballot of a sheet."""

    row: int  # its number in the file; the heading is row 1
    unit_id: int
    household: str  # the register's own number; empty where the sheet has none
    answers: Mapping[str, Value]  # what is relevant; a blank has no entry
    paper: int = 0  # the row of the first typing that a second one repeats (column `row`)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is no ballot, and what to mend."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, each in one of the two."""

    ballots: tuple[PaperBallot, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class _Places:
    """The units of a round as a sheet names them."""

    communes: Mapping[str, Turnout]  # by code
    hamlets: Mapping[int, Sequence[Turnout]] = field(default_factory=dict)  # by commune

    @classmethod
    def of(cls, units: Iterable[Turnout]) -> "_Places":
        known = list(units)
        communes = {unit.code: unit for unit in known if unit.level == "commune"}
        hamlets: dict[int, list[Turnout]] = {}
        for unit in known:
            if unit.level == "hamlet" and unit.parent is not None:
                hamlets.setdefault(unit.parent, []).append(unit)
        return cls(communes, hamlets)

    def find(self, code: str, name: str) -> int:
        """The unit's id. Raises `SurveyError`."""
        commune = self.communes.get(code.strip().zfill(5))
        if commune is None:
            raise SurveyError(f"cột commune: xã mang mã “{code}” không nằm trong đợt này")
        if not name:
            return commune.id
        hamlets = self.hamlets.get(commune.id, ())
        for form_of in (spelling, fold, _without_note):
            found = [each for each in hamlets if form_of(each.name) == form_of(name)]
            if len(found) == 1:
                return found[0].id
        raise SurveyError(f"cột hamlet: {commune.name} không có ấp “{name}” trong đợt này")


def _without_note(name: str) -> str:
    return fold(name.partition("(")[0])


def read_sheet(path: Path, form: Form, units: Iterable[Turnout], today: date) -> Sheet:
    """The sheet's ballots and refused rows. Raises `SurveyError` or `PlaceError` for a file that is no such sheet."""
    places = _Places.of(units)
    rows = read_table(path, ("commune", "hamlet"))
    columns = _columns(path.name, rows, form)
    ballots: list[PaperBallot] = []
    refused: list[Refusal] = []
    for row in rows:
        try:
            unit = places.find(row["commune"], row["hamlet"])
            answers = _answers(row, columns, form, today)
        except SurveyError as error:
            refused.append(Refusal(row.number, str(error)))
        else:
            paper = int(row["row"]) if row["row"].isdecimal() else row.number
            ballots.append(PaperBallot(row.number, unit, row["household"], answers, paper))
    if not rows:
        raise PlaceError(f"{path.name}: không có phiếu nào dưới hàng đầu")
    return Sheet(tuple(ballots), tuple(refused))


def column_of(question: Question) -> str:
    """The heading under which a sheet has a question's answers, as `read_table` folds it."""
    return fold(question.name).replace(" ", "_")


def _columns(file: str, rows: Sequence[Row], form: Form) -> dict[str, Question]:
    known = {column_of(question): question for question in form.questions if question.asks}
    given = {name for row in rows for name in row.cells} - {*PLACE_COLUMNS, "row"}
    unknown = sorted(given - known.keys())
    if unknown:
        raise SurveyError(f"{file}: cột “{unknown[0]}” không phải câu hỏi nào của phiếu; sửa tên cột ở hàng đầu")
    if rows and not given:
        raise SurveyError(f"{file}: không có cột câu hỏi nào; mỗi câu hỏi một cột, ghi tên câu ở hàng đầu")
    return {name: question for name, question in known.items() if name in given}


def _answers(row: Row, columns: Mapping[str, Question], form: Form, today: date) -> dict[str, Value]:
    given: dict[str, Value] = {}
    for name, question in columns.items():
        if row[name]:
            given[question.name] = _value(name, question, row[name], form, today)
    known = read_state(form, given, today)
    for question in known.asking:
        if question.name in given and (reason := known.refusal(question, given[question.name])):
            message = form.text(question.constraint_message, "vi") if reason == "constraint" else ""
            shown = shown_answer(form, question, given[question.name], "vi")
            raise SurveyError(f"cột {column_of(question)}: “{shown}” không hợp lệ {message}".rstrip())
    return {name: value for name, value in known.known.items() if value is not None}


def _value(column: str, question: Question, cell: str, form: Form, today: date) -> Value:
    """A cell's value: only what the sheet says plainly; nothing is guessed here. Raises `SurveyError`."""
    options = (ACKNOWLEDGED,) if question.type == "acknowledge" else question.options
    if question.type in ("select_one", "acknowledge"):
        return _option(column, options, cell, form).name
    if question.type == "select_multiple":
        separator = next((each for each in _SEPARATORS if each in cell), _SEPARATORS[0])
        chosen = [_option(column, options, part.strip(), form).name for part in cell.split(separator) if part.strip()]
        return [option.name for option in options if option.name in chosen]
    value = read_answer(question, options, cell, form=form, language="vi", today=today)
    if isinstance(value, Misread):
        raise SurveyError(f"cột {column}: {_REASONS.get(value.reason, 'không hợp lệ')}, không phải “{cell[:40]}”")
    return value


def _option(column: str, options: Sequence[Option], cell: str, form: Form) -> Option:
    named = [option for option in options if option.name == cell]
    for form_of in (spelling, fold):
        if len(named) == 1:
            return named[0]
        written = form_of(cell.replace("_", " "))
        named = [
            option
            for option in options
            if any(form_of(each.replace("_", " ")) == written for each in (option.name, *option.label.values()))
        ]
    if len(named) == 1:
        return named[0]
    offered = ", ".join(form.text(option.label, "vi") for option in options[:6])
    raise SurveyError(f"cột {column}: không có lựa chọn “{cell[:40]}”; ghi một trong: {offered}")
