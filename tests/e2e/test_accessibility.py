"""Every public page, in each language: axe-core objects to nothing, and nothing is wider than a narrow phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import scripted
from accessible import faults
from browser import PHONE, launched
from phones import site_of
from playwright.sync_api import Browser, Locator, Page
from published import CODE, COMMUNE, issue_report, with_results
from village import AN_THANH, FORM, THUAN_HOA, Village, few_topics, filled_sqlite, one_village

from handlers.catalogue import LANGUAGES, load_catalogue
from surveys.ballots.kiosks import open_kiosk
from surveys.forms.form import Option, Question
from web.rendering import Pages
from web.site import WebDependencies

__all__ = ["few_topics", "filled_sqlite", "one_village"]

pytestmark = pytest.mark.browser

LEVELS = tuple(Option(str(level), {"vi": str(level)}, level > 3) for level in range(1, 6))
LEVEL = Question("muc", "select_one", {"vi": "Mức hài lòng, từ 1 đến 5?"}, options=LEVELS)
LONGER = replace(FORM, name="phieu-dai", questions=(*FORM.questions, LEVEL))
PIN = "2468"


@dataclass
class Walk:
    """Somebody who goes through the pages, and what was wrong with each."""

    page: Page
    language: str
    found: dict[str, list[str]] = field(default_factory=dict)

    def say(self, key: str) -> str:
        """The conversation's own text."""
        return load_catalogue().say(self.language, key)

    def look(self, name: str) -> None:
        self.found[name] = faults(self.page)

    def opens(self, path: str, name: str) -> None:
        self.page.goto(f"{path}{'&' if '?' in path else '?'}lang={self.language}")
        self.look(name)

    def press(self, button: str | Locator) -> None:
        """Press a choice, by its label."""
        if isinstance(button, str):
            button = (
                self.page.locator("main")
                .locator("button, a.choice")
                .filter(has_text=re.compile(rf"^\s*{re.escape(button)}\s*$"))
            )
        with self.page.expect_navigation():
            button.click()

    def answer(self, number: int = 0) -> None:
        """Press an answer to the question that stands."""
        self.press(self.page.locator("form.asked .choices button").nth(number))

    def types(self, text: str) -> None:
        if (folded := self.page.locator("main details")).count():
            folded.first.evaluate("node => node.open = true")
        self.page.locator("main [name=text]:not([type=hidden])").last.fill(text)
        self.press(self.page.locator("form.typed button.send").first)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@contextmanager
