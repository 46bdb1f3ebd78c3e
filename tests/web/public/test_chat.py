"""The chat, with and without its script."""

import re

import pytest

from handlers.messages import Choice, Message, Picture, Row
from web.public.chat import as_json

JSON = {"Accept": "application/json"}


async def ask(browser, **form):
    page = await browser.get("/chat")
    key = re.search(r'name="key" value="(\w+)"', page.text)[1]
    return await browser.post("/chat", data={"key": key, **form})


async def test_without_script_an_answer_is_a_page(browser):
    page = await ask(browser, text="khai sinh trên mạng")
    assert page.status_code == 200
    assert "khai sinh trên mạng" in page.text  # what was asked
    assert 'href="https://dichvucong.gov.vn"' in page.text
    assert 'value="useful"' in page.text


async def test_with_script_an_answer_is_json_with_the_next_key(browser):
    await browser.get("/chat")
    first = await browser.post("/chat", data={"key": "a", "text": "khai sinh"}, headers=JSON)
    body = first.json()
    assert [message["title"] for message in body["messages"]] == ["Đăng ký khai sinh trên mạng"]
    assert body["messages"][0]["choices"][0] == {
        "token": "useful",
        "label": "Có ích",
        "url": "",
        "selected": False,
        "aside": False,
    }
    assert re.fullmatch(r"[0-9a-f]{32}", body["key"])


async def test_a_question_sent_again_is_one_event_and_gets_what_stands(browser, conversation):
    await browser.get("/chat")
    form = {"key": "a", "text": "khai sinh"}
    await browser.post("/chat", data=form, headers=JSON)
    again = await browser.post("/chat", data=form, headers=JSON)
    assert len(conversation.events) == 1
    assert again.json()["messages"][0]["title"] == "Xin chào bà con!"


async def test_the_script_is_told_when_cookies_are_missing(browser, conversation):
    answer = await browser.post("/chat", data={"key": "a", "text": "khai sinh"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["refused"] == "cookies"
    assert conversation.events == []


async def test_what_a_visitor_types_is_never_markup(browser):
    page = await ask(browser, text="<script>alert(1)</script>")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_sketch_of_a_lesson_is_served_for_pages_and_for_apps(browser):
    for name, media_type in (("pay-by-qr-1.svg", "image/svg+xml"), ("pay-by-qr-1.png", "image/png")):
        sketch = await browser.get(f"/pictures/{name}")
        assert sketch.status_code == 200 and sketch.headers["content-type"].startswith(media_type)
    for name in ("none.svg", "..%2fpay-by-qr.md", "README.md"):
        assert (await browser.get(f"/pictures/{name}")).status_code == 404


EVERYTHING = Message(
    title="Bước hai",
    text="Đọc xong rồi bấm tiếp.",
    note="Bước 2/3 · Bài mẫu",
    choices=(
        Choice("t-smile", "Hài lòng", mood=2),
        Choice("t-ticked", "Đèn đường", selected=True),
        Choice("t-khmer", "ខ្មែរ", language="km"),
        Choice("", "Trang kết quả", url="https://xa.example/"),
        Choice("t-back", "◀ Quay lại", aside=True),
    ),
    progress=(2, 3),
    picture=Picture("pay-by-qr-1", "Một mã QR"),
    in_vietnamese=("title", "text"),
)
BALLOT = Message(
    title="Phiếu của bà con",
    text="Bấm số câu muốn sửa:\n\n1. Đường sá?\n→ Hài lòng",
    choices=(Choice("t-1", "1"), Choice("t-keep", "Giữ nguyên", aside=True)),
    scene="review",
    lead="Câu nào muốn đổi thì bấm Sửa.",
    rows=(Row("Đường sá?", "Hài lòng", Choice("t-1", "1")),),
)


@pytest.mark.parametrize("path", ["/chat", "/s/thuanhoa26"])
async def test_everything_that_a_message_may_hold_reaches_both_pages(browser, conversation, path):
    async def current(*_):
        return EVERYTHING

    conversation.current = current
    page = (await browser.get(path)).text
    for said in (
        "Bước hai", "Đọc xong rồi bấm tiếp.", "Bước 2/3", "Bài mẫu",
        'src="/pictures/pay-by-qr-1.svg"', 'alt="Một mã QR"',
        'value="t-smile"', 'data-mood="2"', 'aria-pressed="true"', 'lang="km"', 'href="https://xa.example/"',
        'aria-label="Quay lại">◀ Quay lại</button>',
    ):  # fmt: skip
        assert said in page, said
    assert "Câu 2/3" not in page
    assert 'lang="vi">Bước hai' in (await browser.get(f"{path}?lang=en")).text


@pytest.mark.parametrize("path", ["/chat", "/s/thuanhoa26"])
async def test_a_ballot_to_look_through_is_rows_on_both_pages(browser, conversation, path):
    async def current(*_):
        return BALLOT

    conversation.current = current
    page = (await browser.get(path)).text
    assert "bấm Sửa." in page and "Đường sá?" in page and "Bấm số câu" not in page
    assert page.count('value="t-1"') == 1 and '<span class="hidden"> câu 1: Đường sá?</span>' in page
    assert 'value="t-keep"' in page


def test_the_script_is_given_the_same():
    told = as_json(EVERYTHING)
    assert told["picture"] == {"name": "pay-by-qr-1", "says": "Một mã QR"}
    assert told["in_vietnamese"] == ["title", "text"] and told["choices"][0]["mood"] == 2
    assert as_json(BALLOT)["rows"] == [{"question": "Đường sá?", "answer": "Hài lòng", "token": "t-1"}]
