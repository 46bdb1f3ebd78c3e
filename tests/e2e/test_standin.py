"""The stand-in is the judge of other tests, so it is tested first: with python-telegram-bot and by hand."""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from effort import unit
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from village import until

from bot.channels.telegram.http import AiohttpRequest
from standin import Clock, Fault, Limit, Phone, TelegramStandIn, bot_api

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Hài lòng", callback_data="a1"), InlineKeyboardButton("Chưa", callback_data="a0")]]
)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(autouse=True)
def new_style_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns about whole seconds in `RetryAfter`, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def request() -> AiohttpRequest:
    return AiohttpRequest(64, timeout=20, trusted=ssl.create_default_context())


@asynccontextmanager
async def bot_of(telegram: TelegramStandIn, token: str = "") -> AsyncIterator[Bot]:
    polling = request()
    async with Bot(
        token or telegram.token, base_url=telegram.base_url, request=request(), get_updates_request=polling
    ) as bot:
        yield bot


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn(retry_delays=(0.01,)) as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: TelegramStandIn) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as bot:
        yield bot


@pytest.fixture
def phone(telegram: TelegramStandIn) -> Phone:
    return telegram.phone(42, written=True)


async def post(telegram: TelegramStandIn, method: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """A JSON request by hand; returns the status and the body of the answer."""
    url = telegram.base_url + telegram.token + "/" + method
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.json()


async def refused(telegram: TelegramStandIn, method: str, **body: Any) -> str:
    """The description of a 400 that was put on record as a violation."""
    before = len(telegram.violations)
    status, answer = await post(telegram, method, **body)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400), answer
    assert len(telegram.violations) == before + 1
    assert telegram.violations[-1].method == method
    return str(answer["description"])


