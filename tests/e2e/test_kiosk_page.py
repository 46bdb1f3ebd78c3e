"""The kiosk in a real browser, as large as the tablet on a desk: one ballot by touch alone, without JavaScript."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import scripted
from browser import launched
from e2e.test_pages import FAINT, SMALL
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.samples import make_sample
from handlers.world import Organisation
from storage.database import Database
from storage.models import Ballot, Base, Kiosk, Round, RoundUnit
from surveys.kiosks import open_kiosk
from surveys.secrecy import Vault
from web.site import Site

pytestmark = pytest.mark.browser

TABLET, PHONE = {"width": 1024, "height": 768}, {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'kiosk.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_a_ballot_by_touch_alone(chromium: Browser, database: Database, tmp_path: Path, size: dict[str, int]) -> None:
    vault, now = Vault(tmp_path / "secrets"), datetime.now(UTC)
    make_sample(database, vault, now)
    with database.transaction() as connection:
        entry = connection.execute(select(Round.id).order_by(Round.id)).scalars().first()
        unit = connection.execute(select(RoundUnit.unit_id).where(RoundUnit.round_id == entry)).scalars().first()
        assert entry and unit
        link = open_kiosk(connection, entry, unit, "2468", now).token
    site = Site(
        conversation=None,  # type: ignore[arg-type]  (nobody talks here)
        database=database,
        migrated=lambda connection: True,
        vault=vault,
        organisation=Organisation("UBND xã", retention="một năm"),
        sample=True,
    )
    with scripted.serving(site) as address:
        touch = {"has_touch": True, "java_script_enabled": False}
        context = chromium.new_context(viewport=size, base_url=address, **touch)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        page = context.new_page()
        page.goto(f"/kiosk/start/{link}")
        with page.expect_navigation():
            page.get_by_role("button", name="Bắt đầu").tap()
        seen = 0
        for _ in range(30):
            look(page, tmp_path / f"{seen}.png")
            seen += 1
            if page.get_by_text("Cảm ơn bà con").is_visible():
                break
            for name in ("Tiếng Việt", "Đồng ý", "Ấp 1 (mẫu)", "Hài lòng", "Rất hài lòng", "Bỏ qua", "Gửi phiếu"):
                button = page.get_by_role("button", name=name, exact=True)
                if button.is_visible():
                    with page.expect_navigation():
                        button.tap()
                    break
        expect(page.get_by_text("Cảm ơn bà con")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
        context.close()
    with database.transaction() as connection:
        assert connection.execute(select(Ballot.mode)).scalars().all() == ["kiosk"]
        assert connection.execute(select(Kiosk.ballots)).scalar_one() == 1


def look(page: Page, picture: Path) -> None:
    """Fits the screen's width, strong enough contrast, nothing too small for a thumb, and no way out."""
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(FAINT) == [] and page.evaluate(SMALL) == []
    leads = {link.get_attribute("href") for link in page.get_by_role("link").all()}
    assert leads <= {"#main", "/kiosk", "/kiosk/leave"}
    page.screenshot(path=picture, full_page=True)
