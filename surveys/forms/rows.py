"""Rows of the survey sheet turned into questions, with every problem met on the way."""

import re
from collections.abc import Iterable, Mapping, Sequence

from surveys.forms import expressions
from surveys.forms.form import Option, Question, Role, Type
from surveys.forms.reading import Reading, Written
from surveys.forms.xlsform_sheets import Row

PLAIN_TYPES: dict[str, Type] = {
    "note": "note",
    "text": "text",
    "string": "text",
    "integer": "integer",
    "int": "integer",
    "decimal": "decimal",
    "date": "date",
    "acknowledge": "acknowledge",
    "trigger": "acknowledge",
    "calculate": "calculate",
}
SELECT = re.compile(
    r"(?P<kind>select_one|select one|select_one from|select one from|select1"
    r"|select_multiple|select multiple|select all that apply|select all that apply from)"
    r" (?P<list>[^\s.$]+)(?P<other> (?:or_other|or other|or specify other))?"
)
ONE = frozenset(("select_one", "select one", "select_one from", "select one from", "select1"))
GROUP = re.compile(r"(?P<edge>begin|end)[ _](?P<kind>group|repeat|loop|lgroup)( .*)?")
# ODK records these by itself. A ballot holds no time, device or person, so we leave them out.
RECORDED = frozenset("start end today deviceid username phonenumber email simserial subscriberid audit".split())
LOOKS = frozenset("minimal quick quickcompact compact horizontal horizontal-compact likert columns".split())
YES = frozenset(("yes", "true", "true()"))
NO = frozenset(("", "no", "false", "false()"))
ROLES: dict[str, Role] = {role: role for role in ("content", "overall", "reason", "profile", "indicator")}
REFUSED_COLUMNS: Sequence[tuple[tuple[str, ...], str]] = (
    (("default",), "chưa dùng được câu trả lời điền sẵn"),
    (("trigger",), "chưa dùng được trigger"),
    (("parameters",), "chưa dùng được parameters"),
    (("control", "jr:count"), "chưa dùng được phần lặp lại"),
)
REFERENCE_IN_TEXT = re.compile(r"\$\{[^}]*\}")
OTHER = Option("other", {"vi": "Khác", "en": "Other", "km": "ផ្សេងទៀត"})
OTHER_LABEL = {"vi": "Bà con ghi rõ giúp mình nhé", "en": "Please specify", "km": "សូមបញ្ជាក់"}


def read_questions(rows: Iterable[Row], lists: Mapping[str, tuple[Option, ...]], reading: Reading) -> None:
    """The questions in order, groups dissolved into their `relevant`."""
    groups: list[tuple[str, int, str]] = []  # (relevant, row, kind) of the groups that are open
    for row in rows:
        written_type = " ".join(row.cell("type").split())
        if row.cell("disabled").lower() in YES:
            reading.warnings.append(f"trang survey, dòng {row.number}: đã tắt (disabled), bỏ qua")
        elif edge := GROUP.fullmatch(written_type):
            _group(row, edge["edge"], edge["kind"], groups, reading)
        elif not written_type and not row.cell("name") and not row.texts("label"):
            continue  # a comment row, as in pyxform
        elif written_type in RECORDED:
            reading.warnings.append(
                f"trang survey, dòng {row.number}: không ghi lại “{written_type}”, để giữ kín phiếu"
            )
        else:
            _question(row, written_type, [relevant for relevant, _, _ in groups], lists, reading)
    for _, number, _ in groups:
        reading.refuse(number, "type", "nhóm mở ở dòng này chưa đóng (thiếu end_group)")


def _group(row: Row, edge: str, kind: str, groups: list[tuple[str, int, str]], reading: Reading) -> None:
    if edge == "end":
        if groups and groups[-1][2] == kind:
            groups.pop()
        else:
            reading.refuse(row.number, "type", f"end_{kind} không có begin_{kind} đi cùng")
        return
    if kind != "group":
        reading.refuse(row.number, "type", f"chưa dùng được phần lặp lại ({kind}) trong trò chuyện")
    _refuse_columns(row, reading)
    groups.append((_expression(row, "relevant", ("bind", "relevant"), reading), row.number, kind))


