"""Refusals and wishes to mend an answer, in people's own words."""

import pytest

from vietnamese.folding import number_in_words, yes_or_no
from vietnamese.mending import mending
from vietnamese.refusals import refusal

SAID = {
    "decline": (
        "khỏi", "thôi khỏi", "dạ thôi", "khoi di", "thui khỏi nha", "từ chối", "không tham gia", "không đồng ý",
        "tui ko dong y", "tui không muốn nữa", "ko mun tl nua", "hông muốn trả lời", "thôi không làm",
        "no thanks", "tui ko thích", "បដិសេធ",
    ),
    "stop": ("đừng nhắn nữa", "dung nhan nua", "đừng có nhắn tin cho tui nữa", "dừng", "ngừng", "đừng làm phiền tui"),
    "weary": ("phiền quá", "phiền quá đừng nhắn nữa", "nhắn hoài", "mệt quá", "tha cho tui đi", "phiền dễ sợ"),
    "withdraw": (
        "rút lại", "cho tui rút lại", "tôi muốn rút lại sự đồng ý",
        "rut lai dong y", "rút phiếu", "tôi không đồng ý nữa", "hủy",
    ),
    "delete": ("xóa hết", "xoá hết đi", "xóa hết thông tin của tui đi", "xóa dữ liệu", "delete everything", "លុប"),
    "later": (
        "mai mốt", "để hỏi con tui đã", "để mai",
        "bận quá", "để chiều tui hỏi ông nhà đã", "bữa khác đi", "khi nào rảnh tui làm",
    ),
    "unclear": ("dung", "chịu", "chiu"),
}  # fmt: skip
# Answers, questions and other words, none of which may cost an answer.
OTHERS = (
    "sáu", "sau", "sáu người", "bỏ phiếu", "quen", "xóa đói giảm nghèo", "hủy hồ sơ", "không biết", "không thấy đâu",
    "không", "ko", "hông", "chưa", "có", "dạ", "rồi", "ok", "được", "đúng", "không hài lòng", "chưa hài lòng",
    "hài lòng", "đường hư", "không có điện", "rác nhiều quá", "không cần", "không có ý kiến", "bỏ qua", "tiếp tục",
    "cảm ơn", "xóa nợ cho hộ nghèo thì làm sao", "bận quá thì ai trả lời thay được?", "muốn rút bảo hiểm một lần",
)  # fmt: skip


@pytest.mark.parametrize(("said", "kind"), [(said, kind) for kind, every in SAID.items() for said in every])
def test_a_refusal_is_understood_however_it_is_typed(said: str, kind: str) -> None:
    assert refusal(said) == kind


@pytest.mark.parametrize("said", OTHERS)
def test_what_refuses_nothing_is_no_refusal(said: str) -> None:
    assert refusal(said) is None


def test_a_word_that_may_be_no_idea_is_no_yes() -> None:
    assert yes_or_no("chịu") is None and yes_or_no("không chịu") is False


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("tôi bấm nhầm", 0), ("tui lỡ bấm nhầm sửa sao", 0), ("bam lon roi", 0), ("tui chọn sai", 0), ("sửa phiếu", 0),
        ("sửa lại câu 2", 2), ("đổi câu 5 được không", 5), ("câu 2 sai rồi", 2), ("tui nhấn lộn câu số 2", 2),
        ("sai rồi", None), ("sửa giấy khai sinh", None), ("đánh sai mật khẩu", None), ("chuyển nhầm tiền", None),
        ("bấm nhầm link lừa đảo", None), ("đổi thẻ căn cước", None), ("sửa đường", None),
    ],
)  # fmt: skip
def test_a_wish_to_mend_an_answer_names_its_question(said: str, number: int | None) -> None:
    assert mending(said) == number


@pytest.mark.parametrize(("said", "answer"), [("បាទ", True), ("ចាស", True), ("ទេ", False), ("អត់ទេ", False)])
def test_the_polite_words_of_khmer_are_yes_and_no(said: str, answer: bool) -> None:
    assert yes_or_no(said) is answer


def test_khmer_digits_are_digits() -> None:
    assert number_in_words("១") == 1 and number_in_words("១២") == 12
