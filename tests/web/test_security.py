"""What holds for every page: headers, same origin, limits, errors that tell nothing."""

from dataclasses import replace

import pytest

from web.security import same_origin

PATHS = ("/", "/results", "/chat", "/staff", "/s/thuanhoa26", "/khong-co", "/healthz")


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers(browser, path):
    headers = (await browser.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_personal_pages_are_never_kept_by_caches(browser):
    for path in ("/chat", "/staff", "/s/thuanhoa26"):
        assert (await browser.get(path)).headers["cache-control"] == "no-store"


async def test_static_files_are_kept_for_ever_under_a_name_that_follows_their_content(browser):
    page = (await browser.get("/")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    style = await browser.get(address)
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]
    assert (await browser.get("/static/style.css")).status_code == 404
    assert (await browser.get("/static/..%2fsite.py")).status_code == 404


async def test_no_page_has_inline_script_or_style(browser):
    for path in PATHS:
        page = (await browser.get(path)).text
        assert "<style" not in page and " style=" not in page and "onclick" not in page
        assert page.count("<script") == page.count('<script src="/static/')


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://xa.test", "host": "xa.test"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "http://xa.test", "host": "xa.test"}, True),
        ({"origin": "http://xa.test:8080", "host": "xa.test"}, False),
        ({"origin": "http://evil.test", "host": "xa.test"}, False),
        ({"origin": "null", "host": "xa.test"}, False),
        ({}, True),
    ],
)
def test_a_post_is_ours_when_the_browser_says_so(headers, ours):
    assert same_origin(headers) is ours


@pytest.mark.parametrize("path", ["/s/thuanhoa26", "/chat", "/leave", "/staff/sign-in", "/staff/sign-out"])
async def test_posts_from_other_sites_are_refused(browser, conversation, path):
    await browser.get("/s/thuanhoa26")
    answer = await browser.post(path, data={"choice": "yes"}, headers={"Origin": "http://evil.test"})
    assert answer.status_code == 403
    assert conversation.events == []


@pytest.mark.parametrize("path", ["/chat", "/s/thuanhoa26", "/staff/sign-in"])
async def test_a_form_too_long_is_refused(browser, path):
    await browser.get("/chat")
    assert (await browser.post(path, data={"text": "x" * 70_000})).status_code == 413


async def test_a_body_that_is_no_form_is_refused(browser):
    await browser.get("/chat")
    assert (await browser.post("/chat", content=b"\xff\xfe")).status_code == 400
    assert (await browser.post("/chat", data={f"f{n}": "" for n in range(30)})).status_code == 400


async def test_error_pages_are_vietnamese_and_echo_nothing(browser):
    missing = await browser.get("/%3Cb%3Exin-chao?q=canary")
    assert missing.status_code == 404
    assert "Không tìm thấy trang" in missing.text
    assert "canary" not in missing.text and "xin-chao" not in missing.text
    wrong = await browser.delete("/chat")
    assert wrong.status_code == 405
    assert wrong.headers["allow"]


async def test_a_failure_gives_a_page_with_headers_and_a_log_without_answers(browser, conversation, capsys):
    await browser.get("/chat")
    conversation.fails = True
    page = await browser.post("/chat", data={"key": "a", "text": "hi"})
    assert page.status_code == 500
    assert "không phải do bà con" in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    logged = "".join(capsys.readouterr())
    assert "RuntimeError" in logged and "secret answer" not in logged


async def test_https_is_insisted_on_only_where_it_is_served(browse, site):
    assert "strict-transport-security" not in (await browse().get("/")).headers
    assert "strict-transport-security" in (await browse(replace(site, secure_cookies=True)).get("/")).headers
