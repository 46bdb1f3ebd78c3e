"""Invitations and questions as messages."""

import pytest
from village import Village

from handlers.catalogue import LANGUAGES
from handlers.survey.messages import invitation
from handlers.tokens import verify_token
from surveys.local_time import say_moment


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_invitation_says_who_asks_how_long_and_until_when(village: Village, language: str) -> None:
    row = village.round("Đợt mời")
    village.database.read_now(village.shared.refresh)
    message = invitation(village.shared, "telegram", "1", language, village.shared.rounds[row.id])
    assert "UBND xã thử" in message.title
    assert "Đợt mời" in message.text and say_moment(row.closes_at) in message.text and "2" in message.text
    assert message.urgency == "broadcast"


async def test_an_invitation_begins_is_quiet_or_stops_for_this_address_only(
    village: Village,
) -> None:
    row = village.round()
    village.database.read_now(village.shared.refresh)
    begin, mute, stop = invitation(village.shared, "telegram", "1", "vi", village.shared.rounds[row.id]).choices
    assert (begin.label, begin.aside) == ("Trả lời ngay", False)
    assert (mute.label, mute.aside) == ("Im lặng đến đợt sau", True)
    assert (stop.label, stop.aside) == ("Ngừng nhận tin", True)
    key = village.shared.key
    assert verify_token(key, "telegram", "1", begin.token) == f"round:{row.id}"
    assert verify_token(key, "telegram", "2", begin.token) is None


async def test_the_button_of_an_invitation_leads_to_its_round(village: Village) -> None:
    village.settle("1")
    village.round("Đợt một")
    row = village.round("Đợt hai")
    village.database.read_now(village.shared.refresh)
    begin, *_ = invitation(village.shared, "telegram", "1", "vi", village.shared.rounds[row.id]).choices
    mai = village.resident("1")
    await mai.presses(begin.token)
    assert mai.last.title == "Đường sá thế nào?"
    await mai.taps("Hài lòng", "Bỏ qua")
    await mai.says("2")
    await mai.taps("Bỏ qua", "Hài lòng")
    assert "Đợt hai" in mai.last.text


async def test_a_question_says_how_far_it_is_and_what_may_be_typed(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    assert mai.last.progress == (1, 5) and mai.last.note.startswith("Câu 1/5") and mai.last.accepts == ""
    await mai.taps("Hài lòng")
    assert "Chọn nhiều câu trả lời được" in mai.last.note and "Không bắt buộc." in mai.last.note
    assert [choice.label for choice in mai.last.choices if choice.aside] == ["◀ Quay lại", "Bỏ qua"]
    await mai.taps("Bỏ qua")
    assert mai.last.accepts == "number"
    await mai.says("2")
    assert mai.last.accepts == "date"
