import pytest

from vietnamese.folding import yes_or_no

YES = (
    "có|dạ có|co|da co|ừ|uh|ok|OK ạ|Đồng ý|dong y|đông y|vâng|rồi|dạ|Có nha em|ờ|được rồi|dc|tôi đồng ý|👍🏻|Đúng rồi!"
)
NO = (
    "không|ko|k|K|hông|hong|khong|chưa|chua|dạ không|da khong|no|hổng|hok|dạ hông|hổng có|Không đồng ý|kô"
    "|KHÔNG Ạ|đừng|👎"
)
NEITHER = (
    "|không biết|có không|có?|cô|cỏ|hồng|dùng|dung|thôi|không sao|hài lòng|1|có khi|ok không"
    "|có, nhưng mà đường đi trong ấp hư nhiều quá bà con đi lại khó khăn"
)


@pytest.mark.parametrize("typed", YES.split("|"))
def test_yes_is_understood(typed: str) -> None:
    assert yes_or_no(typed) is True


@pytest.mark.parametrize("typed", NO.split("|"))
def test_no_is_understood(typed: str) -> None:
    assert yes_or_no(typed) is False


@pytest.mark.parametrize("typed", NEITHER.split("|"))
def test_anything_else_is_neither(typed: str) -> None:
    assert yes_or_no(typed) is None
