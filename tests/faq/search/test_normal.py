import pytest

from faq.search.normal import LONGEST, bounded, sentences, words


def read(text: str) -> str:
    return " ".join(word.folded for word in words(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cccd hết hạn thì lm s", "căn cước hết hạn thì làm sao"),
        ("caapj nhaatj ca8n cu7o7c1", "cập nhật căn cước"),
        ("Tui hổng biết mần khai sanh", "tôi không biết làm khai sinh"),
        ("ra nhà băng", "ra ngân hàng"),
        ("đk dvc onl đc ko", "đăng ký dịch vụ công online được không"),
    ],
)
def test_teencode_slips_and_dialect_read_like_a_letter_to_the_office(typed, meant):
    assert read(typed) == read(meant)


def test_accents_are_kept_beside_the_folded_word_only_where_they_were_typed():
    with_accents, without = words("Căn can")
    assert with_accents.folded == without.folded == "can"
    assert with_accents.spelled and not without.spelled


def test_a_word_with_an_accent_is_replaced_only_as_it_is_spelled():
    assert read("hoa hồng") == "hoa hong"
    assert read("biểu làm") == "bao lam"
    assert read("bieu mau") == "bieu mau"


def test_old_and_new_tone_placement_read_the_same():
    assert words("hoà") == words("hòa")


def test_a_text_of_no_words_has_none():
    assert words("😀 ... !!! \u200b") == []


def test_a_long_text_keeps_its_beginning_and_its_end():
    text = bounded("đầu " + "x" * 10_000 + " cuối")
    assert text.startswith("đầu") and text.endswith("cuối")
    assert len(text) <= LONGEST + 1


def test_control_characters_and_lone_surrogates_are_dropped():
    assert bounded("căn\x00 cước\ud800") == "căn cước"


def test_sentences_end_at_marks_and_line_ends_but_not_inside_numbers():
    assert sentences("Tôi trả 1.500.000 đồng. Giờ sao?\nGiúp với") == ["Tôi trả 1.500.000 đồng", "Giờ sao", "Giúp với"]
