"""The survey page: what is posted, what is stored, what is shown."""

import re
from dataclasses import replace

import pytest
from scripted import CODE, NOW, OTHER_CODE
from sqlalchemy import func, select

from storage.tables import Person
from web.form_events import events

PAGE = f"/s/{CODE}"


def key_of(page):
    return re.search(r'name="key" value="(\w+)"', page.text)[1]


async def press(browser, choice="", text=""):
    page = await browser.get(PAGE)
    return await browser.post(PAGE, data={"key": key_of(page), "choice": choice, "text": text})


async def test_looking_at_a_survey_stores_nothing(browser, site, conversation):
    page = await browser.get(PAGE)
    assert page.status_code == 200
    assert "Xin chào bà con!" in page.text
    assert conversation.events == []
    assert await site.database.read(lambda db: db.execute(select(func.count(Person.id))).scalar()) == 0


async def test_the_first_answer_joins_the_round_and_leads_back_to_the_page(browser, conversation):
    answer = await press(browser, "yes")
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert [(event.kind, event.start_payload, event.choice) for event in conversation.events] == [
        ("start", CODE, ""),
        ("choice", "", "yes"),
    ]


async def test_later_answers_do_not_join_again(browser, conversation):
    await press(browser, "yes")
    await press(browser, "road-1")
    assert [event.kind for event in conversation.events] == ["start", "choice", "choice"]


async def test_an_answer_on_the_page_of_another_round_joins_that_round(browser, conversation):
    await press(browser, "yes")
    page = await browser.get(f"/s/{OTHER_CODE}")
    await browser.post(f"/s/{OTHER_CODE}", data={"key": key_of(page), "choice": "road-1"})
    assert [event.start_payload for event in conversation.events] == [CODE, "", OTHER_CODE, ""]


async def test_an_answer_posted_twice_counts_once(browser, conversation):
    await press(browser, "yes")
    page = await browser.get(PAGE)
    form = {"key": key_of(page), "choice": "road-1"}
    first, second = await browser.post(PAGE, data=form), await browser.post(PAGE, data=form)
    assert [first.status_code, second.status_code] == [303, 303]
    assert [event.choice for event in conversation.events] == ["", "yes", "road-1"]


async def test_another_choice_on_a_page_gone_back_to_is_another_event(browser, conversation):
    await press(browser, "yes")
    page = await browser.get(PAGE)
    for choice in ("road-1", "road-0"):
        await browser.post(PAGE, data={"key": key_of(page), "choice": choice})
    assert [event.choice for event in conversation.events][-2:] == ["road-1", "road-0"]


async def test_a_correction_is_shown_at_once_with_the_question(browser):
    for choice in ("yes", "road-1", "done"):
        await press(browser, choice)
    answer = await press(browser, text="nhiều lắm")
    assert answer.status_code == 200
    assert "Mình chưa hiểu" in answer.text
    assert "Nhà mình có mấy người?" in answer.text


async def test_a_question_shows_its_number_its_options_and_what_is_ticked(browser):
    for choice in ("yes", "road-1", "pick-water"):
        await press(browser, choice)
    page = (await browser.get(PAGE)).text
    assert 'max="4" value="2"' in page
    assert page.count("Câu 2/4") == 2  # in the title and over the bar, not again in the note
    assert re.search(r'value="pick-water" aria-pressed="true"', page)
    assert not re.search(r'value="pick-light" aria-pressed', page)


async def test_ways_out_stand_below_the_field(browser):
    for choice in ("yes", "road-1", "done"):
        await press(browser, choice)
    await press(browser, text="4")
    page = (await browser.get(PAGE)).text
    assert page.index("<textarea") < page.index('value="skip"')


async def test_the_end_says_so_and_leads_home(browser):
    for choice in ("yes", "road-1", "done"):
        await press(browser, choice)
    for text in ("4", "Cảm ơn xã"):
        answer = await press(browser, text=text)
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert "phiếu đã được ghi nhận" in page
    assert 'class="tick"' in page
    assert "<textarea" not in page


