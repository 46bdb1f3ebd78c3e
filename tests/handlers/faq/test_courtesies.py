"""Thanks, greetings, "not that" and "I don't understand" get a fitting word, and never cost an answer."""

import pytest
from village import Village, answers

from storage.tables import FaqCount, FaqQuestion

ASKED = "làm sao đăng ký tạm trú?"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cảm ơn", "Dạ không có chi"),
        ("dạ cám ơn em nhiều lắm", "Dạ không có chi"),
        ("tks ad", "Dạ không có chi"),
        ("tạm biệt", "Dạ chào bà con"),
        ("alo", "Dạ, mình nghe đây."),
        ("chào bạn", "Dạ, mình nghe đây."),
        ("hổng hiểu gì hết", "Dạ, mình nói chưa rõ rồi."),
        ("ok", "Dạ. Bà con cần gì"),
    ],
)
async def test_a_courtesy_is_returned(village: Village, typed: str, said: str) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says("menu")
    await mai.says(typed)
    assert mai.last.text.startswith(said)
    assert not village.rows(FaqQuestion)


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("dạ có", "useful"), ("ok", "useful"), ("👍", "useful"),
        ("không", "not_useful"), ("sai rồi", "not_useful"), ("hông phải cái này", "not_useful"),
    ],
)  # fmt: skip
async def test_yes_and_no_after_an_answer_say_whether_it_was_useful(village: Village, typed: str, what: str) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says(ASKED)
    await mai.says(typed)
    assert (what, 1) in {(row.what, row.number) for row in village.rows(FaqCount)}
    if what == "not_useful":
        assert mai.labels[0] == "Nhờ người giúp" and village.rows(FaqQuestion)[0].state == "disliked"


async def test_in_mid_survey_yes_and_no_are_answers_and_thanks_lead_back(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    await mai.says("sai rồi")
    assert mai.labels[:1] == ["Hài lòng"] and village.rows(FaqQuestion)[0].state == "disliked"
    await mai.says("cảm ơn nha")
    assert mai.heard[-2].text.startswith("Dạ không có chi") and mai.last.title == "Đường sá thế nào?"
    await mai.says("không")
    assert answers(village) == [{"duong": "khong"}]


async def test_an_open_question_takes_a_courtesy_as_its_answer(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Chưa hài lòng", "Xong câu này")
    await mai.says("4")
    await mai.taps("Bỏ qua")
    await mai.says("cảm ơn cán bộ")
    assert answers(village)[0]["ly_do"] == "cảm ơn cán bộ"


async def test_a_stranger_who_greets_is_greeted(village: Village) -> None:
    mai = village.resident()
    await mai.says("alo")
    assert mai.last.title == "Xin chào bà con!" and "chưa hiểu" not in mai.last.text


@pytest.mark.parametrize(
    "typed",
    [
        "cho tôi nói chuyện với người thật", "muon gap can bo xa", "có ai giúp tôi không", "gọi người giúp tui với",
        "cần người hỗ trợ", "kết nối với nhân viên giùm", "cho tui gặp cán bộ xã về đất đai",
    ],
)  # fmt: skip
async def test_a_person_is_asked_for_in_many_words(village: Village, typed: str) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says(typed)
    assert mai.last.title == "Nhờ người giúp"


async def test_a_question_about_a_person_is_a_question(village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says("nhờ người khác đăng ký tạm trú giùm được không")
    assert mai.last.title != "Nhờ người giúp"


@pytest.mark.both_stores
async def test_ok_turns_the_page_of_a_lesson(village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.starts("g_pay-by-qr")
    await mai.taps("Bắt đầu học")
    await mai.says("ok")
    assert mai.last.progress and mai.last.progress[0] == 2
