"""The page of a paper in a real browser, as somebody who scanned its QR or types its code sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import scripted
from browser import PHONE, launched
from e2e.test_pages import FAINT, SMALL
from playwright.sync_api import Browser, expect
from published import issue_report, with_results
from sqlalchemy import update

from storage.tables import Unit
from surveys.documents.codes import in_groups

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_code_is_typed_and_leads_to_the_figures(chromium: Browser, tmp_path: Path, scheme: str) -> None:
    with scripted.scripted_site(tmp_path) as (site, _), scripted.serving(results := with_results(site)) as address:
        paper, sha256 = issue_report(results, tmp_path)
        context = chromium.new_context(viewport=PHONE, base_url=address, color_scheme=scheme, java_script_enabled=False)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto("/v")
        page.get_by_label("Mã giấy").fill(paper.code[:-1] + "0")
        page.get_by_role("button", name="Tra mã").click()
        expect(page.get_by_role("alert")).to_contain_text("Không có giấy nào")
        page.get_by_label("Mã giấy").fill(in_groups(paper.code).upper())
        page.get_by_role("button", name="Tra mã").click()
        expect(page).to_have_url(f"{address}/v/{paper.code}")
        expect(page.get_by_role("status")).to_contain_text("đến nay vẫn đúng")
        expect(page.get_by_text(sha256)).to_be_visible()
        expect(page.get_by_text("15,59%").first).to_be_visible()
        with results.database.transaction() as connection:
            connection.execute(update(Unit).where(Unit.id == 2).values(households=5000))
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("đã thay đổi")
        expect(page.get_by_text("hiện nay: 5.000")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.evaluate(FAINT) == [] and page.evaluate(SMALL) == []
        page.screenshot(path=tmp_path / "page.png", full_page=True)
        context.close()
