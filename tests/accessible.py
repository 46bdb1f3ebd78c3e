"""What a browser can tell of a page: what axe-core finds, what is wider than the screen."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
TWICE = "document.documentElement.style.fontSize = '225%'"  # the sheet's own 112.5 %, twice as large
ONCE = "document.documentElement.style.fontSize = ''"
# What reaches over the right edge, by its text; nothing that hides there on purpose.
WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.children.length)
  .map((node) => `${node.tagName} ${node.textContent.trim().slice(0, 40)}`)
  .concat([`the page is ${document.documentElement.scrollWidth} wide`])"""


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """Everything that axe-core objects to, of every impact; perhaps by some rules only."""
    page.evaluate(_script())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def faults(page: Page) -> list[str]:
    """What keeps somebody from using the page: in light, in dark, and with letters twice as large on a narrow phone."""
    size = page.viewport_size
    assert size
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in violations(page, "color-contrast")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(TWICE)
    found += [f"200 %: {each}" for each in page.evaluate(WIDE)]
    page.evaluate(ONCE)
    page.set_viewport_size(size)
    return found
