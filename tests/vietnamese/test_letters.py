import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vietnamese.folding import clean, clean_json, clean_text, fold, spelling, without_telex, words

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Xã Thuận Hòa", "xa thuan hoa"),
        ("THUẬN HOÀ", "thuan hoa"),
        ("  Đường\tđất,  rất...xấu!\n", "duong dat rat xau"),
        ("Thuỷ/Thủy", "thuy thuy"),
        ("số\u200b nhà\u00a07\ufeff", "so nha 7"),
        ("a\x00b", "ab"),
        ("１２ ｘã", "12 xa"),
        ("Ð ð", "d d"),
        ("ok 👍🏻", "ok"),
        ("", ""),
        ("...", ""),
        ("\ud800x", "x"),
    ],
)
def test_folding_leaves_small_plain_letters(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("text", ["Thuận Hòa", "Cần Thơ ở Đồng bằng sông Cửu Long", "Ẩm ướt, đỡ ửng"])
def test_composed_and_decomposed_texts_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_khmer_vowels_stay() -> None:
    assert fold("សួស្តី") != fold("សស្ត")


def test_words_are_the_folded_words() -> None:
    assert words("Dạ, có ạ!") == ["da", "co", "a"]


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("Thuỷ", "thủy"), ("KHOẺ", "khỏe"), ("Huệ", unicodedata.normalize("NFD", "huệ"))]
)
def test_old_and_new_tone_placement_spell_alike(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


def test_other_accents_spell_otherwise() -> None:
    assert spelling("Thạnh") != spelling("Thành")


@pytest.mark.parametrize(
    ("struck", "meant"),
    [("thuaanj", "thuan"), ("hoaf", "hoa"), ("dduwowcj", "duoc"), ("phus", "phu"), ("thua6n5", "thuan"), ("s", "s")],
)
def test_telex_and_vni_keys_give_the_word_meant(struck: str, meant: str) -> None:
    assert without_telex(struck) == meant


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("xin chào\nbà con\t!", "xin chào\nbà con\t!"),
        ("a\x00b\x07c\x85d\r\n", "abcd\n"),
        ("\ud83d", ""),
        (unicodedata.normalize("NFD", "đồng ý"), "đồng ý"),
        ("👨‍👩‍👧 ok", "👨‍👩‍👧 ok"),
    ],
)
def test_what_is_stored_has_no_control_characters_and_is_composed(text: str, stored: str) -> None:
    assert clean_text(text) == stored


def test_cleaning_goes_through_a_whole_value_and_keeps_the_rest() -> None:
    value = {"te\x00xt": ["a\x00", {"n": 1, "f": 0.5, "t": True, "none": None}], "deep": {"x": "\ud800y"}}
    assert clean(value) == {"text": ["a", {"n": 1, "f": 0.5, "t": True, "none": None}], "deep": {"x": "y"}}


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once == once.strip()
    assert "  " not in once


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_clean_text_is_clean_for_good_and_fit_for_any_database(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\x00" not in once
    once.encode("utf-8")


@settings(deadline=None, max_examples=200)
@given(JSON)
def test_cleaning_a_value_twice_changes_nothing(value: object) -> None:
    assert clean(clean(value)) == clean(value)


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_every_text_has_a_spelling_that_folds_like_it_or_less(text: str) -> None:
    assert set(fold(spelling(text)).replace(" ", "")) <= set(fold(text))


@given(JSON)
@settings(max_examples=300)
def test_clean_json_says_what_cleaning_leaves(value):
    assert json.loads(clean_json(value)) == clean(value)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"a": "hai\nhàng \x00"}, {"a": "hai\nhàng "}),
        ({"a": float("nan"), "b": float("inf")}, {"a": None, "b": None}),
        ({"a\x00": 1}, {"a": 1}),
        ({"a": "xa\u0303"}, {"a": "xã"}),
        ({"a": "\ud800"}, {"a": ""}),
    ],
)
def test_json_is_cleaned_where_it_needs_it(value, left):
    assert json.loads(clean_json(value)) == left
