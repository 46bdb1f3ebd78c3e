"""Questions of theirs: answered, guessed at or honestly not, in the middle of a survey too."""

import pytest
from village import Village, answers

from faq.library import Library
from storage.tables import FaqCount, FaqQuestion, Interview

ASKED = "làm sao đăng ký tạm trú?"
TITLE = "Đăng ký thường trú, tạm trú, lưu trú"
UNKNOWN = "con gà nhà hàng xóm gáy om sòm suốt đêm thì phải bán cho ai mua"


async def test_a_question_needs_no_consent_and_is_answered_with_source_and_date(village: Village) -> None:
    mai = village.resident()
    await mai.says(ASKED)
    assert mai.last.title == TITLE and "VNeID" in mai.last.text
    assert "plo.vn (tính đến 12/2025)" in mai.last.note
    assert mai.labels == ["Có ích", "Chưa đúng ý", "Danh mục"]


@pytest.mark.parametrize("typed", ["lam sao dang ky tam tru", "đk tạm trú ntn ạ", "tạm trú", "TAM TRU LAM SAO"])
async def test_it_is_understood_as_people_type(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.says(typed)
    assert mai.last.title == TITLE


async def test_a_greeting_gets_the_greeting(village: Village) -> None:
    mai = village.resident()
    await mai.says("chào")
    assert mai.last.title == "Xin chào bà con!"


async def test_in_mid_survey_it_is_answered_and_the_question_stands_again(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    answer, question = mai.heard[-2:]
    assert answer.title == TITLE and question.title == "Đường sá thế nào?"
    await mai.says("dạ có")
    assert answers(village) == [{"duong": "co"}]


@pytest.mark.parametrize("typed", ["ko", "2", "dạ có", "hài lòng", "chua hai long", "1"])
async def test_numbers_and_short_answers_are_survey_answers_first(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    await mai.says(typed)
    assert mai.last.title == "Xã cần gì trước?"
    assert village.rows(FaqCount)[0].number == 1


@pytest.mark.parametrize("typed", ["3", "0", "999", "hai", "???", "🤔🤔"])
async def test_what_is_no_question_is_asked_again(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(typed)
    assert mai.last.title == "Đường sá thế nào?" and not village.rows(FaqCount)


async def test_an_open_question_takes_whatever_is_typed(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Chưa hài lòng", "Đèn đường", "Xong câu này")
    await mai.says("4")
    await mai.taps("Bỏ qua")
    await mai.says("không biết làm sao đăng ký tạm trú")
    assert answers(village)[0]["ly_do"] == "không biết làm sao đăng ký tạm trú"


async def test_a_number_question_is_led_back_to(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Xong câu này")
    await mai.says("quên mật khẩu vneid thì làm sao")
    assert mai.heard[-2].title == "Quên mật khẩu hoặc passcode VNeID"
    await mai.says("4")
    assert answers(village)[0]["nguoi"] == 4


async def test_a_question_where_a_place_is_asked_is_answered(village: Village) -> None:
    mai = village.resident()
    await mai.starts()
    await mai.taps("Đồng ý")
    await mai.says(ASKED)
    assert mai.heard[-2].title == TITLE and mai.last.title == "Bà con ở xã, phường nào?"
    await mai.says("Thuận Hòa, Châu Thành, Sóc Trăng")
    assert mai.last.title.startswith("Bà con ở ấp nào")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *(
            (typed, "Lệ phí")
            for typed in ("tốn bao nhiêu?", "ton bao nhieu tien", "hết nhiu tiền", "phí sao", "mấy đồng")
        ),
        *((typed, "7 ngày làm việc") for typed in ("bao lâu?", "bao lau z", "lâu hông", "chừng nào có", "mấy ngày")),
        *((typed, "VNeID hoặc Cổng Dịch vụ công") for typed in ("ở đâu?", "o dau", "nộp ở đâu vậy", "làm chỗ nào")),
    ],
)
async def test_a_follow_up_is_about_the_topic_before(village: Village, typed: str, said: str) -> None:
    mai = village.resident()
    await mai.says("làm lại căn cước bị mất")
    whole = mai.last
    await mai.says(typed)
    assert mai.last.title == whole.title and said in mai.last.text and len(mai.last.text) < len(whole.text) / 2


async def test_the_topic_stays_known_for_a_while(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("làm lại căn cước bị mất")
    await mai.says("cảm ơn nha")
    await mai.says("hài lòng")
    await mai.says("bao lâu thì có?")
    assert "7 ngày làm việc" in mai.heard[-2].text and mai.last.title == "Xã cần gì trước?"
    await mai.taps("Xong câu này")
    for typed in ("4", "bỏ qua", "hài lòng", "menu"):
        await mai.says(typed)
    await mai.says("bao lâu?")
    assert "7 ngày làm việc" not in mai.read


async def test_a_fine_is_no_cost(village: Village) -> None:
    mai = village.resident()
    await mai.says(ASKED)
    await mai.says("tốn bao nhiêu?")
    assert mai.last.title == TITLE and mai.last.text.startswith("Chỗ này câu trả lời chưa ghi rõ")
    await mai.says("có bị phạt không")
    assert mai.last.text.startswith("Mức phạt:") and "500.000" in mai.last.text


async def test_what_comes_next_shows_all_of_it(village: Village) -> None:
    mai = village.resident()
    await mai.says(ASKED)
    whole = mai.last.text
    await mai.says("rồi sao nữa")
    assert mai.last.text == whole


async def test_a_follow_up_works_in_mid_survey(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    await mai.says("mấy ngày")
    assert mai.heard[-2].title == TITLE and "3 ngày làm việc" in mai.heard[-2].text
    assert mai.last.title == "Đường sá thế nào?"


async def test_a_follow_up_that_the_answer_does_not_say_shows_all_of_it(village: Village) -> None:
    mai = village.resident()
    await mai.says("bị lừa chuyển khoản mất tiền rồi phải làm gì")
    await mai.says("mấy ngày")
    assert mai.last.text.startswith("Chỗ này câu trả lời chưa ghi rõ")


async def test_an_unknown_question_gets_an_honest_none_and_the_topics(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says(UNKNOWN)
    assert mai.last.title == "Mình chưa có câu trả lời cho việc này"
    assert "VNeID" in mai.labels or "Xem thêm" in mai.labels
    [row] = village.rows(FaqQuestion)
    assert row.state == "unanswered" and row.text == UNKNOWN


async def test_in_mid_survey_an_honest_none_offers_a_person_and_leads_back(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(UNKNOWN + "?")
    none, question = mai.heard[-2:]
    assert none.title == "Mình chưa có câu trả lời cho việc này" and question.title == "Đường sá thế nào?"
    assert [choice.label for choice in none.choices] == ["Nhờ người giúp", "Các việc hay hỏi", "Danh mục"]
    await mai.says("1")
    assert answers(village) == [{"duong": "co"}]


async def test_topics_are_reached_without_typing(village: Village) -> None:
    mai = village.resident()
    await mai.says("menu")
    await mai.taps("Hỏi đáp", "Xem thêm", "VNeID")
    assert "Quên mật khẩu hoặc passcode VNeID" in mai.labels
    await mai.taps("Quên mật khẩu hoặc passcode VNeID")
    assert mai.last.title == "Quên mật khẩu hoặc passcode VNeID"


async def test_after_the_list_of_topics_two_words_are_a_question_of_theirs(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("menu")
    await mai.taps("Hỏi đáp")
    await mai.says("tạm trú")
    assert mai.heard[-2].title == TITLE and mai.last.title == "Đường sá thế nào?"


async def test_useful_is_counted_and_nothing_else_is_kept(village: Village) -> None:
    mai = village.resident()
    await mai.says(ASKED)
    await mai.taps("Có ích")
    assert mai.last.text == "Cảm ơn bà con!" and not mai.last.replaces
    assert {(row.topic, row.what, row.number) for row in village.rows(FaqCount)} == {
        ("residence-registration", "answered", 1),
        ("residence-registration", "useful", 1),
    }


async def test_a_disliked_answer_is_kept_for_the_editor_without_personal_data(village: Village) -> None:
    mai = village.resident()
    await mai.says("tôi tên Nguyễn Thị Mẫu, sđt 0912 345 678, làm sao đăng ký tạm trú?")
    await mai.taps("Chưa đúng ý")
    assert "Các việc hay hỏi" in mai.labels
    [row] = village.rows(FaqQuestion)
    assert (row.state, row.topic) == ("disliked", "residence-registration")
    assert "Mẫu" not in row.text and "0912" not in row.text and "đăng ký tạm trú" in row.text


async def test_a_button_is_tapped_above_a_question_that_stands(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    useful = next(choice for choice in mai.heard[-2].choices if choice.label == "Có ích")
    await mai.presses(useful.token)
    assert mai.heard[-2].text == "Cảm ơn bà con!" and mai.last.title == "Đường sá thế nào?"


async def test_suggestions_are_chosen_or_refused(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("giấy tờ của đứa nhỏ nhà tôi mới đẻ")
    if mai.last.text == "Có phải bà con muốn hỏi:":
        assert mai.labels[-1] == "Không phải" and len(mai.labels) == 4
        await mai.taps("Không phải")
        assert village.rows(FaqQuestion)[0].state == "unanswered"


async def test_while_the_search_is_being_built_the_topics_are_there(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(folder=village.folder / "empty")
    monkeypatch.setattr(library, "build_ahead", lambda: None)
    village.shared.library = library
    mai = village.resident()
    await mai.says(ASKED)
    assert "chừng một phút nữa" in mai.last.text and len(mai.labels) > 8


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "🙂" * 300, "ខ្ញុំចង់សួរអំពីប័ណ្ណ", "<b>'; DROP TABLE</b> là sao vậy", "\u202e\u0000\x07 a"]
)
async def test_odd_messages_are_answered(village: Village, typed: str) -> None:
    mai = village.resident()
    await mai.says(typed)
    assert mai.last.title or mai.last.text
    await mai.finishes(village.round().code)
    await mai.says(typed)
    assert mai.last.title or mai.last.text


async def test_a_decline_of_the_survey_is_no_decline_of_help(village: Village) -> None:
    mai = village.resident()
    await mai.says("chào")
    await mai.taps("Không đồng ý")
    await mai.says(ASKED)
    assert mai.last.title == TITLE and not village.rows(Interview)


async def test_counts_are_by_commune(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(ASKED)
    assert [row.unit_id for row in village.rows(FaqCount)] == [village.unit("31582")]
