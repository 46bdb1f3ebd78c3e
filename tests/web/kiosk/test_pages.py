"""The kiosk over HTTP: one person after the other, none of whom sees anything of the one before."""

import asyncio
import re
from datetime import UTC, datetime

import httpx
import pytest
from kiosk_desk import PIN, Desk, Device
from sqlalchemy import select
from village import AN_THANH, THUAN_HOA, Village, answers

from places.register.issuing import void_codes
from storage.tables import Ballot, Kiosk, Participation
from surveys.ballots.kiosks import end_kiosk, kiosks, open_kiosk
from surveys.ballots.receipts import check
from surveys.errors import SurveyError
from web.site import build


async def test_a_ballot_is_filled_in_with_large_faces_and_counts_for_the_hamlet(desk: Desk, village: Village) -> None:
    entry = village.round()
    device = await desk.opened(entry)
    assert "Mời bà con góp ý" in device.text
    await device.presses("Tiếng Việt")
    assert "UBND xã thử" in device.text and "một năm" in device.text
    await device.presses("Đồng ý")
    await device.presses("Ấp 1 (mẫu)")
    assert device.page.text.count('class="face"') == 2 and "Câu 1/5" in device.text
    await device.fills_in()
    assert "Gửi phiếu?" in device.text and answers(village) == []
    assert "Cảm ơn bà con" in await device.presses("Gửi phiếu")
    [ballot] = village.rows(Ballot)
    assert (ballot.mode, ballot.unit_id) == ("kiosk", village.unit(f"{THUAN_HOA}/Ấp 1 (mẫu)"))
    assert ballot.answers == {"duong": "co", "can": ["den"], "nguoi": 4, "ngay": None, "chung": "co"}
    [row] = village.rows(Kiosk)
    assert row.ballots == 1 and row.draft is None
    assert "Mời bà con góp ý" in await device.opens()


async def test_the_last_screen_gives_a_receipt_that_is_found_after_the_close(desk: Desk, village: Village) -> None:
    entry = village.round()
    device = await desk.opened(entry)
    codes = []
    for _ in range(2):
        await device.begins()
        await device.presses("Ấp 1 (mẫu)")
        await device.fills_in()
        await device.presses("Gửi phiếu")
        codes += re.findall(r"<strong>([a-z2-9]{5}-[a-z2-9]{5})</strong>", device.page.text)
    assert len(set(codes)) == 2 and codes[0] not in await device.opens()
    village.close(entry.id)
    with village.database.transaction() as connection:
        assert all(check(connection, entry.id, code) for code in codes)


async def test_the_link_is_used_once_and_a_preview_does_not_use_it(desk: Desk, village: Village) -> None:
    link = desk.link(village.round())
    first, second = desk.device(), desk.device()
    for _ in range(3):
        assert "Dùng máy này" in await first.opens(link)
    await second.opens(link)
    await first.presses("Bắt đầu")
    assert "Mời bà con góp ý" in first.text
    assert "đã dùng rồi" in await second.presses("Bắt đầu") and second.page.status_code == 404
    assert "chưa dùng được" in await second.opens()


async def test_a_household_votes_once_by_its_card_whatever_came_before(desk: Desk, village: Village) -> None:
    cards = village.households("12", "13")
    entry = village.round(counts="household")
    device = await desk.opened(entry)
    await device.begins()
    await device.presses("Tiếp", text=cards[0].code.short.lower())
    await device.fills_in()
    assert "Cảm ơn" in await device.presses("Gửi phiếu")
    await device.begins()
    assert "đã gửi phiếu rồi" in await device.presses("Tiếp", text=cards[0].code.short)
    await device.presses("Tiếp", text=cards[1].code.short)
    assert "Câu 1/5" in device.text
    assert [(row.mode, row.state) for row in village.rows(Participation)] == [("kiosk", "submitted")]


