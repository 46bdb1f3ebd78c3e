"""The real program on the web: a resident finishes the round by keyboard alone, without JavaScript."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PHONE, launched
from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
YES, NO = "Hài lòng", "Chưa hài lòng"


class Program:
    """The program on SQLite in a folder of its own, with the sample rounds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "LANGNGHE_DATABASE__URL": f"sqlite:///{folder}/langnghe.db",
            "LANGNGHE_SECRECY__FOLDER": str(folder / "secrets"),
            "LANGNGHE_WEB__PORT": "0",
        }

    def command(self, *words: str) -> Any:
        run = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout) if "--json" in words else run.stdout


@pytest.fixture
def program(tmp_path: Path) -> Program:
    program = Program(tmp_path)
    program.command("migrate")
    program.command("sample")
    return program


@pytest.fixture
def url(program: Program) -> Iterator[str]:
    with (program.folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=program.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://" in line, (program.folder / "log").read_text()
        yield line.split()[-1].rstrip("/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        process.stdout.close()


@pytest.fixture
def page(url: str) -> Iterator[Page]:
    with launched() as browser:
        context = browser.new_context(viewport=PHONE, java_script_enabled=False)
        context.set_default_timeout(30_000)
        yield context.new_page()
        context.close()


def click(page: Page, control: Locator) -> None:
    """Click and wait for the page it leads to."""
    with page.expect_navigation():
        control.click()


def press(page: Page, name: str) -> None:
    """Tab to the button with this name, and press Enter."""
    page.locator("body").press("Tab")
    for _ in range(40):
        focused = page.locator(":focus")
        if focused.count() and focused.inner_text().strip() == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {name!r}: {page.locator('main').inner_text()}")


def test_a_resident_finishes_the_round_by_keyboard_alone_and_without_javascript(program, url, page):
    rounds = program.command("round", "list", "--json")["rounds"]
    [entry] = [each for each in rounds if "Thuận Hòa" in each["name"]]

    page.goto(f"{url}/s/{entry['code']}")
    assert "Bà con có đồng ý không?" in page.locator("main").inner_text()
    press(page, "Đồng ý")
    press(page, "Ấp 2 (mẫu)")
    answers = [YES, NO, YES, YES, YES, YES, YES, YES, NO, YES, YES]
    for answer in answers:
        press(page, answer)
    heading = page.locator("h1").inner_text()
    page.locator("textarea").fill("Đường ấp còn lầy; cán bộ bận.")  # typing is keyboard too
    press(page, "Gửi")
    assert page.locator("h1").inner_text() != heading
    press(page, "Bỏ qua")
    assert "phiếu đã được ghi nhận" in page.locator("main").inner_text()

    page.goto(f"{url}/s/{entry['code']}")  # reloading changes nothing
    status = program.command("round", "status", str(entry["round"]), "--json")
    assert status["ballots"]["submitted"] == 1
    assert {unit["unit"]: unit["ballots"] for unit in status["units"]}["31582/Ấp 2 (mẫu)"] == 1

    program.command("round", "close", str(entry["round"]), "--by", "Bà Sáu", "--with", "Ông Tư")
    out = program.folder / "phieu.csv"
    program.command("export", str(entry["round"]), "--format", "csv", "--out", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        [ballot] = csv.DictReader(file)
    assert [value for value in ballot.values() if value in (YES, NO)] == answers
    assert "Đường ấp còn lầy; cán bộ bận." in ballot.values()


def test_a_resident_stops_half_way_and_resumes_by_cookie_and_by_code_on_another_device(program, url, page):
    rounds = program.command("round", "list", "--json")["rounds"]
    address = f"{url}/s/{rounds[0]['code']}"
    page.goto(address)
    press(page, "Đồng ý")
    click(page, page.locator("main button").first)
    press(page, YES)
    third = page.locator("h1").inner_text()

    page.goto(f"{url}/chat")
    page.locator("textarea, input[name=text]").first.fill("mã tiếp tục")
    click(page, page.locator("button.send, form button").last)
    code = next(word for word in page.locator("body").inner_text().split() if word.startswith("LN-"))
    page.goto(address)
    assert page.locator("h1").inner_text() == third

    browser = page.context.browser
    assert browser is not None
    other = browser.new_context(viewport=PHONE, java_script_enabled=False)
    elsewhere = other.new_page()
    elsewhere.goto(address)
    elsewhere.locator("summary").click()
    elsewhere.locator("#code").fill(code)
    click(elsewhere, elsewhere.locator("details button"))
    assert third in elsewhere.locator("main").inner_text()
    other.close()
