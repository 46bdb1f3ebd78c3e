"""Photograph every answer and every step of every lesson as a phone shows it: `make help-pictures`.

Writes build/help/*.png and a line for each that is higher than one screen. Needs Chromium.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright
from screenshots import ARGUMENTS, CHROMIUM
from take_pictures import running_demo

from faq.content.entries import Entry, load_entries
from faq.content.lessons import load_guides
from faq.search.building import build, is_built
from vietnamese.folding import fold

OUT = Path(__file__).resolve().parent.parent / "build" / "help"
WIDTH, HEIGHT = 360, 800  # CSS pixels of a common phone
BARS = 112  # of them taken by a messaging app's own bars, above and below


def main() -> int:
    """Returns 1 when something does not fit, or an answer could not be found by its own examples."""
    OUT.mkdir(parents=True, exist_ok=True)
    if not is_built(()):
        build(())  # or nothing would be found for a while
    failed, heights = 0, list[int]()
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(
            viewport={"width": WIDTH, "height": 3 * HEIGHT}, device_scale_factor=2, java_script_enabled=False
        ).new_page()
        for name, shown in chain(_answers(page, address), _lessons(page, address)):
            if not shown:
                failed += 1
                print(f"{name}: not found", file=sys.stderr)
                continue
            height = _photograph(page, name)
            heights.append(height)
            if height > HEIGHT - BARS:
                failed += 1
                print(f"{name}: {height} px, {height - HEIGHT + BARS} more than a screen", file=sys.stderr)
        browser.close()
    print(f"{len(heights)} pictures in {OUT}, {median(heights):.0f} px high in the middle, {max(heights)} at most")
    return 1 if failed else 0


def _answers(page: Page, address: str) -> Iterator[tuple[str, bool]]:
    for entry in load_entries():
        yield entry.id, any(_asked(page, address, text, entry) for text in (entry.title, *entry.examples[:6]))


def _asked(page: Page, address: str, text: str, entry: Entry) -> bool:
    _say(page, address, text)
    return _heading(page) == fold(entry.title)


def _lessons(page: Page, address: str) -> Iterator[tuple[str, bool]]:
    for guide in load_guides():
        _say(page, address, "bài học")
        if not page.get_by_role("button", name=re.compile(f"^{re.escape(guide.title)}")).count():
            page.get_by_role("button", name="Xem thêm").click()
        page.get_by_role("button", name=re.compile(f"^{re.escape(guide.title)}")).click()
        for number in range(len(guide.steps) + 5):  # with its beginning, something to try, a question, its answer
            yield f"{guide.id}-{number}", True
            onward = page.locator("form.choices button:not(.aside)")
            if not onward.count():
                break
            onward.first.click()


def _say(page: Page, address: str, text: str) -> None:
    page.goto(f"{address}/chat")
    page.get_by_role("textbox").fill(text)
    page.locator("#composer button").click()


def _heading(page: Page) -> str:
    heading = page.locator("#log li.bot .heading").last
    return fold(heading.inner_text()) if heading.count() else ""


def _photograph(page: Page, name: str) -> int:
    """Returns the height of what was said, without its buttons, in CSS pixels."""
    said = page.locator("#log li.bot").last
    said.screenshot(path=OUT / f"{name}.png")
    box = said.locator(".bubble").bounding_box()
    return round(box["height"]) if box else 0


if __name__ == "__main__":
    sys.exit(main())
