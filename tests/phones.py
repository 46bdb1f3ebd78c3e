"""A resident's browser on the real conversations, over HTTP: presses what is on the page, and nothing else."""

import re
from dataclasses import dataclass, field
from html import unescape

import httpx
from village import Village

from bot.inbox.web_gateway import Gateway
from web.site import WebDependencies, build

_FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)
_BUTTON = re.compile(r"<button([^>]*)>(.*?)</button>", re.DOTALL)


def site_of(village: Village) -> WebDependencies:
    return WebDependencies(
        Gateway(village.inbox, {}),
        village.database,
        village.vault,
        organisation=village.shared.organisation,
    )


def bare(html: str) -> str:
    """What is read of it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ").split())


@dataclass
class Phone:
    """One browser with its own cookies."""

    site: WebDependencies
    headers: dict[str, str] = field(default_factory=dict)
    page: httpx.Response = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(build(self.site))
        self.browser = httpx.AsyncClient(
            transport=transport, base_url="http://xa.test", headers=self.headers, follow_redirects=True
        )

    async def __aenter__(self) -> "Phone":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.browser.aclose()

    @property
    def text(self) -> str:
        return bare(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.path

    async def opens(self, path: str) -> str:
        self.page = await self.browser.get(path)
        return self.text

    async def presses(self, *labels: str) -> str:
        for label in labels:
            await self._press(label)
        return self.text

    async def types(self, text: str) -> str:
        """Send the first field that is there to be typed into."""
        form = next(each for each in _FORM.finditer(self.page.text) if 'class="typed"' in each[0])
        return await self._send(form, {"text": text})

    async def enters(self, code: str, hamlet: str = "Ấp 1 (mẫu)") -> str:
        """Follow a round's link, agree, say where they live: the first question."""
        await self.opens(f"/s/{code}")
        return await self.presses("Đồng ý", hamlet)

    async def finishes(self, code: str) -> str:
        """Answer the whole of `FORM`."""
        await self.enters(code)
        await self.presses("Hài lòng", "Đèn đường", "Xong câu này")
        await self.types("4")
        return await self.presses("Bỏ qua", "Hài lòng")

    async def _press(self, label: str) -> None:
        for form in _FORM.finditer(self.page.text):
            for attributes, inside in _BUTTON.findall(form[0]):
                if bare(inside) == label:
                    named = re.search(r'name="(\w+)" value="([^"]*)"', attributes)
                    await self._send(form, {named[1]: unescape(named[2])} if named else {})
                    return
        raise AssertionError(f"no button “{label}” in: {self.text}")

    async def _send(self, form: re.Match[str], fields: dict[str, str]) -> str:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        self.page = await self.browser.post(form[1], data={**hidden, **fields})
        return self.text
