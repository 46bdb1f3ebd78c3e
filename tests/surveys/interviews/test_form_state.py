"""Where answers stand is remembered for those who chose the same, and for nothing that somebody wrote."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.form import Answers, Form, Option, Question
from surveys.interviews import form_state
from surveys.interviews.form_state import read_state

TODAY = date(2026, 11, 29)
YES_NO = (Option("co", {"vi": "Có"}), Option("khong", {"vi": "Không"}))


def form(relevant: str = "$a = 'co'") -> Form:
    questions = (
        Question("a", "select_one", {"vi": "A?"}, required=True, options=YES_NO),
        Question("b", "select_multiple", {"vi": "B?"}, options=YES_NO, relevant=relevant),
        Question("c", "text", {"vi": "C?"}),
    )
    return Form("thu", {"vi": "Thử"}, questions, ("vi",))


def test_the_same_choices_are_worked_out_once() -> None:
    asked = form()
    first = read_state(asked, {"a": "co", "b": ["co"]}, TODAY)
    assert read_state(asked, {"a": "co", "b": ["co"]}, TODAY) is first
    assert read_state(asked, {"a": "co", "b": ["khong"]}, TODAY) is not first
    assert read_state(asked, {"a": "co", "b": ["co"]}, date(2026, 11, 30)) is not first


def test_nothing_that_somebody_wrote_is_remembered() -> None:
    asked = form()
    read_state(asked, {"a": "co", "b": ["co"], "c": "Ông Tư ở đầu kinh"}, TODAY)
    assert not asked.memory


def test_two_forms_are_never_taken_for_each_other() -> None:
    for relevant, known in (("$a = 'co'", {"a": "co", "b": ["co"]}), ("$a = 'khong'", {"a": "co"})):
        for _ in range(50):  # the place in memory of one that is gone is used again
            assert read_state(form(relevant), {"a": "co", "b": ["co"]}, TODAY).known == known


def test_what_is_remembered_has_an_end() -> None:
    asked = form()
    for day in range(form_state._REMEMBERED + 10):
        read_state(asked, {"a": "co"}, date.fromordinal(TODAY.toordinal() + day))
    assert len(asked.memory) == 10


_CHOICES: dict[str, Any] = {
    "a": st.sampled_from(["co", "khong", None]),
    "b": st.lists(st.sampled_from(["co", "khong"])),
}


@given(st.fixed_dictionaries({}, optional=_CHOICES))
def test_what_is_remembered_is_what_is_so(answers: Answers) -> None:
    asked = form()
    assert (
        read_state(asked, answers, TODAY)
        == read_state(asked, answers, TODAY)
        == form_state._walk(asked, answers, TODAY)
    )