class Receiver:
    """The bot's webhook address; `answer` decides what each post gets."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda update: 200
        self.answer_headers: dict[str, str] = {}
        self.delay: Callable[[dict[str, Any]], float] = lambda update: 0.0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.headers.append(request.headers)
        await asyncio.sleep(self.delay(update))
        status = self.answer(update)
        if status == 200:
            self.received.append(update)
        return web.Response(status=status, headers=self.answer_headers if status != 200 else {})

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.received if "message" in update]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/in", receiver.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    yield receiver
    await runner.cleanup()


# The door


async def test_a_wrong_token_is_unauthorized(telegram: TelegramStandIn) -> None:
    with pytest.raises(InvalidToken):
        async with bot_of(telegram, "1:wrong"):
            pass


async def test_an_unknown_method_is_not_found(telegram: TelegramStandIn) -> None:
    status, body = await post(telegram, "sendTelepathy")
    assert (status, body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    assert bot.bot.is_bot
    assert bot.id == 7000000001


# What a request may look like


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"chat_id": 42, "text": "chào", "bogus": 1}, "unknown field bogus"),
        ({"chat_id": 42}, "missing field text"),
        ({"text": "chào"}, "missing field chat_id"),
        ({"chat_id": 42, "text": 7}, "text: must be String"),
        ({"chat_id": True, "text": "chào"}, "chat_id: must be"),
        (
            {"chat_id": 42, "text": "chào", "disable_notification": "true"},
            "disable_notification: must be Bool",
        ),
        (
            {"chat_id": 42, "text": "?", "reply_markup": {"inline_keyboard": [[{"txt": "A"}]]}},
            "reply_markup.inline_keyboard[0][0]: unknown field txt",
        ),
        (
            {"chat_id": 42, "text": "?", "reply_markup": {"inline_keyboard": [{"text": "A"}]}},
            "reply_markup.inline_keyboard[0]: must be an array",
        ),
        ({"chat_id": 42, "text": "hỏng \ud800"}, "strings must be encoded in UTF-8"),
    ],
)
async def test_a_request_must_fit_the_documented_types(
    telegram: TelegramStandIn, phone: Phone, body: dict[str, Any], complaint: str
) -> None:
    assert complaint in await refused(telegram, "sendMessage", **body)
    assert telegram.ledger == []


async def test_a_method_that_is_not_modelled_is_a_violation(telegram: TelegramStandIn, phone: Phone) -> None:
    assert "does not know" in await refused(telegram, "sendDice", chat_id=42)


async def test_form_posts_carry_json_in_their_fields(telegram: TelegramStandIn, phone: Phone) -> None:
    url = telegram.base_url + telegram.token + "/sendMessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]]})
    good = {"chat_id": "42", "text": "12", "protect_content": "true", "reply_markup": markup}
    async with aiohttp.ClientSession() as session:
        for fields, status in [
            (good, 200),
            (good | {"reply_markup": "{"}, 400),
            (good | {"chat_id": "-"}, 400),
        ]:
            async with session.post(url, data=fields) as response:
                assert response.status == status
        async with session.get(url, params=good) as response:
            assert response.status == 200
    assert [sent.text for sent in telegram.ledger] == ["12", "12"]
    assert phone.last.labels == ["Có"]


async def test_a_document_arrives_with_its_name_and_content(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    message = await bot.send_document(42, b"%PDF-1.7", filename="kết quả.pdf", caption="Kết quả", reply_markup=YES_NO)
    assert message.document.file_size == 8
    sent = telegram.ledger[-1]
    assert (sent.text, sent.labels) == ("Kết quả", ["Hài lòng", "Chưa"])
    assert sent.attachment.content == b"%PDF-1.7"
    await bot.send_photo(42, b"\xff\xd8", caption="Ảnh")
    await bot.send_document(42, "file-id-from-before")
    assert telegram.violations == []


# Texts, buttons, commands


async def test_html_is_shown_without_its_tags(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    message = await bot.send_message(
        42, " <b>Bà con</b> &lt;ấp 1&gt; &amp; <i>🌾 <u>lúa</u></i> ", parse_mode=ParseMode.HTML
    )
    assert phone.last.text == message.text == "Bà con <ấp 1> & 🌾 lúa"
    assert [(entity.type, message.parse_entity(entity)) for entity in message.entities] == [
        ("bold", "Bà con"),
        ("italic", "🌾 lúa"),
        ("underline", "lúa"),
    ]


@pytest.mark.parametrize(
    "text", ["<b>hở", "thừa</b>", "<b><i>chéo</b></i>", "<script>x</script>", "3 < 4", "<b onclick='x'>a</b>"]
)
async def test_unbalanced_or_unknown_html_cannot_be_parsed(telegram: TelegramStandIn, phone: Phone, text: str) -> None:
    assert "can't parse entities" in await refused(telegram, "sendMessage", chat_id=42, text=text, parse_mode="HTML")


async def test_a_text_has_1_to_4096_utf16_units_after_parsing(telegram: TelegramStandIn, phone: Phone) -> None:
    send = {"chat_id": 42, "parse_mode": "HTML"}
    status, _ = await post(telegram, "sendMessage", **send, text="<b>" + "🌾" * 2048 + "</b>")
    assert status == 200
    assert "too long" in await refused(telegram, "sendMessage", **send, text="🌾" * 2048 + "a")
    assert "text is empty" in await refused(telegram, "sendMessage", **send, text="<b> </b>")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([[{"text": "A", "callback_data": "ạ" * 22}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "A", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "A"}]], "exactly one action"),
        ([[{"text": "A", "callback_data": "1", "url": "https://a.vn"}]], "exactly one action"),
        ([[{"text": " ", "callback_data": "1"}]], "non-empty"),
        ([[{"text": "A", "url": "http://localhost/x"}]], "Wrong HTTP URL"),
        ([[{"text": "A", "callback_data": "1"}] * 9], "a row of 9"),
        ([[{"text": "A", "callback_data": "1"}]] * 101, "too long"),
    ],
)
async def test_a_keyboard_keeps_telegrams_limits(
    telegram: TelegramStandIn, phone: Phone, rows: list[Any], complaint: str
) -> None:
    markup = {"inline_keyboard": rows}
    assert complaint in await refused(telegram, "sendMessage", chat_id=42, text="?", reply_markup=markup)


async def test_the_largest_allowed_keyboard_passes(telegram: TelegramStandIn, phone: Phone) -> None:
    rows = [[{"text": "A", "callback_data": "x" * 64}] * 8] * 12 + [[{"text": "B", "url": "https://a.vn/"}] * 4]
    status, _ = await post(telegram, "sendMessage", chat_id=42, text="?", reply_markup={"inline_keyboard": rows})
    assert status == 200
    assert len(phone.last.buttons) == 100


async def test_commands_are_kept_by_scope_and_language_within_their_limits(telegram: TelegramStandIn, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("batdau", "Bắt đầu")], language_code="vi")
    assert telegram.commands["default", "vi"] == [{"command": "batdau", "description": "Bắt đầu"}]
    assert (await bot.get_my_commands(language_code="vi"))[0].command == "batdau"
    await bot.set_my_description("Lắng nghe bà con")
    assert telegram.profile["description", ""] == "Lắng nghe bà con"
    one = {"command": "a", "description": "b"}
    for commands in [[one | {"command": "Bắt"}], [one | {"description": ""}], [one | {"command": "a" * 33}]]:
        assert "INVALID" in await refused(telegram, "setMyCommands", commands=commands)
    many = [one | {"command": f"a{number}"} for number in range(101)]
    assert "too many" in await refused(telegram, "setMyCommands", commands=many)


# Fetching updates


async def test_updates_wait_until_they_are_confirmed(telegram: TelegramStandIn, bot: Bot) -> None:
    phone = telegram.phone(7)
    for text in ("một", "hai", "ba"):
        await phone.say(text)
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first] == ["một", "hai"]
    assert [update.update_id for update in await bot.get_updates()][:2] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest] == ["ba"]
    assert len(telegram.pending) == 1
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    await telegram.idle()


async def test_a_negative_offset_forgets_all_but_the_last(telegram: TelegramStandIn, bot: Bot) -> None:
    for text in ("một", "hai", "ba"):
        await telegram.phone(7).say(text)
    assert [update.message.text for update in await bot.get_updates(offset=-2)] == ["hai", "ba"]
    assert len(telegram.pending) == 2


async def test_a_long_poll_wakes_at_once(telegram: TelegramStandIn, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: telegram.polls)
    await telegram.phone(7).start("h_abc")
    async with asyncio.timeout(10):  # well before the poll would end by itself
        (update,) = await poll
    assert update.message.text == "/start h_abc"
    assert update.message.entities[0].type == "bot_command"
    assert update.message.from_user.language_code == "vi"
    assert update.message.chat.type == "private"


async def test_a_long_poll_without_news_ends_empty(bot: Bot) -> None:
    began = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert time.monotonic() - began > 0.9


async def test_a_second_poll_ends_the_first_with_a_conflict(telegram: TelegramStandIn, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: telegram.polls)
    async with bot_of(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await telegram.phone(7).say("còn đây")
        assert len(await second) == 1


async def test_polling_conflicts_with_a_webhook(telegram: TelegramStandIn, bot: Bot, receiver: Receiver) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: telegram.polls)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_allowed_updates_are_remembered_and_not_retroactive(telegram: TelegramStandIn, bot: Bot) -> None:
    phone = telegram.phone(7)
    await phone.say("trước")
    await bot.get_updates(allowed_updates=["callback_query", "my_chat_member"])
    await phone.say("sau")
    phone.block()
    kinds = [set(update) - {"update_id"} for update in telegram.pending]
    assert kinds == [{"message"}, {"my_chat_member"}]


async def test_messages_expire_after_a_day_and_taps_after_150_seconds(
    telegram: TelegramStandIn, bot: Bot, phone: Phone
) -> None:
    await bot.send_message(42, "Bà con hài lòng không?", reply_markup=YES_NO)
    await phone.say("chào")
    await phone.tap("Chưa")
    telegram.clock.advance(149)
    assert len(telegram.pending) == 2
    telegram.clock.advance(2)
    assert [update["message"]["text"] for update in telegram.pending] == ["chào"]
    telegram.clock.advance(24 * 3600)
    assert telegram.pending == []
    await telegram.idle()


async def test_malformed_updates_can_be_pushed_and_ids_chosen(telegram: TelegramStandIn, bot: Bot) -> None:
    first = await telegram.push({"message": "không phải đối tượng"})
    await telegram.push({"update_id": first + 10})
    await telegram.push({})
    assert [update["update_id"] for update in telegram.pending] == [first, first + 10, first + 11]
    with pytest.raises(AttributeError):
        Update.de_json(telegram.pending[0], bot)


# The webhook


async def test_a_webhook_gets_updates_with_its_secret(telegram: TelegramStandIn, bot: Bot, receiver: Receiver) -> None:
    await telegram.phone(7).say("đã chờ sẵn")
    await bot.set_webhook(receiver.url, secret_token="bi-mat_1", max_connections=5)
    await telegram.phone(8).say("vừa đến")
    await telegram.idle()
    assert sorted(receiver.texts) == ["vừa đến", "đã chờ sẵn"]
    assert {headers[SECRET_HEADER] for headers in receiver.headers} == {"bi-mat_1"}
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (receiver.url, 5, 0)


async def test_a_webhook_needs_https_and_a_plain_secret(telegram: TelegramStandIn) -> None:
    assert "HTTPS" in await refused(telegram, "setWebhook", url="http://a.vn/in")
    assert "unallowed" in await refused(telegram, "setWebhook", url="https://a.vn/in", secret_token="bí mật")


async def test_a_refused_update_is_repeated_and_holds_up_its_chat_only(
    telegram: TelegramStandIn, bot: Bot, receiver: Receiver
) -> None:
    failures = iter([500, 503])
    receiver.answer = lambda update: next(failures, 200) if update["message"]["text"] == "một" else 200
    await bot.set_webhook(receiver.url)
    for text in ("một", "hai", "ba"):
        await telegram.phone(7).say(text)
    await telegram.phone(8).say("người khác")
    await telegram.idle()
    assert receiver.texts == ["người khác", "một", "hai", "ba"]
    assert [attempt.status for attempt in telegram.webhook_attempts].count(200) == 4
    assert len(telegram.webhook_attempts) == 6
    assert "503" in (await bot.get_webhook_info()).last_error_message


async def test_a_tap_overtakes_a_text_of_the_same_person(
    telegram: TelegramStandIn, bot: Bot, phone: Phone, receiver: Receiver
) -> None:
    receiver.delay = lambda update: 0.1 if "message" in update else 0.0
    await bot.send_message(42, "?", reply_markup=YES_NO)
    await bot.set_webhook(receiver.url)
    await phone.say("chậm")
    await phone.tap("Chưa")
    await telegram.idle()
    assert ["callback_query" in update for update in receiver.received] == [True, False]


async def test_a_webhook_may_ask_to_be_tried_later(telegram: TelegramStandIn, bot: Bot, receiver: Receiver) -> None:
    answers = iter([429])
    receiver.answer = lambda update: next(answers, 200)
    receiver.answer_headers = {"Retry-After": "1"}
    await bot.set_webhook(receiver.url)
    began = time.monotonic()
    await telegram.phone(7).say("chờ chút")
    await telegram.idle()
    assert time.monotonic() - began >= 1.0


async def test_a_webhook_that_is_down_loses_nothing(telegram: TelegramStandIn, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/in")
    await telegram.phone(7).say("còn nguyên")
    await until(lambda: telegram.webhook_attempts)
    assert {attempt.status for attempt in telegram.webhook_attempts} == {None}
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates()] == ["còn nguyên"]


# Chats


async def test_a_bot_cannot_write_first(telegram: TelegramStandIn, bot: Bot) -> None:
    stranger = telegram.phone(7)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "chào")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(7, "chào")
    await stranger.start()
    await bot.send_message(7, "chào")
    assert stranger.last.text == "chào"
    assert telegram.violations == []


async def test_blocking_is_told_and_stops_messages(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    phone.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(42, "chào")
    phone.unblock()
    blocked, unblocked = (update.my_chat_member for update in await bot.get_updates())
    assert (blocked.new_chat_member.status, unblocked.new_chat_member.status) == ("kicked", "member")
    await bot.send_message(42, "chào")
    phone.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(42, "chào")
    assert len(telegram.ledger) == 1


async def test_message_ids_count_up_in_each_chat(telegram: TelegramStandIn, bot: Bot) -> None:
    for phone in telegram.acquaint([1, 2]):
        await phone.say("chào")
        assert (await bot.send_message(phone.user_id, "dạ")).message_id == 2


async def test_an_edit_changes_what_is_displayed(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    message = await bot.send_message(42, "Câu 1", reply_markup=YES_NO)
    await bot.send_message(42, "Bên dưới")
    await bot.edit_message_text("Câu 2", 42, message.message_id, reply_markup=YES_NO)
    assert [shown.text for shown in phone.messages] == ["Câu 2", "Bên dưới"]
    assert (phone.last.text, phone.last.labels) == ("Câu 2", ["Hài lòng", "Chưa"])
    await bot.edit_message_text("Xong", 42, message.message_id)
    assert phone.last.buttons == []
    await bot.edit_message_reply_markup(42, message.message_id, reply_markup=YES_NO)
    assert phone.last.labels == ["Hài lòng", "Chưa"]
    assert [sent.kind for sent in telegram.ledger] == ["send", "send", "edit", "edit", "edit"]
    assert [sent.text for sent in telegram.ledger] == ["Câu 1", "Bên dưới", "Câu 2", "Xong", "Xong"]


async def test_an_edit_without_a_change_or_a_message_is_refused(
    telegram: TelegramStandIn, bot: Bot, phone: Phone
) -> None:
    message = await bot.send_message(42, "<b>Câu 1</b>", parse_mode="HTML", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message content"):
        await bot.edit_message_text("<b>Câu 1</b> ", 42, message.message_id, parse_mode="HTML", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Câu 2", 42, 99)
    own = await phone.say("của tôi")
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("Câu 2", 42, own.message_id)
    assert (len(telegram.ledger), telegram.violations) == (1, [])


async def test_a_deleted_message_disappears(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    message = await bot.send_message(42, "Nhầm")
    await message.delete()
    assert phone.messages == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await message.delete()


async def test_a_chat_can_be_looked_up(bot: Bot, phone: Phone) -> None:
    assert (await bot.get_chat(42)).first_name == "Nguyễn Thị Mai"
    assert await bot.send_chat_action(42, "typing")


# Taps


async def test_a_tap_is_answered_within_150_seconds(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    await bot.send_message(42, "?", reply_markup=YES_NO)
    tap = await phone.tap("Hài lòng")
    (update,) = await bot.get_updates()
    assert (update.callback_query.data, update.callback_query.message.reply_markup) == ("a1", YES_NO)
    telegram.clock.advance(100)
    assert await update.callback_query.answer("Đã ghi nhận")
    assert 100 <= tap.answered_after < 101
    assert (telegram.taps, tap.text, tap.answers) == ([tap], "Đã ghi nhận", 1)
    telegram.clock.advance(51)
    for query in (tap.query_id, "123"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await bot.answer_callback_query(query)
    assert "TOO_LONG" in await refused(telegram, "answerCallbackQuery", callback_query_id=tap.query_id, text="x" * 201)


async def test_only_displayed_buttons_can_be_tapped(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    message = await bot.send_message(42, "?", reply_markup=YES_NO)
    await bot.send_message(42, "Mời bà con chọn ở trên")
    assert (await phone.tap(1)).data == "a0"
    assert (await phone.tap(lambda button: "Hài" in button.label)).data == "a1"
    await bot.edit_message_text("Xong", 42, message.message_id)
    with pytest.raises(AssertionError, match="shows no button 'Chưa'"):
        await phone.tap("Chưa")
    assert (await phone.forge("a0")).data == "a0"


async def test_a_phone_waits_for_what_it_has_not_seen(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    await bot.send_message(42, "cũ")
    await phone.say("chào")
    with pytest.raises(AssertionError, match="waited"):
        await phone.wait(timeout=0.05)
    await phone.hear_nothing(0.05)
    waiting = asyncio.create_task(phone.wait("mới"))
    await bot.send_message(42, "khác")
    await bot.send_message(42, "mới")
    assert (await waiting).text == "mới"
    assert (await phone.wait(lambda shown: shown.text == "khác")).text == "khác"


# Limits and faults


async def test_too_many_messages_a_second_are_turned_away(clock_at_rest: Clock) -> None:
    async with TelegramStandIn(clock=clock_at_rest, limit=Limit(3), chat_limit=Limit(2, 3.0)) as telegram:
        telegram.acquaint([1, 2, 3])
        async with bot_of(telegram) as bot:
            await bot.send_message(1, "a")
            await bot.send_message(1, "b")
            with pytest.raises(RetryAfter) as flood:
                await bot.send_message(1, "c")
            assert flood.value.retry_after.total_seconds() == 3
            await bot.send_message(2, "d")
            with pytest.raises(RetryAfter) as flood:
                await bot.send_message(3, "e")
            assert flood.value.retry_after.total_seconds() == 1
            clock_at_rest.advance(1)
            await bot.send_message(3, "e")
    assert (telegram.floods, [sent.text for sent in telegram.ledger]) == (2, ["a", "b", "d", "e"])


@pytest.fixture
def clock_at_rest() -> Clock:
    class Rest(Clock):
        def __call__(self) -> float:
            return 1_800_000_000 + self._ahead

    return Rest()


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (Fault.cut_before, NetworkError, 0),
        (Fault.cut_after, NetworkError, 1),
        (Fault.status(500), NetworkError, 0),
        (Fault.status(502, accepted=True), NetworkError, 1),
        (Fault.status(429, retry_after=7), RetryAfter, 0),
        (Fault.garbage, TelegramError, 0),
        (Fault.garbage_after, TelegramError, 1),
    ],
)
async def test_a_fault_strikes_as_often_as_ordered(
    telegram: TelegramStandIn, bot: Bot, phone: Phone, fault: Fault, error: type[Exception], arrived: int
) -> None:
    rule = telegram.fail("sendMessage", fault, times=2)
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(error):
            await bot.send_message(42, "chào")
    assert (rule.hits, len(telegram.ledger)) == (2, 2 * arrived)
    await bot.send_message(42, "chào")
    assert telegram.calls["sendMessage"] == 3
    assert telegram.violations == []


async def test_faults_can_be_lasting_and_by_chance(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    rule = telegram.fail("*", Fault.status(500), times=None, probability=0.5)
    outcomes = []
    for _ in range(40):
        try:
            outcomes.append(bool(await bot.send_message(42, "chào")))
        except NetworkError:
            outcomes.append(False)
    assert 10 < rule.hits < 30
    assert outcomes.count(True) == len(telegram.ledger) == 40 - rule.hits
    telegram.heal()
    assert await bot.get_me()


async def test_in_an_outage_connections_break_and_are_refused(
    telegram: TelegramStandIn, bot: Bot, phone: Phone
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: telegram.polls)
    async with telegram.outage():
        with pytest.raises(NetworkError):
            await poll
        with pytest.raises(NetworkError) as error:
            await bot.send_message(42, "chào")
        assert isinstance(error.value.__cause__, aiohttp.ClientConnectorError)
    await phone.say("lại có mạng")
    assert len(await bot.get_updates()) == 1
    await bot.send_message(42, "chào")
    assert len(telegram.ledger) == 1


async def test_latency_delays_the_answer(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    telegram.fail("sendMessage", Fault.latency(0.2, jitter=0.01))
    began = time.monotonic()
    await bot.send_message(42, "chậm")
    assert time.monotonic() - began > 0.18


# The stand-in itself


async def test_the_updates_of_phones_are_as_documented(telegram: TelegramStandIn, bot: Bot, phone: Phone) -> None:
    await bot.send_message(42, "<b>?</b>", parse_mode="HTML", reply_markup=YES_NO)
    await phone.start("x")
    await phone.say("chào")
    await phone.send(contact={"phone_number": "+84", "first_name": "Mai", "user_id": 42})
    await phone.tap("Chưa")
    phone.block()
    phone.unblock()
    assert [bot_api().type_problem("Update", update) for update in telegram.pending] == [""] * 6
    assert all(Update.de_json(update, bot).effective_user.id == 42 for update in telegram.pending)


async def test_a_thousand_messages_are_little_work(telegram: TelegramStandIn) -> None:
    telegram.acquaint(range(1, 101))
    url = telegram.base_url + telegram.token + "/sendMessage"
    markup = json.dumps({"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]] * 5})
    unit_before, began = unit(), time.process_time()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=30)) as session:

        async def send(number: int) -> None:
            fields = {"chat_id": str(number % 100 + 1), "text": f"Câu {number}", "reply_markup": markup}
            async with session.post(url, data=fields) as response:
                assert response.status == 200

        await asyncio.gather(*(send(number) for number in range(1000)))
    assert len(telegram.ledger) == 1000
    taken = time.process_time() - began
    assert taken / max(unit_before, unit()) < 1800  # client and server together


async def test_it_runs_as_a_process_that_another_one_controls() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "standin", "--people", "3", "--rate", "2"),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    address = json.loads(await process.stdout.readline())
    calls, controls = address["base_url"] + address["token"], address["base_url"].removesuffix("/bot") + "/standin"
    async with aiohttp.ClientSession() as session:
        await session.post(f"{controls}/say", json=[[1, "chào"], [9, "mới"]])
        await session.post(f"{controls}/push", json=[{"message": None}])
        for person in (1, 2, 3):
            await session.post(f"{calls}/sendMessage", json={"chat_id": person, "text": "dạ"})
        report = await (await session.get(f"{controls}/report")).json()
        ledger = await (await session.get(f"{controls}/ledger")).json()
    process.terminate()
    assert await process.wait() == 0
    assert report == {
        "ledger": 2,
        "floods": 1,
        "violations": [],
        "calls": {"sendMessage": 3},
        "pending": 3,
    }
    assert [(entry[0], entry[3:]) for entry in ledger] == [(1, ["send", "dạ"]), (2, ["send", "dạ"])]
