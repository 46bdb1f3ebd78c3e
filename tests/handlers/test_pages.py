"""What our own pages are told beside the text, and what is not promised where nothing can be sent."""

import re

import pytest
from village import AN_THANH, FORM, THUAN_HOA, Village

from handlers.catalogue import LANGUAGES, load_catalogue
from surveys.forms.moods import mood


async def test_a_page_is_not_told_of_messaging_apps(village: Village) -> None:
    code = village.round().code
    on_page, in_app = village.resident("web", "web"), village.resident("phone")
    await on_page.starts(code)
    await in_app.starts(code)
    assert "nhắn" not in on_page.last.text.lower() and "cookie" in on_page.last.text
    assert "ứng dụng" in in_app.last.text and "tài khoản nhắn tin này" in in_app.last.text
    for resident in (on_page, in_app):
        assert not re.search(r"[{}]|\n\n\n", resident.last.text)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_promises_no_message_and_offers_none_to_stop(village: Village, language: str) -> None:
    say = load_catalogue().say
    mai = village.resident("mai", "web", language)
    await mai.starts(village.round(units=[THUAN_HOA, AN_THANH]).code)
    await mai.taps(say(language, "consent.yes"))
    await mai.says("my xuyen")
    assert mai.last.text == say(language, "survey.none_open_here", place="Phường Mỹ Xuyên")
    await mai.says("menu")
    assert say(language, "menu.stop") not in mai.labels
    await mai.says("help")
    assert say(language, "help.stop") not in mai.last.text


async def test_a_ballot_to_look_through_has_a_button_beside_each_answer(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.taps("Xem và sửa phiếu")
    assert mai.last.scene == "review"
    assert [(row.question, row.answer) for row in mai.last.rows][:2] == [
        ("Đường sá thế nào?", "Hài lòng"),
        ("Xã cần gì trước?", "Đèn đường"),
    ]
    assert all(row.answer in mai.last.text for row in mai.last.rows)  # other channels read the same
    await mai.presses(mai.last.rows[1].change.token)
    assert mai.last.title == "Xã cần gì trước?"


async def test_answers_about_satisfaction_have_a_face_and_keep_their_value(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    assert [(choice.label, choice.mood) for choice in mai.last.choices] == [("Hài lòng", 2), ("Chưa hài lòng", -2)]
    wishes = FORM.by_name["can"]
    assert [mood(wishes, option) for option in wishes.options] == [None] * 3


async def test_a_correction_says_that_it_is_one(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Bỏ qua")
    assert not mai.last.refuses
    await mai.says("nhiều lắm")
    assert mai.last.refuses and mai.last.text.partition("\n\n")[0] == "Câu này cần một con số, ví dụ 3."


async def test_vietnamese_under_another_language_is_named(village: Village) -> None:
    mai = village.resident("mai", "web", "km")
    await mai.says("đăng ký khai sinh")
    assert [each.in_vietnamese for each in mai.heard if each.note] == [("text",)]
    ba = village.resident("ba", "web")
    await ba.says("đăng ký khai sinh")
    assert not any(each.in_vietnamese for each in ba.heard)
