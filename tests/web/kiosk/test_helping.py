"""A helper brings households the ballot: the helper's chat, and the screen that is handed over."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kiosk_desk import FORM_BUTTONS, Desk, Device
from sqlalchemy import insert, update
from village import THUAN_HOA, Resident, Village, answers
from visits import helped

from handlers.shared import Helping
from handlers.staff.chat_links import make_code
from places.register.issuing import Issued, void_household
from storage.tables import Assisted, AuditEntry, Ballot, Delivery, Holder, Kiosk, Participation, Person, Round, Staff
from surveys.ballots.back_checks import callbacks, draw_sample, record_result
from surveys.ballots.participation import cast_household
from surveys.errors import SurveyError
from surveys.privacy.personal_data import export_person

HAMLET = f"{THUAN_HOA}/Ấp 1 (mẫu)"
SITE = "http://xa.test"


async def helper(village: Village, address: str = "2001", role: str = "helper", unit: str = HAMLET) -> Resident:
    """A chat that became somebody's of the staff, in a village that has a web page."""
    village.shared.helping = Helping(SITE, per_day=village.shared.helping.per_day)
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        row = {"name": f"Lan {address}", "role": role, "unit_id": village.unit(unit), "password": "x"}
        number = connection.execute(insert(Staff).values(**row, created_at=now).returning(Staff.id)).scalar_one()
        code = make_code(connection, village.shared.key, number, now)
    lan = village.resident(address)
    await lan.says(code)
    return lan


async def shows(lan: Resident, card: Issued) -> str:
    """Up to whether somebody of the household is there."""
    await lan.says("giúp phiếu")
    await lan.starts(f"h_{card.code.long}")
    return lan.read


async def link(lan: Resident, card: Issued, how: str = "Đồng ý, bà con tự bấm") -> str:
    await shows(lan, card)
    await lan.taps("Có, đang ở đây", how)
    return next(word for word in lan.last.text.split() if word.startswith(SITE)).removeprefix(SITE)


async def hands_over(desk: Desk, lan: Resident, card: Issued, how: str = "Đồng ý, bà con tự bấm") -> Device:
    device = desk.device()
    await device.opens(await link(lan, card, how))
    await device.presses("Bắt đầu")
    return device


async def fills_in(device: Device, *words: str) -> str:
    await device.presses("Tiếng Việt")
    await device.presses("Đồng ý")
    await device.fills_in(*words)
    return await device.presses("Gửi phiếu")


async def test_from_the_card_to_done_and_the_helper_never_sees_an_answer(desk: Desk, village: Village) -> None:
    entry = village.round(counts="household")
    [card] = village.households("12")
    lan = await helper(village)
    assert "Người lớn (từ 18 tuổi) của hộ có đang ngồi cạnh bạn không?" in await shows(lan, card)
    await lan.taps("Có, đang ở đây")
    assert lan.labels == ["Đồng ý, bà con tự bấm", "Đồng ý, mình đọc và bấm", "Không đồng ý"]
    assert not village.rows(Assisted)
    device = await hands_over(desk, lan, card)
    assert "Phiếu của hộ số 12" in device.text
    await device.presses("Tiếng Việt")
    assert "Người giúp không thấy bà con chọn gì" in device.text
    await device.presses("Đồng ý")
    assert "Câu 1/5" in device.text and "◀ Quay lại" not in device.text  # there is no other household to go to
    await device.fills_in()
    await lan.taps("Đã gửi chưa?")
    assert "chưa gửi" in lan.last.text
    assert "đưa máy lại cho người giúp" in await device.presses("Gửi phiếu")
    [receipt] = re.findall(r"<strong>([a-z2-9]{5}-[a-z2-9]{5})</strong>", device.page.text)
    [ballot] = village.rows(Ballot)
    assert ballot.mode == "assisted" and ballot.submitted
    assert ballot.answers == {"duong": "co", "can": ["den"], "nguoi": 4, "ngay": None, "chung": "co"}
    [part] = village.rows(Participation)
    assert (part.household_id, part.mode, part.state) == (card.household.id, "assisted", "submitted")
    assert not village.rows(Kiosk) and "chưa dùng được" in await device.opens()
    await lan.says("giúp phiếu")
    await lan.taps("Hôm nay (1/20 hộ)")
    assert "hộ số 12, Ấp 1 (mẫu), Xã Thuận Hòa: đã gửi" in lan.last.text
    seen = str([message for message in lan.heard]) + str([row.payload for row in village.rows(Delivery)])
    assert not any(word in seen for word in ("Hài lòng", "Đèn đường", "duong", receipt))
    [help_] = [row for row in village.rows(AuditEntry) if row.action == "ballots.help"]
    assert (help_.actor, help_.subject) == ("Lan 2001", str(entry.id)) and "12" not in str(
        help_.detail.get("household")
    )


