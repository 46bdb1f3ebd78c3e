import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vietnamese.folding import number_in_words

PIECES = [*"0123456789., -", "mười ", "lăm ", "trăm ", "nghìn ", "lẻ ", "hai ", "rưỡi ", "k", "tr"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("70", 70),
        ("0", 0),
        ("70t", 70),
        ("70 tuổi", 70),
        ("dạ 70 tuổi ạ", 70),
        ("năm nay 70 tuổi", 70),
        ("1.200", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1.200.000 đồng", 1_200_000),
        ("-5", -5),
        ("２５", 25),
        ("10 năm", 10),
        ("tầm 70", 70),
        ("có 5 người", 5),
        ("200k", 200_000),
        ("2tr", 2_000_000),
        ("2 triệu 5", 2_500_000),
        ("không", 0),
        ("năm", 5),
        ("mười", 10),
        ("mười hai", 12),
        ("mười lăm", 15),
        ("hai chục", 20),
        ("bảy mươi", 70),
        ("bay muoi lam", 75),
        ("bảy lăm", 75),
        ("ba tư", 34),
        ("Hai mươi mốt", 21),
        ("chín mươi chín", 99),
        ("trăm hai", 120),
        ("hai trăm rưỡi", 250),
        ("hai trăm lẻ năm", 205),
        ("một trăm linh tư", 104),
        ("ngàn hai", 1200),
        ("một nghìn hai trăm ba mươi tư", 1234),
        ("một ngàn không trăm lẻ năm", 1005),
        ("hai tỷ", 2_000_000_000),
        ("âm ba", -3),
    ],
)
def test_a_number_is_understood_as_typed(typed: str, number: int) -> None:
    assert number_in_words(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nhiều lắm",
        "1,5",
        "1.5",
        "12.34",
        "7-8",
        "hai ba",  # 23, or two or three
        "năm sáu người",
        "bảy mươi năm",  # 75, or seventy years
        "01/07/2025",
        "1 2 3",
        "muoi muoi",
        "nghìn nghìn",
        "9" * 13,
        "con tui đi làm xa nên ở nhà chỉ còn có hai vợ chồng già với 3 đứa cháu",
    ],
)
def test_what_is_no_number_or_could_be_two_is_none(typed: str) -> None:
    assert number_in_words(typed) is None


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**12 - 1))
def test_every_number_with_thousands_separators_is_read_back(number: int) -> None:
    assert number_in_words(f"{number:,}".replace(",", ".")) == number


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_mixture_makes_it_raise(text: str) -> None:
    result = number_in_words(text)
    assert result is None or isinstance(result, int)
