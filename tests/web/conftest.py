"""A site on a small database, and browsers that talk to it without a network."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import scripted
from kiosk_desk import desk
from village import few_topics, village

from web.site import WebDependencies, build

__all__ = ["desk", "few_topics", "village"]


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[tuple[WebDependencies, scripted.ScriptedConversation]]:
    with scripted.scripted_site(tmp_path) as site_and_conversation:
        yield site_and_conversation


@pytest.fixture
def site(parts: tuple[WebDependencies, Any]) -> WebDependencies:
    return parts[0]


@pytest.fixture
def conversation(parts: tuple[Any, scripted.ScriptedConversation]) -> scripted.ScriptedConversation:
    return parts[1]


@pytest.fixture
async def browse(site: WebDependencies) -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """Makes a browser with its own cookies, on this site or a changed one."""
    opened: list[httpx.AsyncClient] = []

    def open_browser(changed: WebDependencies = site, **options: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(build(changed))
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://xa.test", **options))
        return opened[-1]

    yield open_browser
    for browser in opened:
        await browser.aclose()


@pytest.fixture
def browser(browse: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return browse()
