"""The forms that come with the program."""

from datetime import date

import pytest

from surveys.forms.form import Form, Option, Question
from surveys.forms.xlsform import check_form, shipped_forms
from surveys.interviews.interview import Ask, Done, Picked, Said, Skip, State, advance, current
from surveys.interviews.typed import match_options
from vietnamese.folding import fold

TODAY = date(2026, 11, 20)
FORMS = {name: check_form(path)[0] for name, path in shipped_forms().items()}


def every_option() -> list[tuple[Form, Question, int, Option]]:
    return [
        (form, question, number, option)
        for form in FORMS.values()
        if form
        for question in form.questions
        for number, option in enumerate(question.options, 1)
    ]


def test_the_two_forms_are_there_without_problems_or_warnings() -> None:
    assert set(FORMS) == {"ntm-hai-long", "chuyen-doi-so"}
    for name, path in shipped_forms().items():
        form, problems, warnings = check_form(path)
        assert problems == []
        assert warnings == []
        assert form is not None
        assert form.name == name
        assert form.languages == ("vi", "en", "km")
        assert form.status.startswith("draft wording, check against the province's official ballot")


@pytest.mark.parametrize("name", sorted(shipped_forms()))
def test_reading_a_form_twice_gives_the_same_digest(name: str) -> None:
    form, again = FORMS[name], check_form(shipped_forms()[name])[0]
    assert form is not None
    assert again is not None
    assert form.digest == again.digest
    assert Form.from_dict(form.to_dict()).digest == form.digest


@pytest.mark.parametrize(
    ("form", "question", "number", "option"),
    every_option(),
    ids=lambda part: getattr(part, "name", part),
)
def test_every_option_is_reached_by_number_label_and_label_without_accents(
    form: Form, question: Question, number: int, option: Option
) -> None:
    spoken = [str(number), f"số {number}", option.name, *option.label.values(), *map(fold, option.label.values())]
    spoken += [option.label["vi"].upper(), f"  {option.label['vi']}. "]
    for text in spoken:
        for language in form.languages:
            assert match_options(question.options, text, language, form) == [option], text


def test_the_satisfaction_form_asks_what_scoring_needs() -> None:
    form = FORMS["ntm-hai-long"]
    assert form is not None
    roles = [question.role for question in form.questions]
    assert roles.count("content") == 10
    assert roles.count("overall") == 1
    assert roles.count("reason") == 1
    for question in form.questions:
        if question.role in ("content", "overall"):
            assert [option.satisfied for option in question.options] == [True, False]


def test_a_satisfied_person_is_not_asked_for_a_reason() -> None:
    form = FORMS["ntm-hai-long"]
    assert form is not None
    state = State()
    asked = []
    while isinstance(ask := current(form, state, today=TODAY), Ask):
        asked.append(ask.question.name)
        state, _ = advance(form, state, Said("hài lòng") if ask.options else Skip(), today=TODAY)
    assert "ly_do" not in asked
    assert len(asked) == 12


@pytest.mark.parametrize("unhappy", ["quy_hoach", "an_ninh", "chung"])
def test_one_dissatisfied_answer_brings_one_question_for_the_reason(unhappy: str) -> None:
    form = FORMS["ntm-hai-long"]
    assert form is not None
    state = State()
    asked = []
    while isinstance(ask := current(form, state, today=TODAY), Ask):
        name = ask.question.name
        asked.append(name)
        picked = Picked(name, "chua_hai_long" if name == unhappy else "hai_long")
        state, _ = advance(form, state, picked if ask.question.required else Skip(), today=TODAY)
    assert asked.count("ly_do") == 1
    assert asked[-2:] == ["ly_do", "muc_do"]


def test_the_digital_form_asks_on_only_where_there_is_something_to_tell() -> None:
    form = FORMS["chuyen-doi-so"]
    assert form is not None
    state, asked = State(), []
    answers = {"wifi": "6", "buu_dien": "3", "nop_mang": "chưa", "thu_tuc": "lâu nay chưa làm", "gop_y": " "}
    while isinstance(ask := current(form, state, today=TODAY), Ask):
        asked.append(ask.question.name)
        state, _ = advance(form, state, Said(answers.get(ask.question.name, "1")), today=TODAY)
    assert not {"buu_dien_hai_long", "nop_duoc", "nop_nho_giup", "thu_tuc_hai_long"} & set(asked)
    done = current(form, state, today=TODAY)
    assert isinstance(done, Done)
    assert done.answers["wifi"] == ["khong_thay"]


def test_no_wifi_anywhere_excludes_a_place_with_wifi() -> None:
    form = FORMS["chuyen-doi-so"]
    assert form is not None
    state, _ = advance(form, State(), Said("1"), today=TODAY)
    _, outcome = advance(form, state, Said("1 và 6"), language="km", today=TODAY)
    assert getattr(outcome, "reason", "") == "constraint"
    assert "ជ្រើស" in getattr(outcome, "message", "")
