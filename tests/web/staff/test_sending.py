"""How invitations go, on the staff's pages."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from scripted import NOW, PASSWORD
from sqlalchemy import insert, update

from storage.tables import Delivery, Reminder, Round
from surveys.rounds.send_policy import Sending
from web.staff.pages import REFRESH

STATES = ("sent", "sent", "sent", "unreachable", "uncertain", "pending", "pending", "pending")
REASONS = {"unreachable": "bot was blocked by the user"}


@pytest.fixture
def staffed(site: Any, browse: Any) -> Any:
    """Opens the staff's pages of a site whose first round is being sent, as somebody of the staff."""
    with site.database.transaction() as connection:
        for person, state in enumerate(STATES, 1):
            connection.execute(
                insert(Delivery).values(
                    round_id=1, kind="invite", person_id=person, channel="telegram", address=str(person), urgency=2,
                    state=state, reason=REASONS.get(state, ""), attempts=1, due_at=NOW, owner="", settled_at=NOW,
                )
            )  # fmt: skip

    async def open_as(name: str, path: str = "/staff") -> httpx.Response:
        browser = browse(replace(site, sending=Sending(rate=30), clock=lambda: NOW))
        await browser.post("/staff/sign-in", data={"name": name, "password": PASSWORD})
        return await browser.get(path)

    return open_as


async def test_an_official_sees_how_many_went_how_fast_and_what_was_lost(staffed: Any) -> None:
    for path in ("/staff", "/staff/rounds/1"):
        page = (await staffed("thuan.hoa", path)).text
        assert "đã gửi 3 trong 8" in page and "còn khoảng 1 phút" in page
        assert "Không tới được 1; không rõ 1" in page
        assert "Vì sao: đã chặn 1; nền tảng không trả lời 1." in page


async def test_reminders_planned_and_sent_are_shown_too(staffed: Any, site: Any) -> None:
    with site.database.transaction() as connection:
        connection.execute(insert(Reminder).values(round_id=1, number=2, due_at=datetime(2099, 1, 1, 3, tzinfo=UTC)))
        connection.execute(
            update(Delivery).where(Delivery.person_id.in_((1, 2)), Delivery.round_id == 1).values(kind="reminder-1")
        )
    page = (await staffed("thuan.hoa", "/staff/rounds/1")).text
    assert "Lời nhắc 1: đã gửi 2 trong 2" in page
    assert "Sẽ nhắc người chưa trả lời xong: 10:00, 01/01/2099." in page
    assert "Reminder 1: 2 of 2 sent" in (await staffed("thuan.hoa", "/staff/rounds/1?lang=en")).text


async def test_the_page_looks_again_by_itself_only_while_something_is_sent(staffed: Any, site: Any) -> None:
    for path in ("/staff", "/staff/rounds/1"):
        assert (await staffed("thuan.hoa", path)).headers["refresh"] == str(REFRESH)
    with site.database.transaction() as connection:
        connection.execute(update(Round).where(Round.id == 1).values(paused_at=NOW))
    assert "refresh" not in (await staffed("thuan.hoa", "/staff/rounds/1")).headers
    page = await staffed("thuan.hoa")
    assert "refresh" not in page.headers and "đang tạm dừng" in page.text


async def test_helpers_and_other_communes_do_not_see_it(staffed: Any) -> None:
    assert "đã gửi 3" not in (await staffed("phuoc.loi")).text
    assert "đã gửi 3" not in (await staffed("an.thanh")).text


async def test_a_round_without_invitations_shows_none(staffed: Any, site: Any) -> None:
    with site.database.transaction() as connection:
        connection.execute(Delivery.__table__.delete())
    assert "Lời mời" not in (await staffed("thuan.hoa")).text
