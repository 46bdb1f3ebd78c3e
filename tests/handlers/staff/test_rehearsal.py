"""A rehearsal: the invitation and every question, for oneself only; nothing is stored."""

from datetime import UTC, datetime
from typing import Any

import pytest
from village import FORM, Resident, Village

from handlers.messages import Message
from handlers.staff.rehearsal import owe
from storage.tables import Ballot, Delivery, Interview
from surveys.errors import SurveyError


def rehearsed(village: Village, row: Any, to: str = "telegram:1001") -> Resident:
    """Somebody who looks at the rehearsal that was owed to them."""
    with village.database.transaction() as connection:
        owe(connection, village.shared, row.id, to, datetime.now(UTC))
    mai = village.resident()
    mai.heard.append(Message.from_dict(village.rows(Delivery)[-1].payload))
    return mai


@pytest.mark.both_stores
async def test_it_goes_to_one_chat_at_once_even_at_night_and_counts_nowhere(village: Village) -> None:
    village.settle("1001", "1002")
    row = village.draft("Đợt thử lời")
    mai = rehearsed(village, row)
    [sent] = village.rows(Delivery)
    assert (sent.address, sent.kind, sent.urgency, sent.round_id) == ("1001", "rehearsal", 0, None)
    assert mai.last.title.startswith("DIỄN TẬP · ") and "Đợt thử lời" in mai.last.text


async def test_looking_through_it_shows_every_question_and_stores_nothing(village: Village) -> None:
    village.settle("1001")
    mai = rehearsed(village, village.draft("Đợt"))
    await mai.taps("Xem thử từng câu")
    seen = [mai.last.title]
    while mai.last.title != "Hết phiếu":
        assert "không ghi phiếu" in mai.last.note
        await mai.presses(mai.last.choices[0].token)
        seen.append(mai.last.title)
    assert seen == [question.label["vi"] for question in FORM.questions] + ["Hết phiếu"]
    assert village.rows(Ballot) == village.rows(Interview) == []


async def test_it_goes_back_and_takes_what_is_typed(village: Village) -> None:
    village.settle("1001")
    mai = rehearsed(village, village.draft("Đợt"))
    await mai.taps("Xem thử từng câu", "Hài lòng")
    assert mai.last.title == "Xã cần gì trước?"
    await mai.taps("◀ Quay lại")
    assert mai.last.title == "Đường sá thế nào?"
    await mai.says("2")
    assert mai.last.title == "Xã cần gì trước?"
    await mai.says("gì cũng được")
    assert mai.last.title == "Nhà mấy người?"


async def test_a_question_that_depends_on_an_answer_says_so(village: Village) -> None:
    village.settle("1001")
    mai = rehearsed(village, village.draft("Đợt"))
    await mai.taps("Xem thử từng câu", "Hài lòng", "Đèn đường", "Câu tiếp", "Câu tiếp")
    assert mai.last.title == "Vì sao chưa hài lòng?" and "Chỉ hỏi khi" in mai.last.note


async def test_a_rehearsal_of_an_open_round_touches_no_answer_of_ones_own(village: Village) -> None:
    row = village.round()
    mai = village.resident()
    await mai.enters(row.code)
    await mai.taps("Hài lòng")
    before = village.rows(Ballot)
    mai = rehearsed(village, row)
    await mai.taps("Xem thử từng câu", "Chưa hài lòng", "Nước sạch")
    assert village.rows(Ballot) == before
    await mai.says("menu")
    await mai.taps("Trả lời khảo sát")
    assert mai.last.title == "Xã cần gì trước?"  # where they were


@pytest.mark.parametrize("to", ["telegram:4", "zalo:1001", "4", ""])
async def test_it_goes_only_to_somebody_who_talked_to_us(village: Village, to: str) -> None:
    village.settle("1001")
    row = village.draft("Đợt")
    with village.database.transaction() as connection, pytest.raises(SurveyError, match="chưa có ai nhắn"):
        owe(connection, village.shared, row.id, to, datetime.now(UTC))
    assert village.rows(Delivery) == []
