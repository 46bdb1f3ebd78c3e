"""Household codes: long for links, short for typing."""

import pytest

from places.register.codes import LETTERS, LONG, Code, is_sound, new_code, read_long, read_short


def test_a_code_is_long_for_links_and_short_for_typing() -> None:
    codes = [new_code() for _ in range(300)]
    assert len({code.long for code in codes}) == len({code.letters for code in codes}) == 300
    assert LONG * len(LETTERS).bit_length() >= 128 and len(LETTERS) ** LONG > 2**128
    for code in codes:
        assert read_long(code.long) == read_long(f"h_{code.long}") == code.long
        assert read_long(f"https://xa.vn/h/{code.long}") == code.long
        assert read_short(code.short) == code.letters and is_sound(code.letters)


@pytest.mark.parametrize("typed", ["HO-ABCD-EFGH-JKMW", "ho abcd efgh jkmw", "hoabcdefghjkmw", " Ho-abcd efgh-JKMW "])
def test_a_short_code_is_read_however_it_is_typed(typed: str) -> None:
    [last] = [letter for letter in LETTERS if is_sound("ABCDEFGHJKM" + letter)]
    assert read_short(typed.replace("W", last).replace("w", last)) == "ABCDEFGHJKM" + last


def test_every_wrong_letter_and_every_exchange_of_two_is_noticed() -> None:
    letters = new_code().letters
    for at in range(12):
        for other in LETTERS:
            if other != letters[at]:
                assert not is_sound(letters[:at] + other + letters[at + 1 :])
    for at in range(11):
        a, b = letters[at], letters[at + 1]
        if a != b:
            assert not is_sound(letters[:at] + b + a + letters[at + 2 :])


@pytest.mark.parametrize(
    "text", ["ho tren cung nhau", "hộ nghèo", "LN-ABCD-EFGH", "HO", "", "duong lay loi qua troi", "4"]
)
def test_words_are_no_code(text: str) -> None:
    assert read_short(text) is None and read_long(text) is None


def test_a_slip_of_the_finger_is_a_code_all_the_same() -> None:
    assert read_short("HO-ABCD-EFGH-JK0O") == "ABCDEFGHJK0O" and not is_sound("ABCDEFGHJK0O")


def test_the_short_code_is_printed_in_groups() -> None:
    assert Code("a" * 26, "ABCDEFGHJKMN").short == "HO-ABCD-EFGH-JKMN"