def _question(
    row: Row,
    written_type: str,
    conditions: Sequence[str],
    lists: Mapping[str, tuple[Option, ...]],
    reading: Reading,
) -> None:
    select = SELECT.fullmatch(written_type)
    kind: Type | None = PLAIN_TYPES.get(written_type)
    if select:
        kind = "select_one" if select["kind"] in ONE else "select_multiple"
    if kind is None:
        shown = f"chưa dùng được kiểu “{written_type}” trong trò chuyện" if written_type else "thiếu kiểu câu hỏi"
        reading.refuse(row.number, "type", shown)
    options = _options(row, select["list"], lists, reading) if select else ()
    has_other = bool(select and select["other"])
    if has_other and not any(option.name == OTHER.name for option in options):
        options = (*options, OTHER)
    name = row.cell("name") or (f"note_{row.number}" if kind == "note" else "")
    relevant = [*conditions, _expression(row, "relevant", ("bind", "relevant"), reading)]
    constraint = _expression(row, "constraint", ("bind", "constraint"), reading, own=name)
    calculation = _expression(row, "calculation", ("bind", "calculate"), reading)
    choice_filter = _expression(row, "choice_filter", ("choice_filter",), reading, filters=options)
    if has_other and choice_filter:
        reading.refuse(row.number, "choice_filter", "không dùng được cùng với or_other")
    if calculation and kind != "calculate":
        reading.refuse(row.number, "calculation", "chỉ dùng được ở dòng calculate")
    if kind == "calculate" and not calculation:
        reading.refuse(row.number, "calculation", "dòng calculate thiếu công thức")
    _refuse_columns(row, reading)
    question = Question(
        name=name,
        type=kind or "note",
        label=row.texts("label"),
        hint=row.texts("hint"),
        required=_required(row, reading),
        relevant=_all_of(relevant),
        constraint=constraint,
        constraint_message=row.texts("bind", "jr:constraintMsg"),
        calculation=calculation,
        choice_filter=choice_filter,
        options=options,
        role=_role(row, reading),
    )
    _add(question, row.number, reading)
    if has_other:
        chosen = f"selected(${name}, '{OTHER.name}')"
        asked = Question(f"{name}_other", "text", OTHER_LABEL, relevant=_all_of([*relevant, chosen]))
        _add(asked, row.number, reading)


def _add(question: Question, row: int, reading: Reading) -> None:
    reading.questions.append(question)
    reading.rows.append(row)


def _options(row: Row, list_name: str, lists: Mapping[str, tuple[Option, ...]], reading: Reading) -> tuple[Option, ...]:
    if list_name not in lists:
        reading.refuse(row.number, "type", f"trang choices không có danh sách “{list_name}”")
    return lists.get(list_name, ())


def _expression(
    row: Row,
    column: str,
    path: tuple[str, ...],
    reading: Reading,
    own: str = "",
    filters: tuple[Option, ...] = (),
) -> str:
    """The expression in our own writing, put down for the checks that need all questions."""
    expression = expressions.from_xlsform(row.cell(*path))
    if expression:
        before = len(reading.questions)
        reading.written.append(Written(expression, row.number, column, before, own, filters))
    return expression


def _all_of(conditions: Sequence[str]) -> str:
    given = [condition for condition in conditions if condition]
    return given[0] if len(given) == 1 else " and ".join(f"({condition})" for condition in given)


def _required(row: Row, reading: Reading) -> bool:
    cell = row.cell("bind", "required").lower()
    if cell not in YES | NO:
        reading.refuse(row.number, "required", "chỉ được ghi yes hoặc no")
    return cell in YES


def _role(row: Row, reading: Reading) -> Role:
    cell = row.cell("role").lower()
    if cell and cell not in ROLES:
        reading.refuse(row.number, "role", f"không có vai trò “{cell}”; có: {', '.join(ROLES)}")
    return ROLES.get(cell, "")


def _refuse_columns(row: Row, reading: Reading) -> None:
    """Name the columns that a chat cannot honour."""
    for path, message in REFUSED_COLUMNS:
        if row.cell(*path):
            reading.refuse(row.number, path[-1], message)
    if "media" in row.cells:
        reading.refuse(row.number, "media", "chưa dùng được hình, âm thanh, phim trong câu hỏi")
    if row.cell("bind", "readonly").lower() not in NO and row.cell("type") != "note":
        reading.refuse(row.number, "read_only", "chưa dùng được câu chỉ để đọc; hãy dùng note")
    appearance = row.cell("control", "appearance")
    if appearance and set(appearance.split()) <= LOOKS:
        reading.warnings.append(f"trang survey, dòng {row.number}: bỏ qua appearance “{appearance}”")
    elif appearance:
        reading.refuse(row.number, "appearance", f"chưa dùng được “{appearance}” trong trò chuyện")
    for column in ("label", "hint"):
        if any(REFERENCE_IN_TEXT.search(text) for text in row.texts(column).values()):
            reading.refuse(row.number, column, "chưa dùng được ${…} trong lời của câu hỏi")
