"""The page of a published round in a real browser: on a small phone and a desk, without JavaScript, light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import scripted
from browser import PHONE, launched
from e2e.test_pages import FAINT, SMALL
from playwright.sync_api import Browser, Page, expect
from published import CODE, COMMUNE, with_results

DESK = {"width": 1280, "height": 800}
PATHS = (f"/results/{CODE}", f"/results/{CODE}/{COMMUNE}")
MOST = 60_000  # bytes of a page, with its style sheet and icon

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("published")
    with scripted.scripted_site(folder) as (site, _), scripted.serving(with_results(site)) as address:
        yield address


@pytest.fixture(params=[(PHONE, "light"), (PHONE, "dark"), (DESK, "light")], ids=["phone", "phone-dark", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser, url: str) -> Iterator[Page]:
    size, scheme = request.param
    context = chromium.new_context(viewport=size, base_url=url, color_scheme=scheme, java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def test_it_is_read_whole_without_javascript(page: Page, tmp_path: Path) -> None:
    assert page.viewport_size
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"], path
        assert page.evaluate(FAINT) == [], path
        assert page.evaluate(SMALL) == [], path
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("table").first).to_be_visible()
        page.screenshot(path=tmp_path / "page.png", full_page=True)
        assert (tmp_path / "page.png").stat().st_size > 20_000
    page.goto(PATHS[0])
    drawn = page.get_by_role("img")
    expect(drawn).to_be_visible()
    box = drawn.bounding_box()
    assert box and box["width"] > 250 and box["height"] > 150
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải CSV").click()
    assert download.value.suggested_filename == f"lang-nghe-{CODE}.csv"


def test_it_is_light(chromium: Browser, url: str) -> None:
    context = chromium.new_context(viewport=PHONE, base_url=url)
    page, weights = context.new_page(), list[int]()
    page.on("response", lambda response: weights.append(len(response.body())))
    page.goto(PATHS[0], wait_until="networkidle")
    assert 2 <= len(weights) <= 3 and sum(weights) <= MOST
    context.close()
