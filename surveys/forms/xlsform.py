"""Questionnaires from XLSForm files: Markdown (`surveys/forms/shipped/*.md`) or .xlsx, as officials edit them.

pyxform parses and validates; we keep what a chat can ask and name everything else by sheet and row.
Ours are the columns `role` (survey sheet) and `satisfied` (choices sheet) and the setting `status`.
"""

import re
from pathlib import Path

from surveys.forms.checks import check_questions, languages, missing_translations
from surveys.forms.form import Form
from surveys.forms.options import read_options
from surveys.forms.problems import FormError, Problem
from surveys.forms.reading import Reading
from surveys.forms.rows import read_questions
from surveys.forms.xlsform_sheets import Sheets, read_sheets

__all__ = ["FormError", "Problem", "check_form", "read_form", "shipped_forms"]

FORM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
TITLE = re.compile(r"form_title(?:::(.+))?")
PYXFORM_PLACE = re.compile(r"\[row : (\d+)\]\s*(?:On the '(\w+)' sheet,)?\s*(?:the '([\w ]+)' value)?")
READ_COLUMNS = frozenset(
    "type name label hint guidance_hint bind control choice_filter role default trigger parameters media"
    " disabled".split()
)
OWN_WARNINGS = ("Language '", "This form uses or_other", "[row :")  # ours say the same, in Vietnamese
FORMS = Path(__file__).parent / "shipped"


def read_form(path: Path) -> Form:
    """The form in a file. Raises `FormError` with all its problems."""
    form, problems, _ = check_form(path)
    if form is None:
        raise FormError(problems)
    return form


def check_form(path: Path) -> tuple[Form | None, list[Problem], list[str]]:
    """The form, or None and every problem; and what the author should know (in Vietnamese)."""
    try:
        sheets = read_sheets(path)
    except FormError as error:
        return None, list(error.problems), []
    reading = Reading(problems=list(sheets.problems))
    lists = read_options(sheets.choices, reading)
    read_questions(sheets.survey, lists, reading)
    check_questions(reading, lists)
    unread = dict.fromkeys(column for row in sheets.survey for column in row.cells if column not in READ_COLUMNS)
    reading.warnings.extend(f"trang survey: không dùng cột “{column}”" for column in unread)
    name = sheets.settings.get("form_id") or path.stem
    if not FORM_NAME.fullmatch(name):
        reading.refuse(2, "form_id", f"mã bảng hỏi “{name[:80]}” chỉ được có chữ không dấu, số, _ - .", "settings")
    _add_pyxform_findings(sheets, reading)
    problems = sorted(set(reading.problems), key=lambda problem: (problem.sheet != "survey", problem.row))
    if problems:
        return None, problems, reading.warnings
    form = Form(
        name=name,
        title=_title(sheets) or {sheets.language: name},
        questions=tuple(reading.questions),
        languages=languages(reading.questions, sheets.language),
        version=sheets.settings.get("version", ""),
        status=sheets.settings.get("status", ""),
    )
    return form, [], reading.warnings + missing_translations(form)


def shipped_forms() -> dict[str, Path]:
    """The forms that come with the program: name -> file."""
    return {path.stem: path for path in sorted(FORMS.glob("*.md"))}


def _title(sheets: Sheets) -> dict[str, str]:
    titles = {
        match[1] or sheets.language: cell
        for column, cell in sheets.settings.items()
        if cell and (match := TITLE.fullmatch(column))
    }
    return dict(sorted(titles.items()))


def _add_pyxform_findings(sheets: Sheets, reading: Reading) -> None:
    """Convert the form as ODK's own tool would; its first error counts where we have not named the row."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        convert(sheets.workbook, warnings=warnings, validate=False)
    except PyXFormError as error:
        place = PYXFORM_PLACE.search(str(error))
        sheet, row = (place[2] or "survey", int(place[1])) if place else ("", 0)
        named = {(problem.sheet, problem.row) for problem in reading.problems}
        if (sheet, row) not in named and (row or not named):
            message = PYXFORM_PLACE.sub("", str(error)).strip()
            column = (place[3] or "") if place else ""
            reading.refuse(row, column, f"chưa đúng chuẩn XLSForm ({message})", sheet)
    except Exception as error:  # pyxform stumbles over some forms that we have already refused
        if not reading.problems:
            reading.refuse(0, "", f"không chuyển được sang XForm ({type(error).__name__}: {error})", "")
    reading.warnings.extend(line for line in warnings if not line.startswith(OWN_WARNINGS))
