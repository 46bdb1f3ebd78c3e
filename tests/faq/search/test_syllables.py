import pytest

from faq.search.syllables import as_meant, is_syllable
from vietnamese.folding import spelling


@pytest.mark.parametrize("folded", ["nghieng", "quyen", "gi", "gieng", "uy", "khuya", "an", "thuong"])
def test_what_can_be_said_is_a_syllable(folded):
    assert is_syllable(folded)


@pytest.mark.parametrize("folded", ["zalo", "app", "khogn", "nganhang", "", "x", "sms"])
def test_other_letters_are_not(folded):
    assert not is_syllable(folded)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nhaatj", "nhật"),
        ("ddawng", "đăng"),
        ("cuwowcs", "cước"),
        ("dduowcj", "được"),
        ("chuwngs", "chứng"),
        ("giaasy", "giấy"),
        ("kys", "ký"),
        ("trươngf", "trường"),
    ],
)
def test_telex_keys_that_were_not_turned_into_accents_are(typed, meant):
    assert spelling(as_meant(typed)) == spelling(meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("ca8n", "căn"), ("d9a8ng", "đăng"), ("tre64", "trễ"), ("ng6an", "ngân"), ("he61t", "hết")]
)
def test_vni_digits_are_too_wherever_they_stand(typed, meant):
    assert spelling(as_meant(typed)) == spelling(meant)


@pytest.mark.parametrize("typed", ["zalo", "app", "vneid", "wifi", "facebook", "2026", "60", "a1b2c3", "", "ស្អែក"])
def test_what_gives_no_syllable_is_left_alone(typed):
    assert as_meant(typed) is None


@pytest.mark.parametrize("typed", ["can", "cước", "bao", "hoa", "toi"])
def test_a_syllable_as_it_stands_is_left_alone(typed):
    assert as_meant(typed) is None


def test_a_stopped_syllable_takes_only_the_two_short_tones():
    assert as_meant("catf") is None
    assert as_meant("cats") == "cát"