async def test_a_card_used_twice_at_the_same_time_gives_one_ballot(desk: Desk, village: Village) -> None:
    [card] = village.households("12")
    entry = village.round(counts="household")
    devices = [await desk.opened(entry) for _ in range(4)]
    for device in devices:
        await device.begins()
        await device.presses("Tiếp", text=card.code.short)
        await device.fills_in()
    said = await asyncio.gather(*(device.presses("Gửi phiếu") for device in devices))
    assert sum("Cảm ơn" in each for each in said) == 1 and sum("đã gửi phiếu rồi" in each for each in said) == 3
    assert len(village.rows(Ballot)) == 1 and sum(row.ballots for row in village.rows(Kiosk)) == 1


async def test_wrong_void_and_foreign_cards_are_told_apart(desk: Desk, village: Village) -> None:
    [void, good] = village.households("12", "13")
    [foreign] = village.households("14", hamlet=f"{AN_THANH}/Ấp 1 (mẫu)")
    entry = village.round(counts="household", units=[THUAN_HOA, AN_THANH])
    with village.database.transaction() as connection:
        void_codes(connection, void.household.id, desk.now)
    device = await desk.opened(entry)
    await device.begins()
    assert "không còn dùng được" in await device.presses("Tiếp", text=void.code.short)
    assert "không thuộc nơi đặt máy" in await device.presses("Tiếp", text=foreign.code.short)
    slip = good.code.short[:-1] + ("A" if good.code.short[-1] != "A" else "B")
    assert "gõ sai một chữ" in await device.presses("Tiếp", text=slip)
    for _ in range(5):
        assert "Không có thẻ nào" in await device.presses("Tiếp", text="không biết")
    assert "Sai nhiều lần" in await device.presses("Tiếp", text=good.code.short)
    desk.later(minutes=16)
    await device.begins()
    await device.presses("Tiếp", text=good.code.short)
    assert "Câu 1/5" in device.text


async def test_who_has_no_card_answers_only_where_hamlets_have_no_register(desk: Desk, village: Village) -> None:
    village.households("12")
    device = await desk.opened(village.round(counts="household"))
    await device.begins()
    assert "không có thẻ" not in device.text
    allowed = await desk.opened(village.round("Đợt khác", counts="household", self_declared=True))
    await allowed.begins()
    await allowed.presses("Nhà tôi không có thẻ")
    assert "Ấp 1 (mẫu)" not in allowed.text and "Ấp 2 (mẫu)" in allowed.text


