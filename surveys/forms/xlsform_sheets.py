"""An XLSForm file as rows with the standard's own column names, read by pyxform within bounds."""

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveys.forms.files import read_content
from surveys.forms.problems import FormError, Problem, whole_file

ROW_LIMIT = 5000  # rows of a sheet
UNTRANSLATED = "vi"  # the language of labels that name none
LANGUAGE = re.compile(r".*\(([A-Za-z]{2,3})\)|([A-Za-z]{2,3})")  # "English (en)" or "en"
TRANSLATED = (("label",), ("hint",), ("bind", "jr:constraintMsg"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by the standard's column names; translated cells map language code -> text."""

    number: int
    cells: Mapping[str, Any]

    def cell(self, *path: str) -> str:
        """A plain cell, such as `cell("bind", "relevant")`; empty where there is none."""
        found = self._found(path)
        return found.strip() if isinstance(found, str) else ""

    def texts(self, *path: str) -> dict[str, str]:
        """A translated cell: language code -> text."""
        found = self._found(path)
        return found if isinstance(found, dict) else {}

    def _found(self, path: Sequence[str]) -> Any:
        found: Any = self.cells
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a file."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Mapping[str, str]
    language: str  # code of the default language
    problems: tuple[Problem, ...]
    workbook: dict[str, Any]  # what pyxform's conversion takes


def read_sheets(path: Path) -> Sheets:
    """Read a form in Markdown or .xlsx. Raises `FormError` when it is too large or no XLSForm at all."""
    from pyxform.xls2json_backends import get_xlsform

    content = read_content(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of Excel features that it skips
            read = get_xlsform(content, file_type=path.suffix.lower())
    except Exception as error:  # whatever a damaged or hostile file makes the readers raise
        if path.suffix.lower() == ".md":
            raise whole_file("không thấy bảng nào của XLSForm; tệp .md phải có dòng | survey | rồi các cột") from error
        raise whole_file(f"không đọc được bảng hỏi ({error or type(error).__name__})") from error
    workbook = {name: getattr(read, name) for name in read.__slots__} | {"fallback_form_name": path.stem}
    if not workbook["survey"]:
        raise whole_file("không thấy trang survey hoặc trang survey chưa có câu nào")
    for sheet in ("survey", "choices"):
        if len(workbook[sheet] or ()) > ROW_LIMIT:
            raise whole_file(f"trang {sheet} có quá {ROW_LIMIT} dòng")
    settings = _settings(workbook)
    default, default_code = _default_language(workbook, settings)
    workbook |= _settings_for_pyxform(settings, default)
    survey, survey_problems = _rows(workbook, "survey", default, default_code)
    choices, choices_problems = _rows(workbook, "choices", default, default_code)
    return Sheets(survey, choices, settings, default_code, survey_problems + choices_problems, workbook)


def language_code(language: str) -> str:
    """The code in a language's name ("English (en)"), or the empty text."""
    match = LANGUAGE.fullmatch(language.strip())
    return (match[1] or match[2]).lower() if match else ""


def _settings(workbook: Mapping[str, Any]) -> dict[str, str]:
    """The settings row by column name; `form_title::English (en)` is `form_title::en` here."""
    found: dict[str, str] = {}
    for header, cell in (workbook["settings"] or [{}])[0].items():
        name, _, language = str(header).partition("::")
        name = "_".join(name.split()).lower().removeprefix("set_")
        name = "form_id" if name == "id_string" else name
        found[f"{name}::{language_code(language)}" if language else name] = str(cell).strip()
    return found


def _settings_for_pyxform(settings: Mapping[str, str], default: str) -> dict[str, Any]:
    """The settings that pyxform knows: it has neither `status` nor translated titles."""
    kept = {name: cell for name, cell in settings.items() if "::" not in name and name != "status"}
    if default:
        kept["default_language"] = default
    return {"settings": [kept], "settings_header": [dict.fromkeys(kept)]} if kept else {}


def _default_language(workbook: Mapping[str, Any], settings: Mapping[str, str]) -> tuple[str, str]:
    """The default language as the headings write it (empty: labels without one), and its code."""
    headers = (workbook["survey_header"] or [{}])[0]
    languages = [header.partition("::")[2].strip() for header in headers if header.startswith("label::")]
    wanted = language_code(settings.get("default_language", ""))
    untranslated = any(header.strip().lower() == "label" for header in headers)
    if not wanted:
        codes = [language_code(language) for language in languages]
        wanted = UNTRANSLATED if untranslated or not codes or UNTRANSLATED in codes else codes[0]
    return next((language for language in languages if language_code(language) == wanted), ""), wanted


def _rows(
    workbook: Mapping[str, Any], sheet: str, default: str, default_code: str
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """The sheet's rows, and its columns whose language has no code."""
    from pyxform import aliases
    from pyxform.errors import PyXFormError
    from pyxform.parsing.sheet_headers import dealias_and_group_headers
    from pyxform.question import MultipleChoiceQuestion, Option

    survey = sheet == "survey"
    try:
        grouped = dealias_and_group_headers(
            sheet_name=sheet,
            sheet_data=workbook[sheet] or [],
            sheet_header=workbook[f"{sheet}_header"],
            header_aliases=aliases.survey_header if survey else aliases.list_header,
            header_columns=set((MultipleChoiceQuestion if survey else Option).get_slot_names()),
            default_language=default or "default",
            strip_whitespace=survey,
        )
    except (PyXFormError, AttributeError, TypeError) as error:
        raise FormError([Problem(sheet, 1, "", f"tên cột chưa đúng chuẩn XLSForm ({error})")]) from error
    problems: list[Problem] = []
    for header in grouped.headers:
        translated = next((path for path in TRANSLATED if header[: len(path)] == path), None)
        if translated and len(header) > len(translated) and not language_code(header[-1]):
            message = f"thiếu mã ngôn ngữ, hãy ghi như {translated[0]}::Tiếng Việt (vi)"
            problems.append(Problem(sheet, 1, "::".join(header), message))
    rows = (Row(number, _by_code(cells, default_code)) for number, cells in enumerate(grouped.data, 2))
    return tuple(row for row in rows if row.cells), tuple(problems)


def _by_code(cells: Mapping[str, Any], default_code: str) -> dict[str, Any]:
    """The same cells with language names replaced by their codes."""
    coded: dict[str, Any] = dict(cells)
    for path in TRANSLATED:
        *parents, last = path
        holder = coded
        for parent in parents:
            if not isinstance(holder.get(parent), dict):
                break
            holder[parent] = dict(holder[parent])
            holder = holder[parent]
        else:
            if last in holder:
                holder[last] = _translations(holder[last], default_code)
    return coded


def _translations(cell: Any, default_code: str) -> dict[str, str]:
    texts = cell if isinstance(cell, Mapping) else {"default": cell}
    coded = {
        default_code if name == "default" else language_code(name): str(text).strip() for name, text in texts.items()
    }
    return {code: text for code, text in coded.items() if code and text}