async def test_a_browser_without_cookies_is_told_so_and_nothing_is_stored(browser, conversation):
    page = await browser.get(PAGE)
    browser.cookies.clear()
    answer = await browser.post(PAGE, data={"key": key_of(page), "choice": "yes"})
    assert answer.status_code == 400
    assert "cookie" in answer.text
    assert conversation.events == []


async def test_the_cookie_is_random_and_out_of_reach_of_scripts(browse, site):
    secure = await browse(replace(site, secure_cookies=True)).get(PAGE)
    plain = await browse().get(PAGE)
    cookies = [page.headers["set-cookie"] for page in (secure, plain)]
    for cookie in cookies:
        assert re.match(r"ln=[0-9a-f]{32}; HttpOnly; Max-Age=15552000; Path=/; SameSite=lax", cookie)
    assert cookies[0].endswith("Secure") and "Secure" not in cookies[1]
    assert cookies[0][:35] != cookies[1][:35]


async def test_conversations_never_see_the_cookie(browser, conversation):
    await press(browser, "yes")
    cookie = browser.cookies["ln"]
    assert re.fullmatch(r"[0-9a-f]{32}", conversation.events[0].address)
    assert cookie not in {event.address for event in conversation.events}


async def test_a_cookie_that_is_not_ours_is_replaced(browse):
    page = await browse(cookies={"ln": "chosen-by-somebody"}).get(PAGE)
    assert re.match(r"ln=[0-9a-f]{32};", page.headers["set-cookie"])


async def test_leaving_a_shared_phone_makes_the_next_visitor_a_stranger(browser):
    await press(browser, "yes")
    await browser.post("/leave")
    assert "Xin chào bà con!" in (await browser.get(PAGE)).text


@pytest.mark.parametrize("path", ["/s/khong-co", "/s/a.b", "/s/" + "a" * 65, "/s/%3Cscript%3E"])
async def test_an_unknown_code_is_not_found(browser, path):
    page = await browser.get(path)
    assert page.status_code == 404
    assert "script" not in page.text


async def test_an_empty_post_changes_nothing(browser, conversation):
    answer = await press(browser)
    assert answer.status_code == 303
    assert conversation.events == []


async def test_the_language_a_visitor_picked_is_a_hint_to_the_conversation(browse, conversation):
    browser = browse()
    await browser.get("/?lang=km")
    await press(browser, "yes")
    assert conversation.events[-1].language == "km"


async def test_the_browser_s_own_language_decides_nothing_as_many_phones_here_are_set_to_english(browse, conversation):
    browser = browse(headers={"Accept-Language": "en-US,en;q=0.9"})
    await press(browser, "yes")
    assert conversation.events[-1].language == ""


def test_both_events_of_a_first_answer_have_keys_that_repeat_only_with_the_same_answer():
    def keys(**form):
        said = events(form, address="a", start=CODE, language="vi", now=NOW)
        return [event["key"] for event in said]

    assert keys(key="k", choice="yes") == keys(key="k", choice="yes")
    assert not set(keys(key="k", choice="yes")) & set(keys(key="k", choice="no"))
    assert not set(keys(key="k", choice="yes")) & set(keys(key="l", choice="yes"))


def test_a_form_says_which_question_its_page_asked() -> None:
    said = {"address": "a", "language": "vi", "now": NOW}
    [typed] = events({"key": "0f.ask:1:0.mac", "text": "ngập"}, start="", **said)
    assert typed["shown"] == "ask:1:0.mac"
    [unsaid] = events({"key": "0f", "text": "ngập"}, start="", **said)
    assert "shown" not in unsaid  # the conversation knows what it said last


def test_what_a_stranger_was_shown_is_what_the_browser_says() -> None:
    said = {"address": "a", "language": "vi", "now": NOW, "start": CODE}
    for form, seen, shown in (
        ({"key": "0f"}, "agree:1.mac", "agree:1.mac"),
        ({"key": "0f"}, "", ""),
        ({"key": "0f.x"}, "y", "x"),
    ):
        _, typed = events({**form, "text": "ok"}, seen=seen, **said)
        assert typed["shown"] == shown
