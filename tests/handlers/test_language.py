"""The conversation in three languages."""

import pytest
from village import Village, answers

from storage.tables import Person


@pytest.mark.parametrize("language", ["vi", "km", "en"])
async def test_the_consent_question_offers_the_other_languages_and_switches(village: Village, language: str) -> None:
    say = village.shared.catalogue.say
    mai = village.resident(language="vi" if language != "vi" else "en")
    await mai.starts(village.round().code)
    await mai.taps(say(language, "language.name"))
    assert mai.last.title == say(language, "consent.title")
    assert say(language, "consent.yes") in mai.labels
    assert village.rows(Person)[0].language == language


@pytest.mark.parametrize(
    ("hint", "language"), [("vi", "vi"), ("km-KH", "km"), ("en-GB", "en"), ("fr", "vi"), ("", "vi")]
)
async def test_a_new_person_is_met_in_the_language_of_their_app(village: Village, hint: str, language: str) -> None:
    await village.resident(language=hint).starts()
    assert village.rows(Person)[0].language == language


async def test_switching_in_mid_survey_asks_the_same_question_in_the_other_language(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("ngôn ngữ")
    assert mai.labels == ["Tiếng Việt", "ភាសាខ្មែរ", "English"]
    await mai.taps("English")
    assert mai.last.title == "How are the roads?" and mai.labels == ["Satisfied", "Not satisfied"]
    await mai.says("not satisfied")
    assert answers(village) == [{"duong": "khong"}]


async def test_the_language_may_be_typed(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("/language")
    await mai.says("english")
    assert mai.last.title == "How are the roads?"


async def test_a_form_without_the_language_is_asked_in_its_own(village: Village) -> None:
    mai = village.resident(language="km")
    await mai.starts(village.round().code)
    await mai.presses(mai.last.choices[0].token)
    await mai.presses(mai.last.choices[0].token)
    assert mai.last.title == "Đường sá thế nào?"
    assert village.shared.catalogue.say("km", "survey.progress", number=1, of=5) in mai.last.note


async def test_stop_and_help_are_understood_in_every_language(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    for word in ("stop", "ឈប់", "ngừng"):
        await mai.says(word)
        assert village.rows(Person)[0].stopped, word
        await mai.says("/start")
        assert not village.rows(Person)[0].stopped
    for word in ("help", "giúp"):
        await mai.says(word)
        assert mai.last.title == "Cách dùng", word
