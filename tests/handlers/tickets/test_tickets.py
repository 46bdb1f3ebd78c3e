"""A resident asks for a person; somebody of the staff answers; neither sees the other's chat or telephone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from village import THUAN_HOA, Resident, Village

from bot.channels.raw import Raw
from handlers.staff.chat_links import leave_all, make_code
from handlers.tickets.reminders import tidy, wake
from handlers.tickets.store import RESTS
from storage.tables import Address, AuditEntry, Delivery, Duty, FaqQuestion, Staff, Ticket, TicketLine

HAMLET = f"{THUAN_HOA}/Ấp 1 (mẫu)"
NEED = "máy tui hổng mở được VNeID, ai giúp tui với, số tui 0912 345 678"


def staff(village: Village, name: str, role: str, unit: str = THUAN_HOA) -> str:
    """Somebody of the staff; returns the code that makes a chat theirs."""
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        row = {"name": name, "role": role, "unit_id": village.unit(unit), "password": "x", "created_at": now}
        staff_id = connection.execute(insert(Staff).values(**row).returning(Staff.id)).scalar_one()
        return make_code(connection, village.shared.key, staff_id, now)


async def helper(village: Village, address: str = "2001", role: str = "helper", unit: str = HAMLET) -> Resident:
    lan = village.resident(address)
    await lan.says(staff(village, f"Lan {address}", role, unit))
    if role != "helper":
        await lan.says("yêu cầu")
    assert lan.last.title == "Yêu cầu của bà con"
    return lan


async def asks(village: Village, text: str = NEED, hamlet: str = "Ấp 1 (mẫu)") -> Resident:
    village.settle("1001", hamlet_id=village.unit(f"{THUAN_HOA}/{hamlet}"))
    mai = village.resident()
    await mai.says("nhờ người giúp")
    await mai.says(text)
    return mai


def notices(village: Village, address: str) -> list[Any]:
    return [row.payload for row in village.rows(Delivery) if row.address == address]


def press(payload: Any, label: str) -> str:
    return next(str(token) for token, text, *_ in payload["choices"] if text == label)


async def test_from_the_request_to_the_thanks(village: Village) -> None:
    lan = await helper(village)
    mai = await asks(village)
    assert mai.last.title.startswith("Yêu cầu ") and "chuyển cho người trực" in mai.last.text
    [told] = notices(village, "2001")
    assert told["title"].startswith("Yêu cầu mới") and "Ấp 1 (mẫu)" in told["note"]
    await lan.presses(press(told, "Nhận"))
    assert "VNeID" in lan.last.text and lan.labels[:3] == ["Trả lại", "Đóng", "Gửi bài học"]
    assert notices(village, "1001")[-1]["title"].endswith("đã có người nhận")
    await lan.says("Bác tắt máy mở lại, rồi vào kho ứng dụng bấm cập nhật nghen. Gọi tôi 0987.654.321")
    answer = notices(village, "1001")[-1]
    assert answer["text"].startswith("Bác tắt máy mở lại") and village.rows(Ticket)[0].state == "answered"
    await mai.presses(press(answer, "Nhắn thêm"))
    assert "Người giúp" in mai.last.text and "Đã có trả lời." in mai.last.text
    await mai.says("được rồi, cám ơn cháu")
    assert notices(village, "2001")[-1]["title"].endswith("bà con nhắn thêm")
    assert village.rows(Ticket)[0].state == "taken"
    await mai.taps("Xong rồi, cảm ơn")
    [ticket] = village.rows(Ticket)
    assert ticket.state == "closed" and ticket.closed_at and ticket.due_at is None
    assert [line.by_staff for line in village.rows(TicketLine)] == [False, True, False]


async def test_neither_side_is_shown_the_others_chat_or_telephone(village: Village) -> None:
    lan = await helper(village, "20015550")
    mai = await asks(village)
    await lan.presses(press(notices(village, "20015550")[0], "Nhận"))
    await lan.says("Gọi tôi 0987.654.321, hoặc số của xã 0299 3822 333 nghen")
    seen_by_lan = str(notices(village, "20015550")) + lan.read
    seen_by_mai = str(notices(village, "1001")) + mai.read
    assert "1001" not in seen_by_lan and "345 678" not in seen_by_lan
    assert "20015550" not in seen_by_mai and "Lan" not in seen_by_mai and "654.321" not in seen_by_mai
    assert "0299 3822 333" in seen_by_mai


async def test_the_hamlets_group_is_told_first_and_the_desk_when_it_waits(village: Village) -> None:
    await helper(village, "2001")
    await helper(village, "2002", "helper", f"{THUAN_HOA}/Ấp 2 (mẫu)")
    await helper(village, "2003", "staff", THUAN_HOA)
    await helper(village, "2004", "staff", "31615")
    await asks(village)
    assert [len(notices(village, each)) for each in ("2001", "2002", "2003", "2004")] == [1, 0, 0, 0]
    with village.database.transaction() as connection:
        assert wake(connection, village.shared, datetime.now(UTC)) == 0
        assert wake(connection, village.shared, datetime.now(UTC) + timedelta(hours=3)) == 1
    assert [len(notices(village, each)) for each in ("2001", "2002", "2003", "2004")] == [2, 0, 1, 0]
    with village.database.transaction() as connection:
        for month in range(1, 9):
            wake(connection, village.shared, datetime.now(UTC) + timedelta(days=30 * month))
    assert len(notices(village, "2001")) == 4 and village.rows(Ticket)[0].due_at is None


async def test_danger_goes_to_the_desk_of_the_commune_as_urgent(village: Village) -> None:
    await helper(village, "2001")
    await helper(village, "2003", "staff", THUAN_HOA)
    village.settle("1001", hamlet_id=village.unit(HAMLET))
    mai = village.resident()
    await mai.says("chồng tôi đang đánh tôi")
    assert not village.rows(Ticket)  # nothing is passed on unasked
    await mai.taps("Báo người trực của xã ngay")
    [ticket] = village.rows(Ticket)
    assert ticket.urgent and ticket.due_at <= datetime.now(UTC) + timedelta(minutes=10)
    assert not notices(village, "2001") and notices(village, "2003")[0]["note"].startswith("GẤP")


async def test_danger_within_a_request_makes_it_urgent(village: Village) -> None:
    mai = await asks(village, "hồ sơ của tôi tới đâu rồi")
    await mai.says("nhà tôi bị cháy rồi")
    assert mai.heard[-2].title == "Bà con ơi, an toàn của người là trước hết" and village.rows(Ticket)[0].urgent


async def test_an_honest_none_is_handed_on_with_its_question(village: Village) -> None:
    await helper(village)
    village.settle("1001", hamlet_id=village.unit(HAMLET))
    mai = village.resident()
    await mai.says("con gà nhà hàng xóm gáy om sòm suốt đêm thì phải bán cho ai mua")
    await mai.taps("Nhờ người giúp")
    assert notices(village, "2001")[0]["text"].startswith("con gà nhà hàng xóm")


async def test_who_has_not_said_where_they_live_is_asked(village: Village) -> None:
    mai = village.resident()
    await mai.says("gặp người")
    assert mai.last.title == "Bà con ở xã, phường nào?"
    await mai.says("thuan hoa chau thanh soc trang")
    assert mai.last.title == "Nhờ người giúp"
    await mai.says("giúp tôi nộp hồ sơ")
    assert village.rows(Ticket)[0].unit_id == village.unit(THUAN_HOA)


async def test_in_mid_survey_it_leads_back_and_answers_stay_answers(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("gặp người")
    await mai.says("giúp tôi nộp hồ sơ")
    assert mai.heard[-2].title.startswith("Yêu cầu") and mai.last.title == "Đường sá thế nào?"
    await mai.says("hài lòng")
    assert mai.last.title == "Xã cần gì trước?" and len(village.rows(TicketLine)) == 1


async def test_a_lesson_is_assigned(village: Village) -> None:
    lan = await helper(village)
    mai = await asks(village)
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    await lan.taps("Gửi bài học", "Trả tiền bằng mã QR")
    given = notices(village, "1001")[-1]
    assert given["text"] == "Trả tiền bằng mã QR"
    await mai.presses(press(given, "Mở bài học"))
    assert mai.last.title == "Trả tiền bằng mã QR"
    assert village.rows(TicketLine)[-1].text == "Bài học: Trả tiền bằng mã QR"


async def test_two_do_not_take_the_same_and_it_can_be_given_back(village: Village) -> None:
    lan, ba = await helper(village, "2001"), await helper(village, "2003", "staff", THUAN_HOA)
    await asks(village)
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    taken = lan.labels
    await ba.says("yêu cầu")
    assert "Chưa có yêu cầu nào." in ba.last.text
    await lan.taps(taken[0])
    await ba.says("yêu cầu")
    await ba.taps(ba.labels[0])
    assert ba.labels[0] == "Nhận"
    await ba.taps("Nhận", "Đóng")
    assert village.rows(Ticket)[0].state == "closed"
    assert [row.action for row in village.rows(AuditEntry) if row.action.startswith("ticket.")] == [
        "ticket.take", "ticket.release", "ticket.take", "ticket.close",
    ]  # fmt: skip


async def test_strangers_and_those_of_another_commune_see_nothing(village: Village) -> None:
    lan = await helper(village, "2001")
    far = await helper(village, "2004", "staff", "31615")
    await asks(village)
    seen = press(notices(village, "2001")[0], "Xem")
    await far.says("yêu cầu")
    assert "Chưa có yêu cầu nào." in far.last.text
    stranger = village.resident("3001")
    await stranger.says("yêu cầu")
    assert stranger.last.title != "Yêu cầu của bà con"
    await stranger.presses(seen)  # sealed to another chat
    assert "VNeID" not in stranger.read
    with village.database.transaction() as connection:
        leave_all(connection, next(row.id for row in village.rows(Staff) if row.name == "Lan 2001"))
    await lan.presses(seen)
    assert "VNeID" not in lan.read


async def test_a_phone_that_was_taken_away_is_told_of_nothing(village: Village) -> None:
    await helper(village, "2001")
    with village.database.transaction() as connection:
        leave_all(connection, village.rows(Staff)[0].id)
    mai = await asks(village)
    assert not notices(village, "2001") and "chưa có ai trực" in mai.last.text


async def test_who_wants_no_more_notices_gets_none(village: Village) -> None:
    lan = await helper(village)
    await lan.taps("Thôi báo ở đây")
    assert not village.rows(Duty)
    await asks(village)
    assert not notices(village, "2001")


async def test_on_a_terminal_the_answer_is_read_when_they_come_back(village: Village) -> None:
    lan = await helper(village)
    page = village.resident("terminal", channel="console")
    await page.says("nhờ người")
    await page.says("thuận hòa, châu thành, sóc trăng")
    await page.says("giúp tôi nộp hồ sơ")
    assert "gõ “người giúp”" in page.last.text or "gõ “người giúp”" in page.heard[-2].text
    await lan.says("yêu cầu")
    await lan.taps(lan.labels[0])
    await lan.says("Bác ra nhà văn hóa sáng mai nghen")
    assert not notices(village, "terminal")  # nothing waits for a sender that does not exist
    await page.says("người giúp")
    assert "Bác ra nhà văn hóa sáng mai nghen" in page.last.text and len(page.heard) == 4


async def test_on_a_page_an_answer_that_came_meanwhile_is_told_first_and_once(village: Village) -> None:
    lan = await helper(village)
    page = village.resident("browser", channel="web")
    await page.says("nhờ người")
    await page.says("thuận hòa, châu thành, sóc trăng")
    await page.says("giúp tôi nộp hồ sơ")
    await lan.says("yêu cầu")
    await lan.taps(lan.labels[0])
    await lan.says("Bác ra nhà văn hóa sáng mai nghen")
    standing = await village.inbox.current("web", "browser")
    assert "Bác ra nhà văn hóa sáng mai nghen" in standing.text and standing.choices[-1].label == "Nhắn thêm"
    heard = len(page.heard)
    await page.says("menu")
    told, menu = page.heard[heard:]
    assert told.text == "Bác ra nhà văn hóa sáng mai nghen" and menu.title == "Mình giúp được gì cho bà con?"
    await page.says("menu")
    assert len(page.heard) == heard + 3
    assert "sáng mai" not in (await village.inbox.current("web", "browser")).text


async def test_an_answer_that_an_app_no_longer_lets_us_send_is_told_when_they_come_back_and_once(
    village: Village,
) -> None:
    two_days = replace(village.shared.able("zalo"), proactive_window=48)
    village.shared.capabilities = {**village.shared.capabilities, "telegram": two_days}
    lan = await helper(village)
    mai = await asks(village)
    await lan.says("yêu cầu")
    await lan.taps(lan.labels[0])
    await lan.says("Bác ra xã nghen")
    assert notices(village, "1001")[-1]["text"] == "Bác ra xã nghen"
    with village.database.transaction() as connection:
        past = datetime.now(UTC) - timedelta(hours=49)
        connection.execute(update(Address).where(Address.address == "1001").values(since=past, heard_at=past))
        connection.execute(update(TicketLine).values(at=past + timedelta(minutes=5)))
    told = len(notices(village, "1001"))
    await lan.says("Bác nhớ đem căn cước")
    assert len(notices(village, "1001")) == told
    heard = len(mai.heard)
    await mai.says("menu")
    assert mai.heard[heard].text == "Bác nhớ đem căn cước"
    heard = len(mai.heard)
    await mai.says("menu")
    assert len(mai.heard) == heard + 1


async def test_a_desk_on_a_page_takes_and_answers_and_is_promised_no_notices(village: Village) -> None:
    lan = village.resident("desk", channel="web")
    await lan.says(staff(village, "Lan web", "helper", HAMLET))
    assert lan.last.title == "Yêu cầu của bà con" and not lan.last.note and not village.rows(Duty)
    await asks(village)
    await lan.says("yêu cầu")
    await lan.taps(lan.labels[0], "Nhận")
    await lan.says("Bác ra xã nghen")
    assert notices(village, "1001")[-1]["text"] == "Bác ra xã nghen"


async def test_time_closes_what_was_answered_and_forgets_what_was_closed(village: Village) -> None:
    lan = await helper(village)
    await asks(village)
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    await lan.says("Bác ra xã nghen")
    later = datetime.now(UTC) + RESTS + timedelta(minutes=1)
    with village.database.transaction() as connection:
        wake(connection, village.shared, later)
    assert village.rows(Ticket)[0].state == "closed"
    with village.database.transaction() as connection:
        connection.execute(update(FaqQuestion).values(state="answered"))
        tidy(connection, later + timedelta(days=91))
    assert not village.rows(Ticket) and not village.rows(TicketLine)


async def test_markup_and_length_do_no_harm(village: Village) -> None:
    await helper(village)
    await asks(village, "<b>giúp</b> & " + "a" * 9000)
    [line] = village.rows(TicketLine)
    assert line.text.startswith("<b>giúp</b> &") and len(line.text) <= 3000


@pytest.mark.parametrize("typed", ["gặp người", "nhờ người giúp", "cho tôi gặp người", "nguoi giup"])
async def test_a_person_is_asked_for_in_ones_own_words(village: Village, typed: str) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says(typed)
    assert mai.last.title == "Nhờ người giúp"


async def test_an_offer_of_a_person_is_no_request_yet(village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    for _ in range(2):
        await mai.says("con gà nhà hàng xóm gáy om sòm suốt đêm thì phải bán cho ai mua")
        assert mai.labels[0] == "Nhờ người giúp"
    await mai.says("chồng tôi đang đánh tôi")
    await mai.says("làm sao đăng ký tạm trú?")
    assert mai.last.title == "Đăng ký thường trú, tạm trú, lưu trú" and not village.rows(Ticket)


async def test_of_two_who_take_it_in_the_same_moment_one_gets_it(village: Village) -> None:
    await helper(village, "2001")
    await helper(village, "2002")
    await asks(village)
    take = {each: press(notices(village, each)[0], "Nhận") for each in ("2001", "2002")}
    raws = [
        Raw(each, each, {"key": each, "address": each, "kind": "choice", "choice": token})
        for each, token in take.items()
    ]
    await village.inbox.accept("telegram", raws)
    assert await village.inbox.work("telegram") == 2  # both in one transaction
    [ticket] = village.rows(Ticket)
    owner = next(row.name for row in village.rows(Staff) if row.id == ticket.staff_id)
    heard = {each: notices(village, each)[-1] for each in take}
    got = [each for each, reply in heard.items() if "VNeID" in reply["text"]]
    assert [f"Lan {each}" for each in got] == [owner]
    [other] = take.keys() - set(got)
    assert "người khác đã nhận" in heard[other]["text"]
    assert [row.action for row in village.rows(AuditEntry) if row.action.startswith("ticket.")] == ["ticket.take"]
    assert sum(each["title"].endswith("đã có người nhận") for each in notices(village, "1001")) == 1


async def test_of_two_processes_one_takes_it(village: Village) -> None:
    await helper(village, "2001")
    await helper(village, "2002")
    await asks(village)
    take = {each: press(notices(village, each)[0], "Nhận") for each in ("2001", "2002")}
    others = {each: Village(village.url, village.folder) for each in take}
    try:
        await asyncio.gather(*(others[each].resident(each).presses(token) for each, token in take.items()))
    finally:
        for other in others.values():
            other.database.close()
    assert [row.action for row in village.rows(AuditEntry) if row.action.startswith("ticket.")] == ["ticket.take"]
    assert village.rows(Ticket)[0].state == "taken"


async def test_an_answer_and_a_goodbye_in_the_same_moment_lose_nothing(village: Village) -> None:
    lan = await helper(village)
    mai = await asks(village)
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    await mai.says("người giúp")
    done = mai.button("Xong rồi, cảm ơn").token
    events = {
        "2001": {"kind": "text", "text": "Bác ra xã nghen"},
        "1001": {"kind": "choice", "choice": done},
    }
    raws = [Raw(each, each, {"key": each, "address": each, **what}) for each, what in events.items()]
    await village.inbox.accept("telegram", raws)
    assert await village.inbox.work("telegram") == 2
    assert village.rows(Ticket)[0].state == "closed"
    assert [line.text for line in village.rows(TicketLine)][-1] == "Bác ra xã nghen"


async def test_what_was_taken_and_never_answered_goes_back_to_everybody(village: Village) -> None:
    await helper(village, "2001")
    await helper(village, "2003", "staff", THUAN_HOA)
    await asks(village)
    lan = village.resident("2001")
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    now, told = datetime.now(UTC), len(notices(village, "2003"))
    with village.database.transaction() as connection:
        wake(connection, village.shared, now + timedelta(hours=25))  # who took it is reminded
    assert notices(village, "2001")[-1]["title"].endswith("vẫn đang chờ") and len(notices(village, "2003")) == told
    with village.database.transaction() as connection:
        wake(connection, village.shared, now + timedelta(days=5))
    assert len(notices(village, "2003")) == told + 1
    assert [(row.state, row.staff_id) for row in village.rows(Ticket)] == [("open", None)]


async def test_what_somebody_took_who_has_left_goes_back_at_once(village: Village) -> None:
    lan = await helper(village, "2001")
    await helper(village, "2003", "staff", THUAN_HOA)
    await asks(village)
    await lan.presses(press(notices(village, "2001")[0], "Nhận"))
    with village.database.transaction() as connection:
        leave_all(connection, next(row.id for row in village.rows(Staff) if row.name == "Lan 2001"))
        wake(connection, village.shared, datetime.now(UTC) + timedelta(hours=25))
    assert village.rows(Ticket)[0].state == "open" and "Nhận" in str(notices(village, "2003")[-1]["choices"])
