"""What must hold of a form as a whole: names, references, roles, translations."""

import re
from collections.abc import Mapping, Sequence

from surveys.forms import expressions
from surveys.forms.form import Form, Option, Question
from surveys.forms.reading import NAME_LIMIT, Reading, Written
from surveys.forms.rows import OTHER, OTHER_LABEL

QUESTION_LIMIT = 500
TAKEN_NAMES = frozenset(("commune", "hamlet", "household"))  # columns of a sheet of paper ballots
NAME = re.compile(rf"{expressions.NAME}")


def check_questions(reading: Reading, lists: Mapping[str, tuple[Option, ...]]) -> None:
    """Add to `reading` every problem and warning that shows only in the whole."""
    if len(reading.questions) > QUESTION_LIMIT:
        reading.refuse(0, "", f"có {len(reading.questions)} câu, tối đa {QUESTION_LIMIT}")
    if not any(question.asks for question in reading.questions):
        reading.refuse(0, "", "chưa có câu hỏi nào")
    _check_names(reading)
    _check_labels(reading)
    _check_roles(reading)
    for written in reading.written:
        _check_expression(written, reading)
    used = {id(option) for question in reading.questions for option in question.options}
    for list_name, options in lists.items():
        if not any(id(option) in used for option in options):
            reading.warnings.append(f"trang choices: danh sách “{list_name}” không câu nào dùng")


def missing_translations(form: Form) -> list[str]:
    """One line for each language that some label lacks."""
    texts = [(question.name, question.label) for question in form.questions if question.type != "calculate"]
    texts += [(option.name, option.label) for question in form.questions for option in question.options]
    lines = []
    for language in form.languages:
        missing = list(dict.fromkeys(name for name, label in texts if language not in label))
        if missing:
            lines.append(f"thiếu bản dịch {language}: {', '.join(missing)}")
    return lines


def languages(questions: Sequence[Question], default: str) -> tuple[str, ...]:
    """The languages of the labels, the default one first."""
    labels = [question.label for question in questions]
    labels += [option.label for question in questions for option in question.options]
    own = (OTHER.label, OTHER_LABEL)  # ours, in more languages than the form may have
    codes = [code for label in labels if not any(label is text for text in own) for code in label]
    return tuple(dict.fromkeys([default, *codes]))


def _check_names(reading: Reading) -> None:
    seen: dict[str, int] = {}
    for question, row in zip(reading.questions, reading.rows, strict=True):
        name = question.name
        if not name:
            reading.refuse(row, "name", "thiếu tên")
        elif len(name) > NAME_LIMIT:
            reading.refuse(row, "name", f"tên dài quá {NAME_LIMIT} chữ: {name[:80]}")
        elif not NAME.fullmatch(name):
            reading.refuse(row, "name", f"tên “{name}” chỉ được có chữ, số, _ - . và bắt đầu bằng chữ")
        elif name in TAKEN_NAMES:
            reading.refuse(row, "name", f"tên “{name}” đã dùng cho cột của phiếu giấy, hãy đặt tên khác")
        elif name in seen:
            reading.refuse(row, "name", f"tên “{name}” đã có ở dòng {seen[name]}")
        seen.setdefault(name, row)


def _check_labels(reading: Reading) -> None:
    for question, row in zip(reading.questions, reading.rows, strict=True):
        if question.type != "calculate" and not question.label:
            reading.refuse(row, "label", "thiếu nhãn")


def _check_roles(reading: Reading) -> None:
    closing = 0
    for question, row in zip(reading.questions, reading.rows, strict=True):
        if question.role and not question.asks:
            reading.refuse(row, "role", "chỉ câu hỏi mới có vai trò")
        if question.role not in ("content", "overall"):
            continue
        if question.type != "select_one":
            reading.refuse(row, "role", f"câu “{question.role}” phải là select_one")
        elif question.options and {True, False} - {option.satisfied for option in question.options}:
            message = "các lựa chọn của câu này chưa có đủ dấu satisfied (1 là hài lòng, 0 là chưa hài lòng)"
            reading.refuse(row, "role", message)
        if question.role == "overall" and closing:
            reading.refuse(row, "role", f"chỉ được có một câu overall (đã có ở dòng {closing})")
        elif question.role == "overall":
            closing = row


def _check_expression(written: Written, reading: Reading) -> None:
    problem = expressions.check(written.expression)
    if problem:
        reading.refuse(written.row, written.column, problem)
        return
    above = {question.name for question in reading.questions[: written.before]} | {written.own}
    everywhere = {question.name for question in reading.questions}
    for name in sorted(expressions.references(written.expression) - above):
        missing = f"không có câu nào tên “{name}”"
        below = f"câu “{name}” phải đứng trước dòng này"
        reading.refuse(written.row, written.column, below if name in everywhere else missing)
    columns = {"name"}.union(*(option.columns for option in written.filters)) if written.filters else set()
    for name in sorted(expressions.columns_read(written.expression) - columns):
        hint = "trang choices không có cột này" if written.filters else f"có phải ý là ${{{name}}} không?"
        reading.refuse(written.row, written.column, f"không hiểu “{name}”: {hint}")
