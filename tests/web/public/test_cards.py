"""A household's card on the web: its QR, the whole ballot, and the same ballot on another phone."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from village import Village, answers

from bot.inbox.web_gateway import Gateway
from places.register.issuing import void_codes
from storage.tables import Event, Person
from web.site import WebDependencies, build


@pytest.fixture
def site(village: Village) -> WebDependencies:
    return WebDependencies(
        conversation=Gateway(village.inbox, {}),
        database=village.database,
        vault=village.vault,
        links=lambda payload: {"Telegram": f"https://t.me/langnghe_bot?start={payload}"},
    )


def phone(site: WebDependencies) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(build(site)), base_url="http://xa.test")


def text(page: httpx.Response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.text))


def _bare(inside: str) -> str:
    """What stands on a button, without the face beside it."""
    return re.sub(r"<[^>]+>", "", inside).strip()


async def press(browser: httpx.AsyncClient, page: httpx.Response, label: str = "", **typed: str) -> httpx.Response:
    """Press a button of the survey page, or send what is typed into its field."""
    fields: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)) | typed
    if label:
        buttons = re.findall(r'<button class="choice[^>]*value="([^"]+)"[^>]*>(.*?)</button>', page.text, re.DOTALL)
        fields["choice"] = unescape(next(value for value, inside in buttons if unescape(_bare(inside)) == label))
    return await browser.post(page.url.path, data=fields, follow_redirects=True)


async def test_the_qr_offers_telegram_and_the_page_and_looking_writes_nothing(
    village: Village, site: WebDependencies
) -> None:
    [card] = village.households("12")
    village.round(counts="household")
    async with phone(site) as browser:
        page = await browser.get(f"/h/{card.code.long}")
        assert f'href="https://t.me/langnghe_bot?start=h_{card.code.long}" rel="noreferrer"' in page.text
        assert f'href="/s/h_{card.code.long}"' in page.text and "noindex" in page.text
        await browser.get(f"/s/h_{card.code.long}")
    async with phone(replace(site, links=lambda payload: {"Telegram": ""})) as browser:
        assert "Telegram" not in (await browser.get(f"/h/{card.code.long}")).text
    assert village.rows(Person) == [] and village.rows(Event) == []


async def test_a_void_card_says_so_and_a_wrong_one_is_not_found(village: Village, site: WebDependencies) -> None:
    [card] = village.households("12")
    with village.database.transaction() as connection:
        void_codes(connection, card.household.id, site.clock())
    async with phone(site) as browser:
        page = await browser.get(f"/h/{card.code.long}")
        assert page.status_code == 410 and "không còn dùng được" in page.text
        for wrong in ("a" * 26, "khong-phai-ma", "h_" + "b" * 26):
            assert (await browser.get(f"/h/{wrong}")).status_code == 404


async def test_a_card_answers_the_whole_ballot_and_another_phone_goes_on_with_it(
    village: Village, site: WebDependencies
) -> None:
    [card] = village.households("12")
    village.round(counts="household")
    async with phone(site) as one, phone(site) as two:
        page = await one.get(f"/s/h_{card.code.long}")
        page = await press(one, page, "Đồng ý")
        page = await press(one, page, "Chưa hài lòng")
        page = await press(one, page, "Đèn đường")
        page = await press(one, page, "Xong câu này")
        assert "Nhà mấy người" in text(page)
        page = await two.get(f"/s/h_{card.code.long}")
        page = await press(two, page, "Đồng ý")
        assert "Nhà mấy người" in text(page), "begun on the first phone"
        page = await press(two, page, text="4")
        page = await press(two, page, "Bỏ qua")
        page = await press(two, page, text="đường hư")
        page = await press(two, page, "Hài lòng")
        assert "ghi nhận" in text(page)
        assert "ghi nhận" in text(await one.get(f"/s/h_{card.code.long}"))
    assert answers(village) == [
        {"duong": "khong", "can": ["den"], "nguoi": 4, "ngay": None, "ly_do": "đường hư", "chung": "co"}
    ]
