"""What leads to a person is masked; how much else, each reader decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.masking import HIDDEN, mask_everything, mask_mobiles, mask_numbers


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
    assert mask_numbers(said) == told


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
    assert mask_numbers(said) == said


@given(st.text())
def test_masking_never_makes_a_text_longer_and_is_done_once(text: str) -> None:
    told = mask_numbers(text)
    assert len(told.encode("utf-8", "surrogatepass")) <= len(text.encode("utf-8", "surrogatepass"))
    assert mask_numbers(told) == told


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("tôi tên Nguyễn Văn Tèo, làm lại thẻ ở đâu", "thẻ ở đâu"),
        ("toi ten la teo\nso 0912 345 678 hoi ve dat dai", "hoi ve dat dai"),
        ("hồ sơ của bà Trần Thị Hoa đâu", "hồ sơ của bà"),
        ("xem https://vi.example.vn/ho-so/123?ten=teo giúp", "giúp"),
        ("nhắn @teo_nguyen hoặc teo@vi.example.vn", "hoặc"),
        ("sinh 1/2/1980, thẻ DN 4940123456 xe 65B1 234.56", "sinh"),
        ("OTP 123456 là gì", "là gì"),
    ],
)
def test_an_editor_reads_the_question_and_not_who_asked(said: str, kept: str) -> None:
    told = mask_everything(said)
    assert kept in told and HIDDEN in told and "\n" not in told
    for word in ("Tèo", "teo", "Hoa", "0912", "1980", "4940", "234.56", "123456", "example"):
        assert word not in told


@pytest.mark.parametrize("said", ["lệ phí 50 nghìn thì sao", "cần mấy bản sao", "điều 12 khoản 3", "nhà mình tên gì"])
def test_an_editor_reads_what_leads_to_nobody(said: str) -> None:
    assert mask_everything(said) == said


def test_a_long_question_is_kept_by_its_beginning() -> None:
    told = mask_everything("à " * 600)
    assert len(told) == 500 and told.endswith("…")
    assert len(mask_everything("à " * 600, longest=900)) == 900


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("gọi tôi 0912 345 678 nhé", f"gọi tôi {HIDDEN} nhé"),
        ("+84.912.345.678", HIDDEN),
        ("gọi xã 0299 3822 333, hoặc 18001096", "gọi xã 0299 3822 333, hoặc 18001096"),
        ("ngày 01/12/2026, hồ sơ 094123456789", "ngày 01/12/2026, hồ sơ 094123456789"),
    ],
)
def test_staff_may_name_an_office_and_not_a_mobile(said: str, told: str) -> None:
    assert mask_mobiles(said) == told