async def test_the_next_person_sees_and_sends_nothing_of_the_one_before(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    await device.begins()
    await device.presses("Ấp 1 (mẫu)")
    await device.presses("Chưa hài lòng")
    old = device.page
    await device.presses("Thôi, xóa hết")
    assert "Mời bà con góp ý" in device.text and all(row.draft is None for row in village.rows(Kiosk))
    await device.begins()
    await device.presses("Ấp 2 (mẫu)")
    before = device.text
    device.page = old  # a page gone back to
    await device.presses("Đèn đường")
    assert device.text == before and 'aria-pressed="true"' not in device.page.text
    assert device.page.headers["cache-control"] == "no-store"


async def test_a_screen_that_was_left_asks_and_then_clears_itself(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    await device.begins()
    await device.presses("Ấp 1 (mẫu)")
    seconds, _, path = device.page.headers["refresh"].partition(";url=")
    assert 60 <= int(seconds) <= 120
    assert "còn đó không" in await device.opens(path)
    assert "Câu 1/5" in await device.presses("Còn, làm tiếp")
    await device.opens(path)
    _, _, clear = device.page.headers["refresh"].partition(";url=")
    assert "Mời bà con góp ý" in await device.opens(clear)
    await device.begins("English", "I agree")
    mine = device.page.headers["refresh"].partition(";url=")[2]
    assert "Where do you live" in await device.opens(clear)  # the timer of the person before
    assert "still there" in await device.opens(mine)


async def test_a_draft_survives_a_restart_but_not_a_long_silence(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    await device.begins()
    await device.presses("Ấp 1 (mẫu)")
    await device.presses("Chưa hài lòng")
    again = Device(httpx.AsyncClient(transport=httpx.ASGITransport(build(desk.site)), base_url="http://xa.test"))
    desk.browsers.append(again.browser)
    again.browser.cookies = device.browser.cookies
    assert "Câu 2/6" in await again.opens()
    stored = village.database.read_now(lambda connection: connection.execute(select(Kiosk.draft)).scalar_one())
    assert set(stored) == {"sealed"}
    desk.later(minutes=5)
    assert "Mời bà con góp ý" in await again.opens()


async def test_going_back_skipping_and_wrong_numbers_work_as_elsewhere(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    await device.begins()
    await device.presses("Ấp 1 (mẫu)")
    await device.fills_in("Hài lòng", "Xong câu này")
    assert "Từ 1 đến 30 người" in await device.presses("Tiếp", text="99")
    assert "một con số" in await device.presses("Tiếp", text="nhiều")
    await device.presses("Tiếp", text="3")
    await device.presses("◀ Quay lại")
    assert "Nhà mấy người" in device.text
    await device.fills_in("5", "Bỏ qua", "Hài lòng")
    await device.presses("◀ Quay lại")
    await device.fills_in("Chưa hài lòng")
    await device.presses("Gửi phiếu")
    assert answers(village) == [{"duong": "co", "can": None, "nguoi": 5, "ngay": None, "chung": "khong"}]


async def test_nothing_on_a_kiosk_leads_away_and_the_pin_ends_it(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    assert set(re.findall(r'<a [^>]*href="([^"]+)"', device.page.text)) == {"#main", "/kiosk/leave"}
    await device.opens("/kiosk/leave")
    assert "không đúng" in await device.presses("Kết thúc", pin="0000")
    page = await device.browser.post("/kiosk/leave", data={"pin": PIN})
    assert page.headers["location"] == "/"
    assert "chưa dùng được" in await device.opens()
    with pytest.raises(SurveyError, match="đã kết thúc"), village.database.transaction() as connection:
        end_kiosk(connection, 1, desk.now)


async def test_a_guesser_of_the_pin_is_slowed_down(desk: Desk, village: Village) -> None:
    device = await desk.opened(village.round())
    for guess in range(5):
        await device.opens("/kiosk/leave")
        assert "không đúng" in await device.presses("Kết thúc", pin=f"000{guess}")
    assert "Sai nhiều lần" in await device.presses("Kết thúc", pin=PIN)
    desk.later(minutes=16)
    await device.opens("/kiosk/leave")
    page = await device.browser.post("/kiosk/leave", data={"pin": PIN})
    assert page.headers["location"] == "/"
    assert [row.ended_at is not None for row in village.rows(Kiosk)] == [True]


async def test_outside_its_times_a_kiosk_takes_nothing_and_says_when(desk: Desk, village: Village) -> None:
    entry = village.draft("Đợt sau")
    device = await desk.opened(entry)
    assert "nhận phiếu từ" in device.text
    village.open(entry.id)
    await device.begins()
    await device.presses("Ấp 1 (mẫu)")
    page = device.page
    village.overdue(entry.id)
    assert "nhận phiếu từ" in await device.presses("Hài lòng")
    assert answers(village) == []
    village.close(entry.id)
    device.page = page
    assert "nhận phiếu từ" in await device.presses("Hài lòng")
    assert [row.draft for row in village.rows(Kiosk)] == [None]


def test_a_kiosk_stands_only_where_its_round_asks_and_before_it_is_over(village: Village) -> None:
    entry, now = village.round(), datetime.now(UTC)
    with village.database.transaction() as connection:
        with pytest.raises(SurveyError, match="không hỏi ở"):
            open_kiosk(connection, entry.id, village.unit(AN_THANH), PIN, now)
        with pytest.raises(SurveyError, match="4 đến 12 chữ số"):
            open_kiosk(connection, entry.id, village.unit(THUAN_HOA), "abcd", now)
        open_kiosk(connection, entry.id, village.unit(THUAN_HOA), PIN, now)
        assert [row.state for row in kiosks(connection, of_round=entry.id)] == ["waiting"]
    village.close(entry.id)
    with pytest.raises(SurveyError, match="đã đóng"), village.database.transaction() as connection:
        open_kiosk(connection, entry.id, village.unit(THUAN_HOA), PIN, now)
