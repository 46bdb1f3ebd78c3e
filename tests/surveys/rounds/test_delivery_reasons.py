"""Why a message did not arrive, in few words that every language has."""

import pytest

from handlers.catalogue import LANGUAGES, load_catalogue
from surveys.rounds.delivery_reasons import Why, why


@pytest.mark.parametrize(
    ("state", "reason", "word"),
    [
        ("unreachable", "Forbidden: bot was blocked by the user", "blocked"),
        ("unreachable", "Forbidden: user is deactivated", "deleted"),
        ("rejected", "Bad Request: chat not found", "unknown_chat"),
        ("rejected", "Bad Request: something new", "refused"),
        ("uncertain", "process ended", "program_ended"),
        ("uncertain", "", "no_word"),
        ("cancelled", "already answered", "answered"),
        ("cancelled", "round cancelled", "cancelled"),
        ("expired", "round closed", "over"),
        ("cancelled", "", "other"),
    ],
)
def test_what_a_platform_said_becomes_one_of_our_words(state: str, reason: str, word: str) -> None:
    assert why(state, reason) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_said(language: str) -> None:
    assert all(load_catalogue().say(language, f"why.{word}") for word in Why)
