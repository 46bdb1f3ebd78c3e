import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.safe_cells import safe_cell

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_a_formula_is_shown_as_text(text: str):
    assert safe_cell(text) == "'" + text


@given(st.text())
def test_no_text_begins_like_a_formula_and_none_is_changed_otherwise(text: str):
    cell = safe_cell(text)
    assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert cell in (text, "'" + text)


@pytest.mark.parametrize(("number", "cell"), [(-5, "-5"), (0, "0"), (-1.5, "-1.5")])
def test_numbers_stay_plain(number: float, cell: str):
    assert safe_cell(number) == cell
