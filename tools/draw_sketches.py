"""Draw the guides' sketches as PNG beside their SVG, for apps that show no SVG: `python tools/draw_sketches.py`.

Needs Chromium. Run it after changing an SVG; a test compares the names.
"""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from screenshots import ARGUMENTS, CHROMIUM

from faq.content.lessons import PICTURES

WIDTH, HEIGHT = 320, 200  # of every sketch's viewBox


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2).new_page()
        for path in sorted(PICTURES.glob("*.svg")):
            _draw(page, path)
        browser.close()


def _draw(page: Page, path: Path) -> None:
    drawing = path.read_text(encoding="utf-8")
    page.set_content(f'<body style="margin:0"><style>svg {{ display: block; width: 320px }}</style>{drawing}</body>')
    page.screenshot(path=path.with_suffix(".png"))


if __name__ == "__main__":
    main()