async def test_the_helpers_own_household_is_left_alone_by_a_card_that_was_asked_for(
    desk: Desk, village: Village
) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    lan = await helper(village)
    await shows(lan, card)
    assert not village.rows(Holder) and all(row.household_id is None for row in village.rows(Person))


async def test_reading_aloud_is_said_to_whom_it_concerns_and_is_kept(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    device = await hands_over(desk, await helper(village), card, "Đồng ý, mình đọc và bấm")
    await device.presses("Tiếng Việt")
    assert "nghe được bà con trả lời gì" in device.text
    await device.presses("Đồng ý")
    await device.fills_in()
    await device.presses("Gửi phiếu")
    [row] = village.rows(Assisted)
    assert (row.helper, row.how, row.household_id, row.drawn) == ("Lan 2001", "aloud", card.household.id, False)
    assert row.day.astimezone(UTC).hour == 17 and not row.day.minute  # a day in Vietnam, not a time


async def test_nobody_there_or_no_wish_opens_nothing(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    lan = await helper(village)
    await shows(lan, card)
    await lan.taps("Không")
    assert "Bà con tự trả lời khi nào cũng được" in lan.last.text
    await shows(lan, card)
    await lan.taps("Có, đang ở đây", "Không đồng ý")
    assert not village.rows(Assisted) and not village.rows(Kiosk)
    device = await hands_over(desk, lan, card)  # they may still say no on the screen
    await device.presses("Tiếng Việt")
    assert "Mời bà con góp ý" in await device.presses("Không đồng ý")
    assert not village.rows(Ballot) and not village.rows(Participation)


async def test_the_link_works_once_for_two_hours_and_a_new_one_replaces_it(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    lan = await helper(village)
    first = await link(lan, card)
    second = await link(lan, card)
    device = desk.device()
    assert "đã dùng rồi" in await device.opens(first) and device.page.status_code == 404
    assert "Đưa máy này cho bà con?" in await device.opens(second)
    await device.presses("Bắt đầu")
    assert "đã dùng rồi" in await desk.device().opens(second)
    await device.presses("Tiếng Việt")
    desk.later(hours=2, minutes=1)
    assert "chưa dùng được" in await device.opens()
    third = await link(lan, card)
    desk.later(hours=3)
    assert "đã dùng rồi" in await device.opens(third)
    assert len(village.rows(Assisted)) == 1


@pytest.mark.both_stores
async def test_what_was_put_aside_is_gone_after_a_quarter_of_an_hour(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    device = await hands_over(desk, await helper(village), card)
    await device.presses("Tiếng Việt")
    await device.presses("Đồng ý")
    await device.fills_in("Hài lòng", "Đèn đường")
    assert device.page.headers["refresh"].startswith("600;")
    desk.later(minutes=14)
    assert "Câu 2/5" in await device.opens()
    desk.later(minutes=2)
    assert "Mời bà con góp ý" in await device.opens()


async def test_one_ballot_for_each_household_whoever_was_first(desk: Desk, village: Village) -> None:
    entry = village.round(counts="household")
    [card, other] = village.households("12", "13")
    lan = await helper(village)
    device = await hands_over(desk, lan, card)
    secret = village.vault.round_secret(entry.code)
    for household in (card, other):
        with village.database.transaction() as connection:
            given = {"duong": "khong", "chung": "khong"}
            values: dict[str, Any] = {"secret": secret, "mode": "paper", "answers": given, "now": desk.now}
            cast_household(connection, entry.id, household.household.id, **values)
    assert "Nhà này đã gửi phiếu rồi" in await fills_in(device, *FORM_BUTTONS)
    assert [row.mode for row in village.rows(Ballot)] == ["paper", "paper"]
    assert "đã gửi phiếu rồi" in await shows(lan, other)


async def test_a_household_is_told_that_its_ballot_came_through_a_helper(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    await fills_in(await hands_over(desk, await helper(village), card), *FORM_BUTTONS)
    mai = village.resident("1")
    await mai.starts(f"h_{card.code.long}")
    await mai.taps("Đồng ý")
    assert "đã có phiếu qua người hỗ trợ" in mai.last.text and "báo cho đơn vị tổ chức" in mai.last.text
    [holder] = village.rows(Holder)
    kept = village.database.read_now(lambda connection: export_person(connection, holder.person_id))
    [visit] = kept["household_visits"]
    assert (visit["name"], visit["helper"], visit["how"]) == ("Đợt thử", "Lan 2001", "alone")


@pytest.mark.both_stores
async def test_a_day_has_a_most_and_the_same_household_counts_once(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    first, second, third = village.households("1", "2", "3")
    village.shared.helping = Helping(SITE, per_day=2)
    lan = await helper(village)
    for card in (first, first, second):
        assert await link(lan, card)
    await shows(lan, third)
    await lan.taps("Có, đang ở đây", "Đồng ý, bà con tự bấm")
    assert "đã giúp đủ 2 hộ" in lan.last.text and len(village.rows(Assisted)) == 2
    assert await link(lan, second)
    with village.database.transaction() as connection:
        connection.execute(update(Assisted).values(day=datetime.now(UTC) - timedelta(days=1)))
    assert await link(lan, third)


async def test_only_helpers_in_charge_of_the_hamlet_open_a_ballot(desk: Desk, village: Village) -> None:
    village.round(counts="household")
    [card] = village.households("12")
    [away] = village.households("5", hamlet=f"{THUAN_HOA}/Ấp 2 (mẫu)")
    lan, chief = await helper(village), await helper(village, "2002", "official", THUAN_HOA)
    assert "không ở nơi bạn phụ trách" in await shows(lan, away)
    await chief.says("giúp phiếu")
    assert "Chỉ người của tổ công nghệ số" in chief.last.text
    mai = village.resident("1")
    await mai.starts()
    before = mai.read
    await mai.says("giúp phiếu")
    assert "thẻ của hộ bằng máy này" not in mai.read and before
    await shows(lan, card)
    stolen = lan.button("Có, đang ở đây").token
    await mai.presses(stolen)
    assert "ngồi cạnh" not in mai.read and not village.rows(Assisted)


async def test_wrong_void_and_closed_are_each_said(desk: Desk, village: Village) -> None:
    entry = village.round(counts="household")
    card, void = village.households("12", "13")
    lan = await helper(village)
    with village.database.transaction() as connection:
        void_household(connection, void.household, desk.now)
    assert "đã hủy" in await shows(lan, void)
    await lan.says("giúp phiếu")
    await lan.says("HO-AAAA-AAAA-AAAA")
    assert "tìm thấy" in lan.last.text or "gõ nhầm" in lan.last.text
    await shows(lan, card)
    with village.database.transaction() as connection:
        connection.execute(update(Round).where(Round.id == entry.id).values(state="closing"))
    await lan.taps("Có, đang ở đây")
    assert "không nhận phiếu nữa" in lan.last.text
    await lan.says("giúp phiếu")
    assert "không có đợt nào" in lan.last.text


async def test_without_a_web_page_or_a_round_of_households_it_is_said_so(village: Village) -> None:
    village.round()
    lan = await helper(village)
    await lan.says("giúp phiếu")
    assert "không có đợt nào lấy mỗi hộ một phiếu" in lan.last.text
    village.shared.helping = Helping("")
    await lan.says("giúp phiếu")
    assert "web.public_url" in lan.last.text


async def test_a_helper_finds_it_among_the_requests(village: Village) -> None:
    village.round(counts="household")
    lan = await helper(village)
    await lan.taps("Giúp bà con làm phiếu")
    assert "Quét mã QR trên thẻ của hộ" in lan.last.text
    await lan.taps("Thôi")
    assert "Gõ “giúp phiếu”" in lan.last.text


async def test_of_two_rounds_the_helper_says_which(desk: Desk, village: Village) -> None:
    village.round("Đợt một", counts="household")
    two = village.round("Đợt hai", counts="household")
    [card] = village.households("12")
    lan = await helper(village)
    await shows(lan, card)
    await lan.taps("Đợt hai")
    assert lan.last.title == "Đợt hai"
    await lan.taps("Có, đang ở đây", "Đồng ý, bà con tự bấm")
    assert [row.round_id for row in village.rows(Assisted)] == [two.id]


async def test_the_draw_takes_some_of_everybodys_once_and_adds_as_ballots_come(village: Village) -> None:
    entry = village.round(counts="household")
    cards = village.households(*map(str, range(70)))
    helped(village, entry, cards[:45], "Lan")
    helped(village, entry, cards[45:48], "Út")
    read = village.database.read_now
    with village.database.transaction() as connection:
        assert draw_sample(connection, entry.id) == {
            "Lan": {"assisted": 45, "drawn": 3},
            "Út": {"assisted": 3, "drawn": 1},
        }
    first = read(lambda connection: callbacks(connection, entry.id))
    with village.database.transaction() as connection:
        draw_sample(connection, entry.id)
    assert read(lambda connection: callbacks(connection, entry.id)) == first and len(first) == 4
    helped(village, entry, cards[48:68], "Lan")
    with village.database.transaction() as connection:
        assert draw_sample(connection, entry.id)["Lan"] == {"assisted": 65, "drawn": 4}
    assert all(each in read(lambda connection: callbacks(connection, entry.id)) for each in first)


@pytest.mark.both_stores
async def test_every_household_is_as_likely_to_be_drawn(village: Village) -> None:
    entry = village.round(counts="household")
    cards = village.households(*map(str, range(10)))
    helped(village, entry, cards, "Lan")
    drawn: dict[str, int] = {}
    with village.database.transaction() as connection:
        for _ in range(400):
            connection.execute(update(Assisted).values(drawn=False))
            draw_sample(connection, entry.id)
            [one] = callbacks(connection, entry.id)
            drawn[one.household] = drawn.get(one.household, 0) + 1
    assert len(drawn) == 10 and max(drawn.values()) < 80 and min(drawn.values()) > 12  # 40 each on average


@pytest.mark.both_stores
async def test_who_denies_a_ballot_gets_it_back_while_the_round_is_open(desk: Desk, village: Village) -> None:
    entry = village.round(counts="household")
    [card] = village.households("12")
    helped(village, entry, [card], "Lan 2001")
    with village.database.transaction() as connection:
        draw_sample(connection, entry.id)
        with pytest.raises(SurveyError, match="không tự hỏi lại được"):
            record_result(connection, village.vault, entry.id, card.household.id, "confirmed", by="lan  2001")
    with village.database.transaction() as connection:
        assert record_result(connection, village.vault, entry.id, card.household.id, "denied", by="Bà Tư")
    assert not village.rows(Ballot) and not village.rows(Participation)
    lan = await helper(village)
    assert "đã báo phiếu không phải của nhà mình" in await shows(lan, card)
    mai = village.resident("1")
    await mai.starts(f"h_{card.code.long}")
    await mai.taps("Đồng ý", "Chưa hài lòng")
    assert answers(village) == [{"duong": "khong"}]


async def test_the_close_makes_the_list_and_forgets_the_other_visits(village: Village) -> None:
    entry = village.round(counts="household")
    cards = village.households(*map(str, range(25)))
    helped(village, entry, cards, "Lan")
    assert village.close(entry.id) == 25
    rows = village.rows(Assisted)
    assert len(rows) == 2 and all(row.drawn for row in rows)
    assert {row.mode for row in village.rows(Participation)} == {""}
    [entry_] = [row for row in village.rows(AuditEntry) if row.action == "ballots.callbacks"]
    assert entry_.detail == {"Lan": {"assisted": 25, "drawn": 2}}
    with village.database.transaction() as connection:
        assert not record_result(connection, village.vault, entry.id, rows[0].household_id, "denied", by="Bà Tư")
        left = next(card for card in cards if card.household.id not in {row.household_id for row in rows})
        with pytest.raises(SurveyError, match="không có trong danh sách hỏi lại"):
            record_result(connection, village.vault, entry.id, left.household.id, "confirmed", by="Bà Tư")
    assert len(village.rows(Ballot)) == 25
    assert {row.result or "" for row in village.database.read_now(lambda each: callbacks(each, entry.id))} == {
        "",
        "denied",
    }
