"""The pages in a real browser: by keyboard, without JavaScript, on a small phone, in both colour schemes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import scripted
from browser import PHONE, launched
from playwright.sync_api import Browser, BrowserContext, Page, expect

FIRST_PAGE_LIMIT = 20 * 1024  # bytes over the wire: page, style sheet, icon
PATHS = ("/", "/s/" + scripted.CODE, "/chat", "/results", "/staff", "/khong-co")

pytestmark = pytest.mark.browser

# Every text with less than WCAG 2.2's contrast (1.4.3: 4.5, or 3 for large text), as "text: ratio".
FAINT = """() => {
  const linear = (part) => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [red, green, blue] = numbers(color).map((part) => linear(part / 255));
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor, parts = numbers(color);
      if (parts.length < 4 || parts[3] === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode()); ) {
    const node = text.parentElement;
    if (!text.textContent.trim() || !node.checkVisibility() || node.disabled) continue;
    const style = getComputedStyle(node), pair = [light(style.color), light(behind(node))].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${text.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""

# Controls smaller than WCAG 2.2's 24 pixels (2.5.8), except links inside a sentence; choices below our 52.
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), textarea, summary")]
  .filter((node) => node.checkVisibility() && !node.closest("p:not(.status)") && !node.matches(".skip"))
  .map((node) => [node, node.getBoundingClientRect(), node.matches(".choice:not(.aside), .send") ? 52 : 24])
  .filter(([, box, height]) => box.width < 24 || box.height < height)
  .map(([node, box]) => `${node.textContent.trim() || node.name}: ${box.width} × ${box.height}`)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def conversation(tmp_path: Path) -> Iterator[scripted.ScriptedConversation]:
    with scripted.scripted_site(tmp_path) as (site, conversation), scripted.serving(site) as address:
        conversation.url = address
        yield conversation


@pytest.fixture
def url(conversation: scripted.ScriptedConversation) -> str:
    return conversation.url


@pytest.fixture
def phone(chromium: Browser, url: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=url)
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus, and the focus can be seen."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id") == name:
            assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
            return
    pytest.fail(f"the keyboard does not reach {name!r}")


def enter(page: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to: a reload in the middle of that has no page to reload."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def answer_everything(page: Page) -> None:
    """The whole survey, by pointer."""
    for label in ("Đồng ý", "Hài lòng", "Đèn đường", "Xong câu này"):
        press(page, label)
    page.get_by_role("textbox").fill("4")
    page.get_by_role("button", name="Gửi").click()
    page.get_by_role("button", name="Bỏ qua").click()


def test_a_survey_is_answered_by_keyboard_alone(page, conversation):
    page.goto("/")
    tab_to(page, page.locator("a.card.main").nth(1).text_content().strip())
    enter(page)
    for label in ("Đồng ý", "Hài lòng", "Đèn đường", "Xong câu này"):
        tab_to(page, label)
        enter(page)
    tab_to(page, "text")
    page.keyboard.type("4")
    enter(page)
    tab_to(page, "Bỏ qua")
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("phiếu đã được ghi nhận")
    assert [event.choice or event.text for event in conversation.events if event.kind != "start"] == [
        "yes", "road-1", "pick-light", "done", "4", "skip",
    ]  # fmt: skip


def test_a_survey_is_answered_without_javascript_and_reloading_is_harmless(chromium, url, conversation):
    context = chromium.new_context(viewport=PHONE, base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/s/" + scripted.CODE)
    press(page, "Đồng ý")
    page.reload()
    page.goto("/s/" + scripted.CODE)
    press(page, "Hài lòng")
    page.reload()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
    assert len(conversation.events) == 3  # start, consent, one answer
    context.close()


def test_the_whole_survey_ends_with_thanks(page):
    page.goto("/s/" + scripted.CODE)
    answer_everything(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cảm ơn bà con")


def test_the_chat_works_without_javascript(chromium, url):
    context = chromium.new_context(viewport=PHONE, base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/chat")
    page.get_by_role("textbox").fill("khai sinh")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đăng ký khai sinh trên mạng")).to_be_visible()
    context.close()


def test_the_chat_appends_bubbles_and_keeps_the_focus(page):
    page.goto("/chat")
    page.get_by_role("textbox").fill("khai sinh trên mạng")
    page.keyboard.press("Enter")
    expect(page.locator("#log > li")).to_have_count(3)  # greeting, question, answer
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("button", name="Đồng ý", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Có ích")).to_be_enabled()
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_a_pressed_button_hands_the_focus_to_the_next_question(page):
    page.goto("/chat")
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    expect(page.get_by_role("button", name="Hài lòng", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Hài lòng", exact=True)).to_be_visible()


def test_a_question_sent_without_network_is_sent_again_and_counts_once(phone, page, conversation):
    page.goto("/chat")
    phone.set_offline(True)
    page.get_by_role("textbox").fill("khai sinh")
    page.keyboard.press("Enter")
    again = page.get_by_role("button", name="Gửi lại")
    expect(again).to_be_focused()
    phone.set_offline(False)
    again.click()
    expect(page.get_by_text("Đăng ký khai sinh trên mạng")).to_be_visible()
    assert len(conversation.events) == 1


def test_the_security_policy_blocks_nothing_of_ours(page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in PATHS[:-1]:
        page.goto(path)
    page.goto("/chat")
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    expect(page.get_by_role("button", name="Hài lòng", exact=True)).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("path", PATHS)
def test_a_small_phone_needs_no_sideways_scrolling(page, path):
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(SMALL) == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18


def test_the_dashboard_fits_a_small_phone(page):
    page.goto("/staff")
    page.locator("#name").fill("thuan.hoa")
    page.locator("#password").fill(scripted.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    for path in ("/staff", "/staff/rounds/4"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(chromium, url, scheme):
    context = chromium.new_context(viewport=PHONE, base_url=url, color_scheme=scheme)
    page = context.new_page()
    for path in PATHS:
        page.goto(path)
        assert page.evaluate(FAINT) == [], path
    page.goto("/s/" + scripted.CODE)
    for label in ("Đồng ý", "Hài lòng", "Đèn đường"):
        press(page, label)
        assert page.evaluate(FAINT) == [], label
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_every_control_has_a_name_and_every_page_one_heading(phone, page, path):
    page.goto(path)
    tree = phone.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    controls = [
        node
        for node in tree
        if node.get("role", {}).get("value") in ("button", "link", "textbox", "progressbar", "table", "log")
    ]
    assert controls
    assert all(node["name"]["value"].strip() for node in controls)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "vi"


def test_the_first_page_is_light(page):
    weights = []
    page.on("requestfinished", lambda request: weights.append(request.sizes()))
    page.goto("/", wait_until="networkidle")
    total = sum(weight["responseBodySize"] + weight["responseHeadersSize"] for weight in weights)
    assert len(weights) >= 2
    assert total <= FIRST_PAGE_LIMIT


def test_somebody_who_wants_no_motion_gets_none(chromium, url):
    context = chromium.new_context(viewport=PHONE, base_url=url, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/chat")
    page.evaluate(
        "document.getElementById('log').append(Object.assign(document.createElement('p'), {className: 'waiting'}))"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('.waiting')).animationName") == "none"
    context.close()
