"""Numbers that lead to a person are masked, other numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.export.masking import mask


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("gọi 0912345678 nhé", "gọi [số] nhé"),
        ("gọi 0912 345 678", "gọi [số]"),
        ("0912.345.678", "[số]"),
        ("+84 912-345-678.", "[số]."),
        ("(0299) 3822 333", "([số]"),
        ("CCCD 094123456789", "CCCD [số]"),
        ("CMND 123.456.789 của tôi", "CMND [số] của tôi"),
        ("gửi a.b-c@vi.example.vn nghe", "gửi [thư] nghe"),
        ("số ０９１２３４５６７８", "số [số]"),
    ],
)
def test_phones_papers_and_mail_are_masked(said: str, told: str) -> None:
    assert mask(said) == told


@pytest.mark.parametrize(
    "said",
    [
        "đường 3 m, dài 1200 m",
        "đóng 150.000.000 đồng rồi",
        "đóng 12 000 000đ",
        "từ ngày 01/12/2026",
        "năm 2024 và 2025",
        "nghị quyết 12/2024",
        "",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert mask(said) == said


@given(st.text())
def test_masking_never_makes_a_text_longer_and_is_done_once(text: str) -> None:
    told = mask(text)
    assert len(told.encode("utf-8", "surrogatepass")) <= len(text.encode("utf-8", "surrogatepass"))
    assert mask(told) == told
