from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.results.official_format import format_share


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        pytest.param(1355, 2222, "60,98%", id="Vĩnh Hiệp 2021, coverage"),
        pytest.param(1343, 1355, "99,11%", id="Vĩnh Hiệp 2021, overall"),
        pytest.param(1280, 1355, "94,46%", id="Vĩnh Hiệp 2021, content"),
        pytest.param(11683, 16226, "72,00%", id="Tân Phước 2024, coverage"),
        pytest.param(11679, 11683, "99,97%", id="Tân Phước 2024, satisfied"),
        pytest.param(4, 11683, "0,03%", id="Tân Phước 2024, not satisfied"),
        pytest.param(39, 11683, "0,33%", id="Tân Phước 2024, other opinions"),
        pytest.param(65604, 65627, "99,96%", id="Tiền Giang 2024, question 1"),
        pytest.param(65459, 65627, "99,74%", id="Tiền Giang 2024, question 2"),
        pytest.param(71, 72, "98,61%", id="Linh Cang 2017"),
        pytest.param(2, 170, "1,18%", id="Trung Yên 2020"),
    ],
)
def test_published_figures_come_out_to_the_printed_digit(part: int, whole: int, printed: str):
    assert format_share(Fraction(part, whole)) == printed


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (Fraction(0), "0,00%"),
        (Fraction(1), "100,00%"),
        (0.99997, "99,99%"),
        (0.99995, "99,99%"),
        (Fraction(10**30 - 1, 10**30), "99,99%"),
        (0.00003, "0,003%"),
        (Fraction(1, 10**9), "0,0000001%"),
        (0.94995, "95,00%"),
        (1.25, "125,00%"),
    ],
)
def test_the_ends_are_never_reached_by_rounding(share: Fraction | float, printed: str):
    assert format_share(share) == printed


def test_a_share_below_its_mark_is_printed_below_it():
    assert format_share(0.94996, mark=Fraction(95, 100)) == "94,99%"
    assert format_share(0.95, mark=Fraction(95, 100)) == "95,00%"
    assert format_share(0.97996, mark=Fraction(95, 100)) == "98,00%"


@given(st.fractions(0, 1, max_denominator=10**7))
def test_what_is_printed_is_near_and_never_claims_all_or_nothing(share: Fraction):
    printed = Fraction(format_share(share).rstrip("%").replace(",", "."))
    assert abs(printed - share * 100) <= Fraction(1, 100)
    assert (printed == 100) == (share == 1)
    assert (printed == 0) == (share == 0)
