"""Kiosks over HTTP: a browser that presses what is on the page, and nothing else."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from village import THUAN_HOA, Village

from surveys.ballots.kiosks import open_kiosk
from surveys.organisation import Organisation
from web.site import WebDependencies, build

PIN = "2468"
FORM_BUTTONS = ("Hài lòng", "Đèn đường", "Xong câu này", "4", "Bỏ qua", "Hài lòng")


@dataclass
class Device:
    """The browser of a kiosk: presses what is on the page, and nothing else."""

    browser: httpx.AsyncClient
    page: httpx.Response = field(init=False)

    @property
    def text(self) -> str:
        return unescape(re.sub(r"<[^>]+>", " ", self.page.text))

    async def opens(self, path: str = "/kiosk") -> str:
        self.page = await self.browser.get(path, follow_redirects=True)
        return self.text

    async def presses(self, label: str, **typed: str) -> str:
        """Send the form that holds the button with this label, and follow where it leads."""
        for form in re.findall(r"<form.*?</form>", self.page.text, re.DOTALL):
            for attributes, inside in re.findall(r"<button([^>]*)>(.*?)</button>", form, re.DOTALL):
                if unescape(re.sub(r"<[^>]+>", "", inside)).strip() == label:
                    return await self.sends(form, attributes, typed)
        raise AssertionError(f"no button “{label}” in: {self.text}")

    async def sends(self, form: str, button: str, typed: dict[str, str]) -> str:
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)) | typed
        if pressed := re.search(r'value="([^"]+)"', button):
            fields["do"] = unescape(pressed.group(1))
        path = re.search(r'action="([^"]+)"', form)
        target = path.group(1) if path else self.page.url.path
        self.page = await self.browser.post(target, data=fields, follow_redirects=True)
        return self.text

    async def begins(self, language: str = "Tiếng Việt", agree: str = "Đồng ý") -> str:
        await self.opens()
        await self.presses(language)
        return await self.presses(agree)

    async def fills_in(self, *words: str) -> str:
        for word in words or FORM_BUTTONS:
            await (self.presses("Tiếp", text=word) if word.isdecimal() else self.presses(word))
        return self.text


@dataclass
class Desk:
    """A village with kiosks."""

    village: Village
    site: WebDependencies
    moment: list[datetime]
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def link(self, entry: Any, unit: str = THUAN_HOA) -> str:
        with self.village.database.transaction() as connection:
            return f"/kiosk/start/{open_kiosk(connection, entry.id, self.village.unit(unit), PIN, self.now).token}"

    @property
    def now(self) -> datetime:
        return self.moment[0]

    def later(self, **how_long: float) -> None:
        self.moment[0] += timedelta(**how_long)

    def device(self) -> Device:
        transport = httpx.ASGITransport(build(self.site))
        self.browsers.append(httpx.AsyncClient(transport=transport, base_url="http://xa.test"))
        return Device(self.browsers[-1])

    async def opened(self, entry: Any, unit: str = THUAN_HOA) -> Device:
        device = self.device()
        await device.opens(self.link(entry, unit))
        await device.presses("Bắt đầu")
        return device


@pytest.fixture
async def desk(village: Village) -> AsyncIterator[Desk]:
    moment = [datetime.now(UTC)]
    site = WebDependencies(
        conversation=None,  # type: ignore[arg-type]  (nobody talks here)
        database=village.database,
        vault=village.vault,
        organisation=Organisation("UBND xã thử", retention="một năm"),
        clock=lambda: moment[0],
    )
    desk = Desk(village, site, moment)
    yield desk
    for browser in desk.browsers:
        await browser.aclose()
