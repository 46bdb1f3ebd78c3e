"""A survey in conversation: every way to answer, to go back, to change, to leave and to return."""

import pytest
from village import FORM, Village, answers

from storage.tables import Ballot, Interview, Person
from surveys.forms.form import Form, Question


async def test_a_round_is_answered_by_buttons_and_typing_to_the_end(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    assert mai.last.title == "Cảm ơn bà con, phiếu đã được ghi nhận!"
    [ballot], [interview] = village.rows(Ballot), village.rows(Interview)
    assert ballot.answers == {"duong": "co", "can": ["den"], "nguoi": 4, "ngay": None, "chung": "co"}
    assert ballot.submitted and interview.state == "submitted" and interview.submitted_at is not None
    assert ballot.unit_id == interview.unit_id == village.unit("31582/Ấp 1 (mẫu)")


@pytest.mark.parametrize("said", ["1", "Hài lòng", "hai long", "HAI LONG", "dạ hài lòng nha"])
async def test_an_option_may_be_typed_by_number_and_by_label(village: Village, said: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says(said)
    assert answers(village) == [{"duong": "co"}]


async def test_a_negation_is_never_dropped(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("ko hai long")
    assert answers(village) == [{"duong": "khong"}]


async def test_several_answers_are_ticked_and_unticked(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Đèn đường", "Chợ", "Đèn đường")
    assert [choice.label for choice in mai.last.choices if choice.selected] == ["Chợ"]
    await mai.taps("Xong câu này")
    assert answers(village)[0]["can"] == ["cho"]


async def test_several_answers_may_be_typed_at_once(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("1")
    await mai.says("den duong, cho")
    assert mai.last.title == "Nhà mấy người?"
    assert answers(village)[0]["can"] == ["den", "cho"]


async def test_a_tap_edits_the_message_it_was_on_and_a_word_does_not(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    assert mai.last.replaces == "m1"
    await mai.says("xong")
    assert mai.last.replaces == ""


async def test_an_answer_that_is_none_is_explained_and_asked_again(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("trời hôm nay đẹp")
    assert "Mình chưa hiểu “trời hôm nay đẹp”" in mai.last.text and mai.last.title == "Đường sá thế nào?"
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("một trăm")
    assert "Từ 1 đến 30 người thôi nghen." in mai.last.text
    await mai.says("chẳng nhớ")
    assert "cần một con số" in mai.last.text
    await mai.says("ba")
    await mai.says("hôm nào đó")
    assert "cần một ngày" in mai.last.text
    assert answers(village) == [{"duong": "co", "can": None, "nguoi": 3}]


async def test_what_is_typed_is_repeated_short_and_never_run(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("{organisation} <b>" + "x" * 3000)
    assert "{organisation} <b>xxx" in mai.last.text and len(mai.last.text) < 200


async def test_a_required_question_cannot_be_skipped_and_an_optional_one_can(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    assert "Bỏ qua" not in mai.labels
    await mai.says("bỏ qua")
    assert mai.last.title == "Đường sá thế nào?" and "cần có câu trả lời" in mai.last.text
    await mai.taps("Hài lòng")
    await mai.says("bo qua")
    assert mai.last.title == "Nhà mấy người?"


async def test_back_by_button_and_by_word_keeps_what_was_answered(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Bỏ qua", "◀ Quay lại")
    assert mai.last.title == "Xã cần gì trước?"
    await mai.says("quay lai")
    assert mai.last.title == "Đường sá thế nào?"
    assert [choice.label for choice in mai.last.choices if choice.selected] == ["Hài lòng"]
    await mai.taps("Chưa hài lòng")
    assert answers(village)[0]["duong"] == "khong"


async def test_there_is_nothing_before_the_first_question(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    assert "◀ Quay lại" not in mai.labels
    await mai.says("quay lại")
    assert mai.last.title == "Đường sá thế nào?"


async def test_the_ballot_may_be_looked_through_and_changed_until_the_close(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.taps("Xem và sửa phiếu")
    assert "1. Đường sá thế nào?\n→ Hài lòng" in mai.last.text and "→ (để trống)" in mai.last.text
    await mai.taps("1", "Chưa hài lòng")
    assert mai.last.title == "Vì sao chưa hài lòng?"
    await mai.says("lầy lội")
    assert mai.last.title == "Cảm ơn bà con, phiếu đã được ghi nhận!"
    [ballot], [interview] = village.rows(Ballot), village.rows(Interview)
    assert ballot.answers["duong"] == "khong" and ballot.answers["ly_do"] == "lầy lội"
    assert ballot.submitted and interview.state == "submitted"


async def test_an_answer_that_no_longer_matters_leaves_the_ballot(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code, road="Chưa hài lòng")
    assert answers(village)[0]["ly_do"] == "đường hư"
    await mai.taps("Xem và sửa phiếu", "1", "Hài lòng")
    assert "ly_do" not in answers(village)[0]


async def test_looking_through_and_keeping_changes_nothing(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    before = village.rows(Ballot)
    await mai.taps("Xem và sửa phiếu", "Giữ nguyên")
    assert "đã được ghi nhận" in mai.last.text
    assert village.rows(Ballot) == before


async def test_a_button_of_an_earlier_question_never_answers_the_present_one(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    old = mai.button("Chưa hài lòng").token
    await mai.taps("Hài lòng", "Đèn đường", "Xong câu này")
    await mai.presses(old)
    assert mai.last.title == "Nhà mấy người?" and mai.last.text.startswith("Nút này đã cũ.")
    assert answers(village)[0]["duong"] == "co"


async def test_back_pressed_twice_on_one_message_goes_back_once(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Bỏ qua")
    back = mai.button("◀ Quay lại").token
    await mai.presses(back)
    await mai.presses(back)
    assert mai.last.title == "Xã cần gì trước?"


@pytest.mark.parametrize(
    "token", ["", "x", "pick:1:0:0", "pick:1:0:0.AAAAAAAAAAA", "round:1.", "…", "a" * 64, "pick:x:y:z.AAAAAAAAAAA"]
)
async def test_a_forged_token_gets_the_question_that_stands(village: Village, token: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.presses(token)
    assert mai.last.title == "Đường sá thế nào?" and mai.last.text.startswith("Nút này đã cũ.")
    assert answers(village) == []


async def test_a_token_of_another_person_answers_nothing(village: Village) -> None:
    code = village.round().code
    mai, lan = village.resident("1"), village.resident("2")
    await mai.enters(code)
    await lan.enters(code)
    await lan.presses(mai.button("Chưa hài lòng").token)
    assert lan.last.title == "Đường sá thế nào?" and lan.last.text.startswith("Nút này đã cũ.")
    assert answers(village) == []


async def test_a_token_of_another_channel_answers_nothing(village: Village) -> None:
    code = village.round().code
    mai = village.resident("1")
    await mai.enters(code)
    page = village.resident("1", channel="web")
    await page.does(start=code, at="2026-11-23T00:00:00Z")
    await page.does(choice=mai.button("Hài lòng").token, at="2026-11-23T00:00:00Z")
    assert answers(village) == []


async def test_a_closed_round_takes_no_answer_and_says_so(village: Village) -> None:
    row = village.round()
    mai = village.resident()
    await mai.enters(row.code)
    village.close(row.id)
    await mai.taps("Hài lòng")
    assert "đã đóng" in mai.last.text and mai.labels == ["Danh mục"]
    await mai.says("1")
    assert mai.last.title == "Mình giúp được gì cho bà con?"
    assert answers(village) == []


async def test_a_round_past_its_closing_time_takes_no_answer(village: Village) -> None:
    row = village.round()
    mai = village.resident()
    await mai.enters(row.code)
    await mai.taps("Hài lòng")
    village.overdue(row.id)
    await mai.taps("Đèn đường")
    assert "đã đóng" in mai.last.text
    assert answers(village) == [{"duong": "co"}]


async def test_stopping_keeps_what_was_answered_and_any_word_goes_on_there(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    await mai.says("dừng")
    assert "ngừng nhắn" in mai.last.text and village.rows(Person)[0].stopped
    await mai.taps("Dùng lại")
    assert mai.last.title == "Xã cần gì trước?" and "Mừng bà con trở lại!" in mai.last.text
    assert not village.rows(Person)[0].stopped
    assert answers(village) == [{"duong": "co"}]


async def test_the_word_dung_without_accents_is_no_stop(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("dung")
    assert mai.last.title == "Đường sá thế nào?" and not village.rows(Person)[0].stopped


async def test_an_answer_typed_after_a_stop_brings_back_and_counts(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.stops()
    await mai.says("hài lòng")
    assert mai.last.title == "Xã cần gì trước?" and "Mừng bà con trở lại!" in mai.last.text
    assert answers(village) == [{"duong": "co"}]


async def test_a_program_that_starts_anew_goes_on_at_the_same_question(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng", "Chợ")
    again = Village(village.url, village.folder)
    back = again.resident()
    await back.says("tiếp tục")
    assert back.last.title == "Xã cần gì trước?"
    assert [choice.label for choice in back.last.choices if choice.selected] == ["Chợ"]
    again.database.close()


async def test_two_rounds_at_one_place_are_offered_and_both_can_be_answered(village: Village) -> None:
    village.round("Đợt một")
    village.round("Đợt hai")
    mai = village.resident()
    await mai.starts()
    await mai.taps("Đồng ý", "Xã Thuận Hòa", "Ấp 2 (mẫu)")
    assert "Có 2 đợt" in mai.last.text and mai.labels == ["Đợt một", "Đợt hai"]
    await mai.says("2")
    assert mai.last.title == "Đường sá thế nào?"
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("2")
    await mai.taps("Bỏ qua", "Hài lòng")
    assert "Đợt hai" in mai.last.text
    await mai.says("tiếp tục")
    assert mai.last.title == "Đường sá thế nào?"
    await mai.taps("Chưa hài lòng")
    assert sorted(len(row.answers) for row in village.rows(Ballot)) == [1, 5]


@pytest.mark.both_stores
async def test_an_old_button_of_a_finished_round_does_not_take_over_the_present_one(village: Village) -> None:
    first, second = village.round("Đợt một"), village.round("Đợt hai")
    mai = village.resident()
    await mai.enters(first.code)
    old = mai.button("Chưa hài lòng").token
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("2")
    await mai.taps("Bỏ qua", "Hài lòng")
    await mai.starts(second.code)
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.presses(old)
    assert mai.last.title == "Nhà mấy người?" and mai.last.text.startswith("Nút này đã cũ.")
    await mai.says("6")
    assert sorted(row.answers["nguoi"] for row in village.rows(Ballot)) == [2, 6]
    assert all(row.answers["duong"] == "co" for row in village.rows(Ballot))


async def test_a_link_to_another_round_leads_there_and_the_first_one_is_kept(village: Village) -> None:
    first, second = village.round("Đợt một"), village.round("Đợt hai")
    mai = village.resident()
    await mai.enters(first.code)
    await mai.taps("Hài lòng")
    await mai.starts(second.code)
    assert mai.last.title == "Đường sá thế nào?"
    await mai.starts(first.code)
    assert mai.last.title == "Xã cần gì trước?"


async def test_a_new_round_does_not_end_an_interview_under_way(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Đợt một").code)
    await mai.taps("Hài lòng")
    assert village.open(village.draft("Đợt hai").id) == 1
    await mai.says("den duong")
    assert mai.last.title == "Nhà mấy người?"


async def test_an_old_answer_button_before_consent_or_place_asks_for_those_first(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    answer = mai.button("Hài lòng").token
    await mai.says("đổi xã")
    assert mai.last.title == "Bà con ở xã, phường nào?"
    await mai.presses(answer)
    assert mai.last.title == "Bà con ở xã, phường nào?"
    await mai.taps("Xã Thuận Hòa", "Ấp 2 (mẫu)")
    assert mai.last.title == "Đường sá thế nào?"


async def test_a_person_who_stays_without_open_rounds_is_told_so(village: Village) -> None:
    mai = village.resident()
    await mai.starts()
    await mai.taps("Đồng ý")
    await mai.says("xã An Thạnh")
    await mai.says("ấp 3")
    assert "chưa có đợt lấy ý kiến nào ở Xã An Thạnh" in mai.last.text
    assert mai.labels == ["Đổi xã, ấp", "Danh mục"]


async def test_acknowledgements_and_notes_are_shown_and_confirmed(village: Village) -> None:
    form = Form(
        "doc",
        {"vi": "Đọc"},
        (
            Question("mo", "note", {"vi": "Lời ngỏ."}),
            Question("da_doc", "acknowledge", {"vi": "Bà con đã đọc?"}, required=True),
            Question("so", "decimal", {"vi": "Mấy công đất?"}, required=True),
        ),
        ("vi",),
    )
    mai = village.resident()
    await mai.enters(village.round("Đọc", form=form).code)
    assert mai.last.title == "Bà con đã đọc?" and mai.last.text == "Lời ngỏ."
    await mai.presses(mai.last.choices[0].token)
    await mai.says("2,5")
    assert mai.last.title == "Cảm ơn bà con, phiếu đã được ghi nhận!"
    assert answers(village)[0]["so"] == 2.5


async def test_without_buttons_everything_can_be_done_by_numbers(village: Village) -> None:
    ba = village.resident("ba", channel="console")
    await ba.starts(village.round().code)
    for number in ("1", "1"):  # yes, the first hamlet
        await ba.says(number)
    assert "1. Hài lòng\n2. Chưa hài lòng" in ba.read
    await ba.says("2")
    await ba.says("1, 3")
    await ba.says("5")
    await ba.says("quay lại")
    assert "Nhà mấy người?" in ba.read
    await ba.says("6")
    await ba.says("bỏ qua")
    await ba.says("đường hư")
    await ba.says("1")
    assert answers(village) == [
        {"duong": "khong", "can": ["den", "cho"], "nguoi": 6, "ngay": None, "ly_do": "đường hư", "chung": "co"}
    ]


async def test_without_buttons_the_ways_out_have_numbers_too(village: Village) -> None:
    ba = village.resident("ba", channel="console")
    await ba.starts(village.round().code)
    for number in ("1", "1", "1"):
        await ba.says(number)
    assert "5. ◀ Quay lại\n6. Bỏ qua" in ba.read
    await ba.says("5")
    assert "Đường sá thế nào?" in ba.read


async def test_a_number_after_the_menu_means_the_menu_and_is_no_answer(village: Village) -> None:
    ba = village.resident("ba", channel="console")
    await ba.starts(village.round().code)
    for said in ("1", "1", "menu"):
        await ba.says(said)
    assert "5. Đổi xã, ấp" in ba.read
    await ba.says("5")
    assert ba.last.title == "Bà con ở xã, phường nào?"
    assert answers(village) == []


async def test_help_in_mid_survey_returns_to_the_question(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    await mai.says("giúp đỡ")
    assert mai.last.title == "Cách dùng"
    await mai.taps("Trả lời khảo sát")
    assert mai.last.title == "Xã cần gì trước?"
    await mai.says("/menu@langnghe_bot")
    assert mai.last.title == "Mình giúp được gì cho bà con?"
    await mai.says("nuoc sach")
    assert answers(village)[0]["can"] == ["nuoc"]


async def test_pictures_contacts_and_stickers_get_the_question_again(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    for kind in ("media", "contact", "unsupported"):
        await mai.does(kind=kind)
        assert mai.last.title == "Đường sá thế nào?" and "chỉ đọc được chữ" in mai.last.text


async def test_a_round_that_asks_elsewhere_is_not_answered_from_here(village: Village) -> None:
    here, there = village.round("Ở đây"), village.round("Ở An Thạnh", units=["31615"])
    mai = village.resident()
    await mai.enters(here.code)
    await mai.starts(there.code)
    assert mai.last.title == "Đường sá thế nào?"
    await mai.taps("Hài lòng")
    [row] = village.rows(Interview)
    assert row.round_id == here.id


async def test_someone_who_moves_within_the_round_takes_the_ballot_along(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.taps("Hài lòng")
    await mai.says("đổi ấp")
    await mai.taps("Xã Thuận Hòa", "Ấp 2 (mẫu)")
    await mai.taps("Chợ")
    [ballot], [interview] = village.rows(Ballot), village.rows(Interview)
    assert ballot.unit_id == interview.unit_id == village.unit("31582/Ấp 2 (mẫu)")


async def test_an_interview_says_nothing_of_the_answers_and_a_ballot_nothing_of_the_person(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    person = village.rows(Person)[0].id
    [ballot], [interview] = village.rows(Ballot), village.rows(Interview)
    assert str(person) not in str(ballot) and person.to_bytes(8) not in ballot.tag
    assert not {"co", "khong", "den"} & {str(value) for value in interview._mapping.values()}


def test_the_form_of_these_tests_survives_storage() -> None:
    assert Form.from_dict(FORM.to_dict()) == FORM
