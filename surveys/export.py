"""Answers of a closed round as a sheet."""

import csv
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TextIO

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from storage.models import Ballot, Unit
from surveys.cells import safe_cell
from surveys.errors import SurveyError
from surveys.form import Form, Question
from surveys.results import BATCH, require_open_answers, round_form
from surveys.rounds import find_round

PLACE_COLUMNS = ("commune_code", "commune", "hamlet", "mode")
_NO_PLACE = ("", "", "")


def export_csv(connection: Connection, key: str | int, out: Path) -> int:
    """Write the round's ballots, a row each, as CSV that Excel opens with accents; returns their number.

    Rows lie in the order of the ballots' tags, which after the close are random. Questions head their columns
    by name; choices are written by their Vietnamese label, several joined by "; ". What residents typed stays
    in their row, so the file must not be published as it is. A failure leaves the file at `out` as it was.
    Raises `SurveyError` before the close, and where the file cannot be written.
    """
    row = find_round(connection, key)
    require_open_answers(connection, row.id)
    form = round_form(connection, row.form_id)
    questions = [question for question in form.questions if question.asks]
    places = _places(connection, row.id)
    ballots = (
        select(Ballot.unit_id, Ballot.mode, Ballot.answers)
        .where(Ballot.round_id == row.id, Ballot.submitted)
        .order_by(Ballot.tag)
    )
    written = 0
    with _replacing(out) as file:
        sheet = csv.writer(file, quoting=csv.QUOTE_ALL)
        sheet.writerow(safe_cell(name) for name in (*PLACE_COLUMNS, *(one.name for one in questions)))
        labels = [_labels(form, question) for question in questions]
        for unit_id, mode, answers in connection.execute(ballots, execution_options={"yield_per": BATCH}):
            cells = (
                _cell(answers.get(question.name), known) for question, known in zip(questions, labels, strict=True)
            )
            place = places.get(unit_id, _NO_PLACE)
            sheet.writerow(safe_cell(cell) for cell in (*place, mode, *cells))
            written += 1
    return written


def _labels(form: Form, question: Question) -> dict[str, str]:
    return {option.name: form.text(option.label, "vi") for option in question.options}


def _cell(answer: Any, labels: Mapping[str, str]) -> str | int | float:
    if isinstance(answer, list):
        return "; ".join(labels.get(name, str(name)) for name in answer)
    if isinstance(answer, str):
        return labels.get(answer, answer)
    return "" if answer is None else answer


def _places(connection: Connection, round_id: int) -> dict[int, tuple[str, str, str]]:
    """Commune code, commune and hamlet of every unit that sent a ballot."""
    above = aliased(Unit)
    asked = select(Ballot.unit_id).where(Ballot.round_id == round_id).distinct()
    rows = connection.execute(
        select(Unit.id, Unit.level, Unit.code, Unit.name, above.name)
        .outerjoin(above, above.id == Unit.parent_id)
        .where(Unit.id.in_(asked))
    )
    return {
        id: (code, parent or "", name) if level == "hamlet" else (code, name, "")
        for id, level, code, name, parent in rows
    }


@contextmanager
def _replacing(out: Path) -> Iterator[TextIO]:
    """A file beside `out`, for its owner only, that takes its place once it is whole."""
    try:
        handle, beside = mkstemp(prefix=f".{out.name}.", dir=out.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(out)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        raise SurveyError(f"không ghi được tệp {out} ({error.strerror})") from error
