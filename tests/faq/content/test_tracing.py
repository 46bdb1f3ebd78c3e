import pytest

from faq.content.tracing import untraced


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("Từ ngày 01/7/2025 áp dụng.", "In force since 2025-07-01."),
        ("Tháng 7/2025 có tin mới.", "Ordered in July 2025."),
        ("Từ năm 2025 đổi.", "In force since 2025-07-01."),
        ("Dịp lễ 2/9/2025", "the gift of 2 September 2025"),
        ("chậm nhất ngày 31 tháng 1 năm sau", "by 31 January of the next year"),
        ("2.000 đồng một trang", "2,000 VND a page"),
        ("4,5 % lương cơ sở", "4.5 % of the base salary"),
        ("trên 500 triệu đồng, dưới 1 tỷ", "500 million to 1 billion dong"),
        ("quá 2,5 triệu", "more than 2,500,000 dong"),
        ("trong hai ngày làm việc", "within two working days"),
        ("Trẻ dưới 6 tuổi", "free for under-sixes"),
        ("gọi 1900 0368 hoặc 156", "help line 1900 0368; nuisance calls to 156"),
        ("Thông tư 17/2024/TT-NHNN, Quyết định 3203/QĐ-UBND", "Circular 17/2024/TT-NHNN; Decision 3203/QD-UBND"),
        ("vào dichvucong.gov.vn", "the portal is www.dichvucong.gov.vn/p/home"),
        ("1. Mở ứng dụng.\n2. Bấm gửi, rồi làm lại bước 1.", "nothing in figures"),
        ("thứ hai, thứ bảy mỗi tuần", "nothing in figures"),
        ("Gõ đúng tên rồi bấm, năm nay cũng vậy", "nothing in figures"),
    ],
)
def test_a_figure_is_found_in_the_other_language(said, fact):
    assert untraced(said, [fact]) == []


@pytest.mark.parametrize(
    ("said", "fact", "missing"),
    [
        ("lệ phí 8.000 đồng", "the fee is 80,000 dong", ["8000"]),
        ("từ 01/8/2025", "since 2025-07-01", ["2025-08-01"]),
        ("từ 02/7/2025", "since July 2025", ["2025-07-02"]),
        ("gọi 1900 0369", "call 1900 0368", ["0369"]),
        ("gọi 113", "call the police", ["113"]),
        ("trong ba ngày", "within two days", ["3"]),
        ("theo Nghị định 70/2024/NĐ-CP", "Decree 69/2024/ND-CP", ["70/2024/nd-cp"]),
        ("vào dichvucong.com.vn", "dichvucong.gov.vn", ["dichvucong.com.vn"]),
        ("5 tháng", "it may take longer", ["5"]),
        ("giá 7 đồng", "", ["7"]),
    ],
)
def test_a_figure_that_no_fact_has_is_named(said, fact, missing):
    assert untraced(said, [fact]) == missing


def test_an_address_may_be_that_of_a_source_but_a_number_in_it_is_none():
    assert untraced("vào a.gov.vn", [], ["https://www.a.gov.vn/bai-12"]) == []
    assert untraced("sau 12 ngày", [], ["https://a.gov.vn/bai-12"]) == ["12"]
