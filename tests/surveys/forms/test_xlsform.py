"""Questionnaires read from files."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.forms.form import Form
from surveys.forms.xlsform import FormError, check_form, read_form

FORMS = Path(__file__).parent / "files"


def write(folder: Path, text: str) -> Path:
    path = folder / "a.md"
    path.write_text(text, encoding="utf-8")
    return path


def survey(*rows: str, columns: str = "type | name | label", choices: str = "", settings: str = "") -> str:
    lines = [f"| survey | {columns} |", *(f"| | {row} |" for row in rows)]
    return "\n".join([*lines, choices, settings])


YES_NO = """
| choices | list_name | name | label | satisfied |
| | yn | yes | Có | 1 |
| | yn | no | Không | 0 |
"""


def places_of(path: Path) -> set[tuple[str, int, str]]:
    form, problems, _ = check_form(path)
    assert form is None
    return {(problem.sheet, problem.row, problem.column) for problem in problems}


def test_a_markdown_form_is_read_with_everything_in_it() -> None:
    form = read_form(FORMS / "everything.md")
    assert (form.name, form.version, form.status) == ("everything", "3", "test")
    assert form.title == {"vi": "Đủ mọi thứ", "en": "Everything"}
    assert form.languages == ("vi", "en")
    assert [question.name for question in form.questions] == [
        *("welcome", "agree", "people", "land", "moved", "crowd", "province", "district"),
        *("uses", "uses_other", "about_crowd", "content_1", "all", "why", "thanks"),
    ]
    people = form.by_name["people"]
    assert people.type == "integer"
    assert people.required
    assert people.hint == {"en": "all ages"}
    assert people.constraint == ". > 0 and . <= 30"
    assert people.constraint_message == {"vi": "Từ 1 đến 30 người"}
    assert people.role == "profile"
    assert form.by_name["crowd"].calculation == "if($people > 4, 'many', 'few')"
    assert [option.satisfied for option in form.by_name["all"].options] == [True, False]


def test_a_group_gives_its_condition_to_its_questions() -> None:
    form = read_form(FORMS / "everything.md")
    assert form.by_name["people"].relevant == "$agree = 'OK'"
    assert form.by_name["land"].relevant == "($agree = 'OK') and ($people > 1)"


def test_or_other_adds_an_option_and_a_question_to_that_question_only(tmp_path: Path) -> None:
    form = read_form(write(tmp_path, survey("select_one yn or_other | a | A", "select_one yn | b | B", choices=YES_NO)))
    assert [option.name for option in form.by_name["a"].options] == ["yes", "no", "other"]
    assert [option.name for option in form.by_name["b"].options] == ["yes", "no"]
    assert form.by_name["a_other"].relevant == "selected($a, 'other')"
    assert form.languages == ("vi",)


def test_labels_without_a_language_are_vietnamese_unless_the_form_says_otherwise(tmp_path: Path) -> None:
    assert read_form(write(tmp_path, survey("text | a | Hỏi"))).by_name["a"].label == {"vi": "Hỏi"}
    english = survey("text | a | Ask", settings="| settings | default_language |\n| | English (en) |")
    form = read_form(write(tmp_path, english))
    assert form.by_name["a"].label == {"en": "Ask"}
    assert form.languages == ("en",)
    mixed = survey("text | a | Hỏi | Ask", columns="type | name | label | label::English (en)")
    form = read_form(write(tmp_path, mixed))
    assert form.by_name["a"].label == {"vi": "Hỏi", "en": "Ask"}
    assert form.languages == ("vi", "en")


def test_an_xlsx_form_reads_the_same_as_its_markdown(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    sheets: dict[str, list[list[str]]] = {}
    for line in (FORMS / "everything.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells[0]:
                name = cells[0]
            sheets.setdefault(name, []).append(cells[1:])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([int(cell) if cell in ("0", "1", "3") else cell or None for cell in row])
    path = tmp_path / "everything.xlsx"
    workbook.save(path)
    form = read_form(path)
    assert form == read_form(FORMS / "everything.md")
    assert form.digest == read_form(FORMS / "everything.md").digest


def test_a_form_survives_being_stored_as_json() -> None:
    form = read_form(FORMS / "everything.md")
    again = Form.from_dict(form.to_dict())
    assert again == form
    assert again.digest == form.digest


def test_all_problems_are_named_at_once_by_sheet_row_and_column() -> None:
    expected = {
        *(("survey", row, "type") for row in (3, 4, 7, 13, 23, 24)),
        *(("survey", row, "name") for row in (8, 15, 25)),
        *(("survey", row, "role") for row in (9, 16, 18)),
        *(("survey", row, "relevant") for row in (10, 11, 12, 19, 22)),
        *(("survey", 14, "label"), ("survey", 20, "required"), ("survey", 21, "appearance")),
        *(("choices", 5, "name"), ("choices", 6, "name"), ("choices", 7, "label")),
        ("choices", 7, "satisfied"),
    }
    assert places_of(FORMS / "broken.md") == expected


def test_a_refused_form_says_what_to_mend_in_one_sentence_each() -> None:
    with pytest.raises(FormError) as refused:
        read_form(FORMS / "broken.md")
    messages = {str(problem) for problem in refused.value.problems}
    assert "trang survey, dòng 10, cột relevant: không có câu nào tên “nobody”" in messages
    assert "trang survey, dòng 19, cột relevant: câu “the_end” phải đứng trước dòng này" in messages
    assert "trang survey, dòng 8, cột name: tên “fine” đã có ở dòng 2" in messages
    assert "trang choices, dòng 7, cột satisfied: chỉ được ghi 1, 0 hoặc để trống" in messages


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(survey("begin_group | g | G", "text | a | A"), ("survey", 2, "type"), id="open-group"),
        pytest.param(survey("text | a | A", "end_group | | "), ("survey", 3, "type"), id="end-without-begin"),
        pytest.param(survey("calculate | a | "), ("survey", 2, "calculation"), id="empty-calculation"),
        pytest.param(survey("note | a | A"), ("survey", 0, ""), id="nothing-to-answer"),
        pytest.param(survey("text | a b | A"), ("survey", 2, "name"), id="space-in-a-name"),
        pytest.param(survey("| a | A"), ("survey", 2, "type"), id="no-type"),
        pytest.param(survey("text | a | Chào ${a}"), ("survey", 2, "label"), id="reference-in-a-label"),
        pytest.param(
            survey("text | a | A | b", columns="type | name | label | default"),
            ("survey", 2, "default"),
            id="default",
        ),
        pytest.param(
            survey("text | a | A | b", columns="type | name | label | image"), ("survey", 2, "media"), id="media"
        ),
        pytest.param(
            survey("text | a | A | B", columns="type | name | label | label::Khmer"),
            ("survey", 1, "label::Khmer"),
            id="language-without-code",
        ),
        pytest.param(
            survey("text | a | A", settings="| settings | form_id |\n| | bảng hỏi |"),
            ("settings", 2, "form_id"),
            id="form-id",
        ),
        pytest.param(survey("text | a | A | B | C"), ("survey", 2, ""), id="too-many-cells"),
        pytest.param(
            survey("text | a | A", "text | b | B | concat(${a}, ${c})", columns="type | name | label | calculation"),
            ("survey", 3, "calculation"),
            id="calculation-on-a-question",
        ),
    ],
)
def test_a_wrong_form_is_refused(tmp_path: Path, text: str, place: tuple[str, int, str]) -> None:
    assert place in places_of(write(tmp_path, text))


def test_what_odk_records_by_itself_is_left_out_to_keep_the_ballot_secret(tmp_path: Path) -> None:
    form, problems, warnings = check_form(write(tmp_path, survey("start | start | ", "text | a | A")))
    assert problems == []
    assert form is not None
    assert [question.name for question in form.questions] == ["a"]
    assert any("dòng 2" in warning and "start" in warning for warning in warnings)


def test_a_column_that_nobody_reads_and_a_missing_translation_are_warned_of(tmp_path: Path) -> None:
    text = survey(
        "text | a | A | Ask | ${a} = 1",
        "text | b | B | | ",
        columns="type | name | label | label::English (en) | relevent",
    )
    _, problems, warnings = check_form(write(tmp_path, text))
    assert problems == []
    assert "trang survey: không dùng cột “relevent”" in warnings
    assert "thiếu bản dịch en: b" in warnings


def test_files_that_are_no_forms_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "bad.xlsx").write_bytes(b"not a zip")
    (tmp_path / "latin.md").write_bytes("| survey | type |\n| | đ |".encode("utf-16"))
    (tmp_path / "empty.md").write_text("nothing here")
    (tmp_path / "large.md").write_bytes(b"|" * 5_000_001)
    for name in ("a.docx", "bad.xlsx", "latin.md", "empty.md", "large.md", "absent.md"):
        form, problems, _ = check_form(tmp_path / name)
        assert form is None
        assert len(problems) == 1 and "definition" not in problems[0].message


def test_an_archive_that_unpacks_too_far_is_never_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    form, problems, _ = check_form(bomb)
    assert form is None
    assert "quá lớn" in problems[0].message


def test_more_than_five_hundred_questions_are_refused(tmp_path: Path) -> None:
    rows = [f"text | q{number} | Q" for number in range(501)]
    assert ("survey", 0, "") in places_of(write(tmp_path, survey(*rows)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["text", "note", "begin_group", "end_group", "select_one yn", "image", "", "rank x"]),
            st.sampled_from(["a", "b", "c d", "", "1x", "ấp", "a" * 70]),
            st.sampled_from(["Nhãn", "", "${a}", "#", "\\|"]),
            st.sampled_from(["", "${a} = 1", "${", "1 +", "..", "'", "foo()"]),
        ),
        max_size=6,
    )
)
def test_whatever_stands_in_the_sheet_checking_never_fails(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    text = survey(*(" | ".join(row) for row in rows), columns="type | name | label | relevant", choices=YES_NO)
    form, problems, _ = check_form(write(tmp_path_factory.mktemp("forms"), text))
    assert (form is None) == bool(problems)
