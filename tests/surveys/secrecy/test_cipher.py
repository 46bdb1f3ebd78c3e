"""Answers under seal: opened by the round's secret, told by nothing else, not even their length."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.secrecy.cipher import SEALED, Cipher, CipherError

SECRET, TAG = b"s" * 32, b"t" * 16
ANSWERS = {"duong": "khong", "can": ["den", "cho"], "nguoi": 4, "ngay": None, "ly_do": "đường lầy"}

_values = st.none() | st.text(max_size=300) | st.integers(-(2**53), 2**53) | st.lists(st.text(max_size=20), max_size=4)


@given(st.dictionaries(st.text(max_size=20), _values, max_size=12))
def test_what_was_sealed_is_opened_unchanged(answers: dict[str, object]) -> None:
    sealed = Cipher(SECRET).encrypt(TAG, answers)
    assert Cipher(SECRET).decrypt(TAG, sealed) == answers
    assert json.loads(Cipher(SECRET).read(TAG, json.dumps(sealed, separators=(",", ":")))) == answers


def test_a_seal_shows_no_word_and_differs_each_time() -> None:
    one, other = (Cipher(SECRET).encrypt(TAG, ANSWERS) for _ in range(2))
    assert one != other and list(one) == [SEALED]
    assert not any(word in one[SEALED] for word in ("duong", "khong", "den"))


def test_satisfied_or_not_with_or_without_a_sentence_of_reasons_every_seal_is_as_long() -> None:
    names = [f"cau_{number}" for number in range(12)]
    ballots = [
        {},
        dict.fromkeys(names, "hai_long"),
        dict.fromkeys(names, "khong_hai_long"),
        {**dict.fromkeys(names, "khong_hai_long"), "ly_do": "Đường vô ấp lầy lội, mùa mưa đi học cực lắm"},
    ]
    assert len({len(Cipher(SECRET).encrypt(TAG, each)[SEALED]) for each in ballots}) == 1


@pytest.mark.parametrize(("secret", "tag"), [(b"x" * 32, TAG), (SECRET, b"y" * 16)])
def test_another_rounds_secret_or_another_ballots_tag_opens_nothing(secret: bytes, tag: bytes) -> None:
    with pytest.raises(CipherError):
        Cipher(secret).decrypt(tag, Cipher(SECRET).encrypt(TAG, ANSWERS))


@pytest.mark.parametrize("broken", ["", "AAAA", "không phải", None, 7])
def test_nonsense_in_the_place_of_a_seal_is_refused(broken: object) -> None:
    with pytest.raises(CipherError):
        Cipher(SECRET).decrypt(TAG, {SEALED: broken})


def test_a_single_changed_letter_breaks_the_seal() -> None:
    sealed = Cipher(SECRET).encrypt(TAG, ANSWERS)[SEALED]
    for place in range(0, len(sealed) - 4, 37):
        letter = "A" if sealed[place] != "A" else "B"
        with pytest.raises(CipherError):
            Cipher(SECRET).decrypt(TAG, {SEALED: sealed[:place] + letter + sealed[place + 1 :]})


def test_answers_stored_without_a_seal_are_read_as_they_are() -> None:
    assert Cipher(SECRET).decrypt(TAG, ANSWERS) == ANSWERS
    assert Cipher(SECRET).read(TAG, json.dumps(ANSWERS)) == json.dumps(ANSWERS)
