"""Take the README's pictures from a running server: `python tools/screenshots.py --url http://127.0.0.1:8080`.

Needs Chromium, and for the staff page an account there (the demo prints one).
"""

from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
QUESTION = "làm khai sinh trên mạng"


@click.command()
@click.option("--url", required=True, help="Address of the running server.")
@click.option("--out", default=PICTURES, type=click.Path(path_type=Path), help="Folder for the pictures.")
@click.option("--chromium", default=CHROMIUM, help="The browser's program.")
@click.option("--question", default=QUESTION, help="What is asked in the chat.")
@click.option("--staff-name", default="", help="Sign-in for the dashboard; without it the sign-in page is taken.")
@click.option("--staff-password", default="")
@click.option("--kiosk", default="", help="A kiosk's one-time link; without it there is no such picture.")
@click.option("--dark", is_flag=True, help="In dark colours.")
def main(
    url: str,
    out: Path,
    chromium: str,
    question: str,
    staff_name: str,
    staff_password: str,
    kiosk: str,
    dark: bool,
) -> None:
    """Write home, survey, chat, results, staff and kiosk as PNG of 540 × 960: phones, and a tablet for the kiosk."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, show in (
            ("home", lambda page: page.goto(url)),
            ("survey", lambda page: _to_a_question(page, url)),
            ("chat", lambda page: _ask(page, url, question)),
            ("results", lambda page: _to_a_result(page, url)),
            ("staff", lambda page: _sign_in(page, url, staff_name, staff_password)),
            *([("kiosk", lambda page: _at_the_desk(page, kiosk))] if kiosk else []),
        ):
            page = _screen(browser, *((540, 1.0) if name == "kiosk" else (360, 1.5)), dark=dark)
            show(page)
            path = out / f"{name}.png"
            page.screenshot(path=path)
            click.echo(path)
        browser.close()


def _screen(browser: Browser, width: int, density: float, *, dark: bool) -> Page:
    return browser.new_context(
        viewport={"width": width, "height": width * 16 // 9},
        device_scale_factor=density,
        locale="vi-VN",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    ).new_page()


def _to_a_question(page: Page, url: str) -> None:
    """The first open round, past consent and place, up to its second question."""
    page.goto(url)
    page.locator("a[href^='/s/']").first.click()
    for _ in range(8):
        if page.locator("progress").count() and page.locator("progress").get_attribute("value") != "1":
            break
        page.locator("button.choice").first.click()


def _ask(page: Page, url: str, question: str) -> None:
    """The chat after one question; a visitor who is asked for consent first agrees."""
    page.goto(f"{url}/chat")
    page.get_by_role("textbox").fill(question)
    page.locator("#composer button").click()
    page.locator("#log li.bot:not(:has(.waiting))").nth(1).wait_for()
    page.wait_for_timeout(300)


def _to_a_result(page: Page, url: str) -> None:
    """The newest published round."""
    page.goto(f"{url}/results")
    page.locator("article a[href^='/results/']").first.click()
    page.locator("svg.map").wait_for()
    page.locator("#map").evaluate("heading => heading.parentElement.scrollIntoView()")


def _at_the_desk(page: Page, link: str) -> None:
    """The first question of a ballot at the kiosk."""
    page.goto(link)
    for label in ("Bắt đầu", "Tiếng Việt", "Đồng ý"):
        page.get_by_role("button", name=label, exact=True).click()
    page.locator("button.choice").first.click()
    page.locator("progress").wait_for()


def _sign_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/staff")
    if name:
        page.locator("#name").fill(name)
        page.locator("#password").fill(password)
        page.locator("button.send").click()
        page.locator("article").first.wait_for()


if __name__ == "__main__":
    main()
