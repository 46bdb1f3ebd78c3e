"""The kiosk in a real browser, by touch alone, without JavaScript: the tablet on a desk, a helper's phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import scripted
from browser import launched
from e2e.test_pages import FAINT, SMALL
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert, select, update

from bot.samples import make_sample
from storage.database import Database
from storage.tables import Assisted, Ballot, Base, Household, Kiosk, Round, RoundUnit, Unit
from surveys.ballots.kiosks import open_for, open_kiosk
from surveys.organisation import Organisation
from surveys.secrecy.vault import Vault
from web.site import WebDependencies

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
        entry, unit = connection.execute(select(RoundUnit.round_id, RoundUnit.unit_id).limit(1)).one()
        link = open_kiosk(connection, entry, unit, "2468", now).token
    with touched(chromium, database, vault, size) as page:
        fill_in(page, link, tmp_path)
        page.go_back()
        expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    with database.transaction() as connection:
        assert connection.execute(select(Ballot.mode)).scalars().all() == ["kiosk"]
        assert connection.execute(select(Kiosk.ballots)).scalar_one() == 1


def test_a_helpers_phone_shows_nothing_of_a_ballot_that_was_sent(
    chromium: Browser, database: Database, tmp_path: Path
) -> None:
    vault, now = Vault(tmp_path / "secrets"), datetime.now(UTC)
    make_sample(database, vault, now)
    with database.transaction() as connection:
        entry = connection.execute(select(RoundUnit.round_id).limit(1)).scalar_one()
        hamlet = connection.execute(select(Unit.id).where(Unit.name == "Ấp 1 (mẫu)").limit(1)).scalar_one()
        connection.execute(update(Round).where(Round.id == entry).values(counts="household"))
        connection.execute(insert(Household).values(id=7, unit_id=hamlet, number="12"))
        visit = {"round_id": entry, "household_id": 7, "helper": "Lan", "day": now, "how": "alone"}
        connection.execute(insert(Assisted).values(**visit))
        link = open_for(connection, entry, 7, hamlet, now).token
    with touched(chromium, database, vault, PHONE) as page:
        fill_in(page, link, tmp_path)
        assert not page.get_by_role("link", name="Người tiếp theo").count()
        for _ in range(3):
            page.go_back()
            expect(page.get_by_role("heading", name="Máy này chưa dùng được")).to_be_visible()
    with database.transaction() as connection:
        assert connection.execute(select(Ballot.mode)).scalars().all() == ["assisted"]
        assert connection.execute(select(Kiosk.id)).first() is None


@contextmanager
def touched(chromium: Browser, database: Database, vault: Vault, size: dict[str, int]) -> Iterator[Page]:
    """A screen without JavaScript or a keyboard, on the site of this database."""
    site = WebDependencies(
        conversation=None,  # type: ignore[arg-type]  (nobody talks here)
        database=database,
        vault=vault,
        organisation=Organisation("UBND xã", retention="một năm"),
        sample=True,
    )
    with scripted.serving(site) as address:
        touch = {"has_touch": True, "java_script_enabled": False}
        context = chromium.new_context(viewport=size, base_url=address, **touch)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        yield context.new_page()
        context.close()


def fill_in(page: Page, link: str, pictures: Path) -> None:
    """From the one-time link to the thanks, looking at each page."""
    page.goto(f"/kiosk/start/{link}")
    with page.expect_navigation():
        page.get_by_role("button", name="Bắt đầu").tap()
    for seen in range(30):
        look(page, pictures / f"{seen}.png")
        if page.get_by_text("Cảm ơn bà con").is_visible():
            break
        for name in ("Tiếng Việt", "Đồng ý", "Ấp 1 (mẫu)", "Hài lòng", "Rất hài lòng", "Bỏ qua", "Gửi phiếu"):
            button = page.get_by_role("button", name=name, exact=True)
            if button.is_visible():
                with page.expect_navigation():
                    button.tap()
                break
    expect(page.get_by_text("Cảm ơn bà con")).to_be_visible()


def look(page: Page, picture: Path) -> None:
    """Fits the screen's width, strong enough contrast, nothing too small for a thumb, and no way out."""
    assert page.viewport_size
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(FAINT) == [] and page.evaluate(SMALL) == []
    leads = {link.get_attribute("href") for link in page.get_by_role("link").all()}
    assert leads <= {"#main", "/kiosk", "/kiosk/leave"}
    page.screenshot(path=picture, full_page=True)
