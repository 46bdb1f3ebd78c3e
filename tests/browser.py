"""Headless Chromium, wherever this machine has it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 640}


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser; without one the test is skipped in one visible line, or fails under LANGNGHE_REQUIRE_ALL=1."""
    path = next((found for name in NAMES if (found := shutil.which(name))), MAC if os.path.exists(MAC) else "")  # noqa: PTH110
    if not path:
        reason = "no Chromium was found (apt-get install chromium): the pages were not tried in a browser"
        if os.environ.get("LANGNGHE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
