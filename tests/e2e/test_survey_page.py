"""The survey page in a browser, for people who read little: faces, a voice, Enter, errors that are told."""

from collections.abc import Iterator

import pytest
import scripted
from browser import PHONE, launched
from phones import site_of
from playwright.sync_api import Browser, BrowserContext, Page, expect
from village import AN_THANH, THUAN_HOA, Village, few_topics, filled_sqlite, one_village

__all__ = ["few_topics", "filled_sqlite", "one_village"]

pytestmark = pytest.mark.browser

# A browser with one voice, which keeps what it was given to read.
VOICE = """(() => {
  window.spoken = [];
  const voices = [{ lang: "vi-VN", name: "Linh" }];
  const nothing = () => {};
  const speak = (one) => spoken.push(one);
  const value = { getVoices: () => voices, addEventListener: nothing, cancel: nothing, speak };
  Object.defineProperty(window, "speechSynthesis", { value });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
})()"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def context(chromium: Browser, one_village: Village) -> Iterator[BrowserContext]:
    with scripted.serving(site_of(one_village)) as address:
        context = chromium.new_context(viewport=PHONE, base_url=address)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        yield context
        context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def begin(page: Page, code: str) -> None:
    page.goto(f"/s/{code}")
    press(page, "Đồng ý")
    press(page, "Ấp 1 (mẫu)")


def test_answers_about_satisfaction_have_a_face_that_no_reader_reads(page: Page, one_village: Village) -> None:
    begin(page, one_village.round().code)
    for name, mood in (("Hài lòng", "2"), ("Chưa hài lòng", "-2")):
        button = page.get_by_role("button", name=name, exact=True)  # the face is no part of its name
        expect(button).to_have_attribute("data-mood", mood)
        assert float(button.evaluate("each => parseFloat(getComputedStyle(each, '::before').width)")) > 20
        assert "svg" in button.evaluate("each => getComputedStyle(each, '::before').maskImage")
    press(page, "Hài lòng")
    expect(page.locator("[data-mood]")).to_have_count(0)
    expect(page.get_by_role("button", name="Quay lại", exact=True)).to_be_visible()  # nor is the arrow


def test_the_answers_are_a_group_named_by_their_question(page: Page, one_village: Village) -> None:
    begin(page, one_village.round().code)
    expect(page.get_by_role("group", name="Đường sá thế nào?")).to_be_visible()


def test_a_question_is_read_aloud_with_its_answers(page: Page, one_village: Village) -> None:
    page.add_init_script(VOICE)
    begin(page, one_village.round().code)
    page.get_by_role("button", name="Nghe câu hỏi").click()
    assert page.evaluate("spoken.map((one) => one.text)") == ["Đường sá thế nào?", "Hài lòng", "Chưa hài lòng"]
    assert page.evaluate("spoken.every((one) => one.lang === 'vi-VN')")
    page.get_by_role("button", name="Thôi nghe").click()
    expect(page.get_by_role("button", name="Nghe câu hỏi")).to_be_visible()


def test_without_a_voice_of_the_page_s_language_no_button_promises_one(page: Page, one_village: Village) -> None:
    page.add_init_script(VOICE)
    page.goto(f"/s/{one_village.round().code}?lang=km")
    expect(page.locator(".listen")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_enter_sends_a_place(page: Page, one_village: Village) -> None:
    page.goto(f"/s/{one_village.round(units=[THUAN_HOA, AN_THANH]).code}")
    press(page, "Đồng ý")
    page.get_by_label("Gõ tên xã, phường").fill("thuan hoa chau thanh")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ấp nào")
    page.get_by_text("Gõ tên ấp").first.click()
    page.get_by_label("Gõ tên ấp").fill("ap 2")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đường sá")


def test_what_was_wrong_is_told_at_once_and_by_the_field(page: Page, one_village: Village) -> None:
    begin(page, one_village.round().code)
    press(page, "Hài lòng")
    press(page, "Bỏ qua")
    page.get_by_label("Nhập một số").fill("nhiều lắm")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Lỗi: Câu 3/5")
    field = page.get_by_label("Nhập một số")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Câu này cần một con số, ví dụ 3.")


def test_nothing_that_a_page_does_is_against_the_security_policy(page: Page, one_village: Village) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.add_init_script(VOICE)
    begin(page, one_village.round().code)
    page.get_by_role("button", name="Nghe câu hỏi").click()
    assert complaints == []
