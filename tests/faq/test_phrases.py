"""Phrases as an editor writes them find what people type."""

import pytest

from faq.phrases import any_of, readings, without

NAMES = {"ai": ["chồng", "hàng xóm"], "toi": ["tôi", "em"]}


def finds(phrase: str, text: str) -> bool:
    return any(any_of([phrase], NAMES).search(said) for said in readings(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("cháy nhà", "trời ơi cháy nhà rồi"), ("cháy nhà", "chay nha"), ("cháy nhà", "chasy nhaf"),
        ("té/rớt sông", "con tui rớt sông"), ("[ngã quỵ|bất tỉnh]", "ông nội bat tinh"),
        ("{ai} đánh {toi}", "hàng xóm đánh tui"), ("mất … tiền", "mất sạch hết cả tiền"),
        ("mất · tiền", "mất sạch tiền"),
        ("qua ~ khóc", "qua bển làm được hai bữa rồi nó gọi về khóc"), ("^cứu $", "cứu"), ("!tự !tử", "tự tử"),
    ],
)  # fmt: skip
def test_a_phrase_finds_it(phrase: str, text: str) -> None:
    assert finds(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("cháy nhà", "chạy nhà"), ("!tự !tử", "tu tu"), ("mất · tiền", "mất sạch hết cả tiền"), ("^cứu $", "cứu em"),
        ("^muốn", "tôi muốn"), ("té/rớt sông", "té xe"), ("[ngã quỵ|bất tỉnh]", "ngã giá"),
    ],
)  # fmt: skip
def test_a_phrase_leaves_it_alone(phrase: str, text: str) -> None:
    assert not finds(phrase, text)


def test_what_is_taken_out_leaves_no_new_neighbours() -> None:
    said, _ = readings("đèn đường cháy nhà")
    left = without(said, any_of(["đường cháy"], {}))
    assert any_of(["đèn"], {}).search(left) and not any_of(["đèn nhà"], {}).search(left)
    assert not any_of([], {}).search(said)
