"""A second person types a random sample of the paper ballots again; what differs is shown before any count.

Which rows are in the sample follows from the file itself and the program's key, so nobody picks easy ones.
"""

import csv
import hmac
import math
from dataclasses import dataclass
from pathlib import Path

from places.tables import read_table
from surveys.ballots.paper_sheet import PLACE_COLUMNS, Sheet, column_of
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.interviews.answer_text import shown_answer
from surveys.json_values import Json
from surveys.safe_cells import safe_cell

FEWEST = 5  # rows in a sample, or all there are


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two typings of one paper ballot differ."""

    row: int  # of the first file
    column: str
    first: str
    second: str

    def to_json(self) -> Json:
        return {"row": self.row, "column": self.column, "first": self.first, "second": self.second}


def sample_rows(rows: list[int], digest: str, share: float) -> list[int]:
    """The rows to type again, in order: at least five, the same ones whenever the same file is asked about."""
    size = min(len(rows), max(FEWEST, math.ceil(share * len(rows))))
    drawn = sorted(rows, key=lambda row: hmac.digest(digest.encode(), str(row).encode(), "sha256"))
    return sorted(drawn[:size])


def write_sample(path: Path, out: Path, form: Form, digest: str, share: float) -> int:
    """Write the sheet that the second person fills in: the sampled rows' places, every question empty."""
    rows = read_table(path, ("commune", "hamlet"))
    chosen = set(sample_rows([row.number for row in rows], digest, share))
    questions = [column_of(question) for question in form.questions if question.asks]
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["row", *PLACE_COLUMNS, *questions])
        for row in rows:
            if row.number in chosen:
                places = [safe_cell(row[name]) for name in PLACE_COLUMNS]
                sheet.writerow([row.number, *places, *("" for _ in questions)])
    return len(chosen)


def compare(
    first: Sheet, second: Sheet, form: Form, digest: str, *, share: float
) -> tuple[int, tuple[Difference, ...]]:
    """How many rows were typed twice, and where they differ.

    Raises `SurveyError` when the second sheet lacks a row of the sample, or has one that is no ballot.
    """
    if second.refused:
        wrong = second.refused[0]
        raise SurveyError(f"tệp nhập lần hai, hàng {wrong.row}: {wrong.reason}")
    rows = [each.row for each in first.ballots] + [each.row for each in first.refused]
    wanted = sample_rows(sorted(rows), digest, share)
    again = {ballot.paper: ballot for ballot in second.ballots}
    missing = [row for row in wanted if row not in again]
    if missing:
        raise SurveyError(
            f"cần người thứ hai nhập lại {len(wanted)} phiếu; còn thiếu hàng {missing[0]}. "
            "Lấy bảng mẫu bằng: langnghe ballots sample ĐỢT TỆP --out MẪU.csv"
        )
    typed = {ballot.row: ballot for ballot in first.ballots}
    found = []
    for row in sorted(again.keys() & typed.keys()):
        one, other = typed[row], again[row]
        if one.unit_id != other.unit_id or one.household != other.household:
            found.append(Difference(row, "hamlet", one.household, other.household))
        for question in form.questions:
            values = [each.answers.get(question.name) for each in (one, other)]
            if values[0] != values[1]:
                shown = [shown_answer(form, question, value, "vi") for value in values]
                found.append(Difference(row, column_of(question), *shown))
    return len(again.keys() & typed.keys()), tuple(found)