def walking(chromium: Browser, site: WebDependencies, language: str) -> Iterator[Walk]:
    """A browser on the site; at the end nothing may have been wrong with any page."""
    with scripted.serving(site) as address:
        context = chromium.new_context(viewport=PHONE, base_url=address)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        walk = Walk(context.new_page(), language)
        yield walk
        context.close()
    assert {name: wrong for name, wrong in walk.found.items() if wrong} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ballot_from_the_first_page_to_the_review(
    chromium: Browser, one_village: Village, tmp_path: Path, language: str
) -> None:
    entry = one_village.round(units=[THUAN_HOA, AN_THANH], form=LONGER)
    words = Pages().words(language)
    with walking(chromium, replace(site_of(one_village), sample=True), language) as walk:
        walk.opens("/", "home")
        walk.opens(f"/s/{entry.code}", "consent")
        walk.press(walk.say("consent.no"))
        walk.look("refusal")
        walk.press(walk.say("consent.change"))
        walk.look("place")
        walk.types("xxyyzz")
        walk.look("place not found")
        walk.types("phu tan")
        walk.look("candidates")
        walk.answer()
        walk.look("hamlet")
        walk.types("không có ấp này")
        walk.look("hamlet not found")
        walk.answer()
        walk.look("question")
        walk.answer(1)
        walk.answer(0)
        walk.look("several answers")
        walk.answer(3)
        walk.types("nhiều lắm")
        walk.look("number refused")
        walk.types("4")
        walk.look("date")
        walk.press(walk.say("survey.skip"))
        walk.look("open question")
        walk.types("đường hư")
        walk.answer()
        walk.look("scale")
        walk.answer(3)
        walk.look("thanks")
        walk.press(walk.say("survey.review"))
        walk.look("review")
        walk.page.goto(f"/s/{entry.code}")
        walk.look("returning")
        walk.press(walk.page.locator("main a.choice"))
        walk.press(walk.page.locator("footer button[name=text]"))
        walk.look("data")
        walk.press(walk.say("menu.menu"))
        walk.look("menu")
        walk.opens("/", "home again")
        [card] = one_village.households("12")
        walk.opens(f"/h/{card.code.long}", "card")
        walk.page.goto(f"/s/{entry.code}")
        walk.page.context.clear_cookies()
        walk.press(words("returning.somebody_else"))
        walk.page.context.clear_cookies()
        walk.press(walk.page.locator("form.asked .choices button").first)
        walk.look("no cookies")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat(chromium: Browser, one_village: Village, tmp_path: Path, language: str) -> None:
    one_village.round(form=LONGER)

    def ask(text: str, name: str) -> None:
        before = walk.page.locator("#log > .bot").count()
        walk.page.locator("#text").fill(text)
        walk.page.keyboard.press("Enter")
        settled(before, name)

    def tap(label: str, name: str) -> None:
        before = walk.page.locator("#log > .bot").count()
        walk.page.locator("#log button:enabled").filter(has_text=label).last.click()
        settled(before, name)

    def settled(before: int, name: str) -> None:
        walk.page.wait_for_function(
            "before => document.querySelectorAll('#log > .bot').length > before && !document.querySelector('.waiting')",
            arg=before,
        )
        walk.look(name)

    with walking(chromium, replace(site_of(one_village), sample=True), language) as walk:
        walk.opens("/chat", "chat")
        ask("đăng ký khai sinh", "answer")
        ask("chồng tui rượt chém tui", "danger")
        ask("dữ liệu của tôi", "data")
        ask("bài học", "lessons")
        tap(walk.say("faq.more"), "more lessons")
        guide = one_village.shared.library.guides["pay-by-qr"]
        tap({"en": guide.title_en, "km": guide.title_km}.get(language, guide.title), "lesson")
        tap(walk.say("guide.begin"), "step")
        walk.page.reload()
        walk.look("opened again")


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_papers_sign_in_and_what_is_not_there(chromium: Browser, tmp_path: Path, language: str) -> None:
    with scripted.scripted_site(tmp_path) as (site, _):
        results = with_results(replace(site, sample=True))
        paper, _ = issue_report(results, tmp_path)
        with walking(chromium, results, language) as walk:
            walk.opens("/results", "results")
            walk.opens(f"/results/{CODE}", "a round's results")
            walk.opens(f"/results/{CODE}/{COMMUNE}", "a commune's results")
            walk.opens(f"/results/{CODE}/receipt", "receipt")
            walk.page.locator("#code").fill("khong-co")
            walk.press(walk.page.locator("button.send"))
            walk.look("receipt not found")
            walk.opens(f"/results/{scripted.CODE}/receipt", "receipt later")
            walk.opens("/v", "paper's code")
            walk.opens("/v/khong-co", "no such paper")
            walk.opens(f"/v/{paper.code}", "paper")
            walk.opens("/staff", "sign-in")
            walk.page.locator("#name").fill("khong.ai")
            walk.page.locator("#password").fill("sai")
            walk.press(walk.page.locator("button.send"))
            walk.look("sign-in failed")
            walk.opens("/khong-co", "not found")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kiosk(chromium: Browser, one_village: Village, tmp_path: Path, language: str) -> None:
    entry = one_village.round(form=LONGER)
    words = Pages().words(language)
    with one_village.database.transaction() as connection:
        link = open_kiosk(connection, entry.id, one_village.unit(THUAN_HOA), PIN, datetime.now(UTC)).token
    with walking(chromium, replace(site_of(one_village), sample=True), language) as walk:
        walk.opens("/kiosk", "off")
        walk.opens(f"/kiosk/start/{link}", "door")
        walk.press(walk.page.locator("main button"))
        walk.look("welcome")
        walk.press(walk.page.locator(f"button[lang={language}]"))
        walk.look("agree")
        walk.press(words("kiosk.agree"))
        walk.look("hamlet")
        walk.press(walk.page.locator("main .choices button").first)
        walk.look("question")
        walk.press(walk.page.locator("main .choices button").first)
        walk.press(words("kiosk.done"))
        walk.page.locator("#text").fill("nhiều")
        walk.press(words("kiosk.next"))
        walk.look("number refused")
        walk.page.locator("#text").fill("4")
        walk.press(words("kiosk.next"))
        walk.look("date")
        walk.press(words("kiosk.skip"))
        for _ in range(2):
            walk.press(walk.page.locator("main .choices button").first)
        walk.look("send")
        walk.press(words("kiosk.send"))
        walk.look("thanks")
        walk.opens("/kiosk/leave", "leave")
