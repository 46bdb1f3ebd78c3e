"""“Quản lý”: officials run their rounds from a chat that a code made theirs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from village import AN_THANH, THUAN_HOA, Resident, Village

from handlers.staff.chat_links import make_code
from handlers.staff.round_menu import WORDS
from storage.tables import AuditEntry, Delivery, Round, Staff, StaffChat, StaffCode
from surveys.organisation import Organisation
from surveys.rounds.rounds import open_round


def code(village: Village, name: str = "Lan", *, role: str = "official", unit: str = THUAN_HOA) -> str:
    """A code for somebody of the staff, who is hired for it."""
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        values = {"name": name, "role": role, "password": "", "created_at": now, "unit_id": village.unit(unit)}
        staff_id = connection.execute(insert(Staff).values(**values).returning(Staff.id)).scalar_one()
        return make_code(connection, village.shared.key, staff_id, now)


async def official(village: Village, address: str = "9001", **who: Any) -> Resident:
    """Somebody whose chat is already theirs, with the list of their rounds before them."""
    lan = village.resident(address)
    await lan.says(code(village, **who))
    return lan


def state(village: Village, key: int = 1) -> str:
    return next(row.state for row in village.rows(Round) if row.id == key)


async def test_a_code_makes_a_chat_theirs_once(village: Village) -> None:
    letters = code(village)
    lan, thief = village.resident("9001"), village.resident("9002")
    await lan.says(letters.lower())
    assert "Chào Lan" in lan.last.text and lan.last.title == "Quản lý đợt lấy ý kiến"
    await thief.says(letters)
    await thief.says("quản lý")
    assert all(message.title != "Quản lý đợt lấy ý kiến" for message in thief.heard)
    assert len(village.rows(StaffChat)) == 1 and village.rows(StaffCode) == []


@pytest.mark.both_stores
async def test_a_code_in_a_link_works_too(village: Village) -> None:
    lan = village.resident("9001")
    await lan.starts(code(village))
    assert lan.last.title == "Quản lý đợt lấy ý kiến"


@pytest.mark.both_stores
async def test_a_code_that_is_too_old_or_guessed_opens_nothing(village: Village) -> None:
    letters = code(village)
    with village.database.transaction() as connection:
        connection.execute(update(StaffCode).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    lan = village.resident("9001")
    await lan.says(letters)
    assert lan.last.title == "Xin chào bà con!"
    for _ in range(12):
        await lan.says("QL-AAAA-BBBB-CCCC")
    with village.database.transaction() as connection:
        connection.execute(update(StaffCode).values(expires_at=datetime.now(UTC) + timedelta(hours=1)))
    await lan.says(letters)
    assert village.rows(StaffChat) == []  # too many guesses within the hour


async def test_to_everybody_else_the_word_means_nothing(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("quản lý")
    assert "Quản lý" not in mai.read and mai.last.title == "Đường sá thế nào?"


async def test_only_rounds_in_their_unit_are_listed(village: Village) -> None:
    village.draft("Đợt nhà")
    village.draft("Đợt hai xã", units=[THUAN_HOA, AN_THANH])
    lan = await official(village)
    assert lan.labels == ["Đợt nhà (nháp)", "Yêu cầu của bà con", "Thôi quản lý ở đây"]


async def test_an_official_looks_rehearses_opens_pauses_resumes_and_reminds(village: Village) -> None:
    village.settle("1", "2", hamlet_id=village.unit(f"{THUAN_HOA}/Ấp 2 (mẫu)"))
    village.draft("Đợt nhà")
    lan = await official(village)
    await lan.taps("Đợt nhà (nháp)", "Nhắn được bao nhiêu")
    assert "Nhắn được 2 trong 2" in lan.last.text and "Ấp 2 (mẫu): 2/2" in lan.last.text
    await lan.taps("Xem đợt này", "Mở đợt và gửi")
    assert state(village) == "draft"  # asked first
    await lan.taps("Đúng, mở và gửi cho 2 người")
    assert state(village) == "open" and "2 lời mời" in lan.last.text
    await lan.taps("Xem đợt này", "Tạm dừng gửi")
    assert {row.state for row in village.rows(Delivery) if row.kind == "invite"} == {"held"}
    await lan.taps("Xem đợt này", "Gửi tiếp", "Xem đợt này", "Nhắc bà con", "Đúng, nhắc")
    assert "2 lời nhắc" in lan.last.text
    assert [entry.action for entry in village.rows(AuditEntry)] == [
        "staff.link", "round.open", "round.pause", "round.resume", "round.remind"
    ]  # fmt: skip
    assert {entry.actor for entry in village.rows(AuditEntry)} == {"Lan"}


async def test_the_rest_follows_the_first_wave_by_a_tap(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 41)))
    row = village.draft("Đợt nhà")
    with village.database.transaction() as connection:
        open_round(connection, village.vault, row.id, datetime.now(UTC), first_wave=0.05)
    lan = await official(village)
    await lan.taps("Đợt nhà (đang mở)")
    assert "38 người đang chờ" in lan.last.text and "Nhắc bà con" not in lan.labels
    await lan.taps("Gửi phần còn lại")
    assert "38 lời mời" in lan.last.text


async def test_a_round_stays_closed_in_the_chat_too_while_who_asks_is_left_blank(village: Village) -> None:
    village.draft("Đợt nhà")
    village.shared.organisation = Organisation("UBND xã thử")
    lan = await official(village)
    await lan.taps("Đợt nhà (nháp)", "Mở đợt và gửi")
    await lan.presses(lan.last.choices[0].token)
    assert "organisation.contact" in lan.last.text and "organisation.retention" in lan.last.text
    assert state(village) == "draft"


async def test_what_is_refused_is_said_with_its_reason_and_changes_nothing(village: Village) -> None:
    row = village.draft("Đợt nhà")
    lan = await official(village)
    await lan.taps("Đợt nhà (nháp)", "Mở đợt và gửi")
    sure = lan.last.choices[0].token
    village.open(row.id)
    await lan.presses(sure)
    assert "không mở được" in lan.last.text
    assert "round.open" not in [entry.action for entry in village.rows(AuditEntry)]


@pytest.mark.both_stores
async def test_who_only_watches_gets_no_button_to_give_orders_and_no_way_around(village: Village) -> None:
    row = village.draft("Đợt nhà")
    nhan = await official(village, name="Nhân", role="staff")
    await nhan.taps("Đợt nhà (nháp)")
    assert "Mở đợt và gửi" not in nhan.labels and "Nhắn được bao nhiêu" in nhan.labels
    with village.database.transaction() as connection:
        connection.execute(update(Staff).values(role="official"))
    await nhan.taps("Làm mới", "Mở đợt và gửi")
    sure = nhan.last.choices[0].token
    with village.database.transaction() as connection:
        connection.execute(update(Staff).values(role="staff"))
    await nhan.presses(sure)
    assert "vai trò staff" in nhan.last.text and state(village, row.id) == "draft"


@pytest.mark.both_stores
async def test_a_unit_that_was_taken_away_is_out_of_reach_at_once(village: Village) -> None:
    row = village.draft("Đợt nhà")
    lan = await official(village)
    await lan.taps("Đợt nhà (nháp)", "Mở đợt và gửi")
    sure = lan.last.choices[0].token
    with village.database.transaction() as connection:
        connection.execute(update(Staff).values(unit_id=village.unit(AN_THANH)))
    await lan.presses(sure)
    assert "không phụ trách" in lan.last.text and state(village, row.id) == "draft"


@pytest.mark.parametrize("leave", ["by a tap", "by the operator"])
async def test_a_chat_that_was_given_up_gives_no_order(village: Village, leave: str) -> None:
    row = village.draft("Đợt nhà")
    lan = await official(village)
    choices = {choice.label: choice.token for choice in lan.last.choices}
    await lan.taps("Đợt nhà (nháp)", "Mở đợt và gửi")
    sure = lan.last.choices[0].token
    if leave == "by a tap":
        await lan.presses(choices["Thôi quản lý ở đây"])
    else:
        with village.database.transaction() as connection:
            connection.execute(Staff.__table__.delete())
    await lan.presses(sure)
    assert state(village, row.id) == "draft" and "Đợt nhà" not in lan.read
    await lan.says("quản lý")
    assert lan.last.title != "Quản lý đợt lấy ý kiến"


async def test_progress_shows_coverage_and_never_an_answer(village: Village) -> None:
    row = village.round("Đợt nhà")
    await village.resident("1").finishes(row.code, road="Chưa hài lòng")
    lan = await official(village)
    await lan.taps("Đợt nhà (đang mở)")
    assert "đã nhận 1" in lan.last.text and "Ấp 1 (mẫu): 1/" in lan.last.text
    assert "đường hư" not in lan.read and "Chưa hài lòng" not in lan.read


async def test_an_official_answers_their_own_ballot_in_the_same_chat(village: Village) -> None:
    row = village.round("Đợt nhà")
    lan = await official(village)
    await lan.enters(row.code)
    await lan.says("quản lý")
    assert lan.last.title == "Quản lý đợt lấy ý kiến"
    await lan.says("hài lòng")
    assert lan.last.title == "Xã cần gì trước?"


async def test_orders_can_be_typed_with_the_number_of_a_round(village: Village) -> None:
    village.draft("Đợt một")
    village.draft("Đợt hai")
    lan = await official(village)
    await lan.says("/reach 2")
    assert lan.last.title == "Đợt hai" and "Nhắn được 0" in lan.last.text
    await lan.says("mo dot 2")
    await lan.taps("Đúng, mở và gửi cho 0 người")
    assert (state(village, 1), state(village, 2)) == ("draft", "open")
    await lan.says("tạm dừng 2")
    assert "Đã tạm dừng gửi" in lan.last.text
    await lan.says("tạm dừng 1")
    assert "không đang gửi nên không tạm dừng được" in lan.last.text
    await lan.says("status")  # of which?
    assert lan.last.title == "Quản lý đợt lấy ý kiến"


@pytest.mark.both_stores
async def test_a_round_that_is_the_only_one_under_way_needs_no_number(village: Village) -> None:
    village.close(village.round("Đợt cũ").id)
    village.round("Đợt mới")
    lan = await official(village)
    await lan.says("tình hình")
    assert lan.last.title == "Đợt mới" and "đang mở" in lan.last.text


async def test_a_typed_number_of_a_round_of_others_shows_nothing_of_it(village: Village) -> None:
    row = village.draft("Đợt xã khác", units=[AN_THANH])
    lan = await official(village)
    await lan.says(f"mở đợt {row.id}")
    assert "Đợt xã khác" not in lan.read and state(village, row.id) == "draft"


@pytest.mark.parametrize("word", WORDS)
async def test_none_of_the_words_means_anything_to_residents(village: Village, word: str) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    asked = mai.last.title
    await mai.says(f"{word} 1")
    assert mai.last.title == asked and "Đợt thử" not in mai.last.text
