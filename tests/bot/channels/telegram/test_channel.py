"""Telegram's updates as the conversations see them, and its errors as what to do."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.channels.abilities import Webhook
from bot.channels.telegram.channel import TelegramChannel, classify, keyboard
from bot.channels.telegram.polling import PolledTelegram
from bot.channels.telegram.webhook import WebhookTelegram
from handlers.messages import Choice, Inbound, Moved, Part, Rejected, RetryLater, Unknown, Unreachable, Unreadable

TOKEN = "7000000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
DATE = 1_763_900_000
USER = {"id": 501, "is_bot": False, "first_name": "Mai", "language_code": "vi"}
CHAT = {"id": 501, "type": "private", "first_name": "Mai"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Ấp 1"}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Lắng Nghe", "username": "langnghe_bot"}


@pytest.fixture
def channel() -> WebhookTelegram:
    return called("bi-mat_123")


def called(secret: str) -> WebhookTelegram:
    return WebhookTelegram(TOKEN, "https://api.telegram.org/bot", url="https://xa.test/in/telegram", secret=secret)


def message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {
        "update_id": 9,
        "message": {"message_id": 3, "date": DATE, "chat": chat, "from": USER, **content},
    }


def press(**changes: Any) -> dict[str, Any]:
    shown = {"message_id": 4, "date": DATE, "chat": CHAT, "from": BOT, "text": "Câu 1"}
    query = {"id": "77", "from": USER, "message": shown, "chat_instance": "1", "data": "pick:1:0:0.abc", **changes}
    return {"update_id": 9, "callback_query": query}


def member(status: str) -> dict[str, Any]:
    person = {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    old = {"user": BOT, "status": "member"}
    change = {"chat": CHAT, "from": USER, "date": DATE, "old_chat_member": old, "new_chat_member": person}
    return {"update_id": 9, "my_chat_member": change}


SMALL = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
FORWARDED = {"type": "hidden_user", "date": DATE, "sender_user_name": "Ba"}
COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (message(text="Hài lòng"), {"kind": "text", "text": "Hài lòng"}),
        (message(text="/start", entities=COMMAND), {"kind": "start", "start_payload": ""}),
        (message(text="/start r_abc123", entities=COMMAND), {"kind": "start", "start_payload": "r_abc123"}),
        (message(text="/start@langnghe_bot u_31582"), {"kind": "start", "start_payload": "u_31582"}),
        (message(text="/start " + "x" * 100), {"kind": "start", "start_payload": "x" * 64}),
        (message(text="/stop@langnghe_bot"), {"kind": "stop"}),
        (message(text="/menu@langnghe_bot"), {"kind": "text", "text": "/menu@langnghe_bot"}),
        (message(text="dừng"), {"kind": "text", "text": "dừng"}),
        (press(), {"kind": "choice", "choice": "pick:1:0:0.abc", "message_ref": "4"}),
        (press(data=None), {"kind": "choice", "choice": ""}),
        (
            press(message={"message_id": 4, "date": 0, "chat": CHAT}),  # too old for Telegram to show it
            {"kind": "choice", "message_ref": "4"},
        ),
        (message(contact={"phone_number": "1", "first_name": "Mai"}), {"kind": "contact"}),
        (message(photo=[SMALL], caption="nhà tui"), {"kind": "text", "text": "nhà tui", "pictured": True}),
        (message(photo=[SMALL]), {"kind": "media", "text": ""}),
        (
            {"update_id": 9, "edited_message": message(text="x", edit_date=DATE)["message"]},
            {"kind": "text", "text": "x", "edited": True, "message_ref": "3"},
        ),
        (message(text="dừng", forward_origin=FORWARDED), {"kind": "text", "text": "dừng", "borrowed": True}),
        (message(text="/stop", forward_origin=FORWARDED), {"kind": "text", "borrowed": True}),
        (message(text="1", via_bot=BOT), {"kind": "text", "borrowed": True}),
        (
            message(text="dạ", reply_to_message={"message_id": 2, "date": DATE, "chat": CHAT, "text": "Câu 1"}),
            {"kind": "text", "text": "dạ", "replies_to": "Câu 1"},
        ),
        (message(voice={"file_id": "f", "file_unique_id": "u", "duration": 3}), {"kind": "media"}),
        (
            message(sticker={**SMALL, "type": "regular", "is_animated": False, "is_video": False}),
            {"kind": "media"},
        ),
        (message(location={"latitude": 9.6, "longitude": 105.9}), {"kind": "media"}),
        (message(new_chat_photo=[SMALL]), {"kind": "unsupported"}),
        (message(something_new={"a": 1}), {"kind": "unsupported"}),
        (member("kicked"), {"kind": "stop", "silent": True}),
        (member("member"), {"kind": "start", "silent": True}),
    ],
)
def test_an_update_is_understood(channel: TelegramChannel, raw: dict[str, Any], expected: dict[str, Any]) -> None:
    for given in (raw, channel.trim(raw)):
        inbound = channel.read(given)
        assert {name: getattr(inbound, name) for name in expected} == expected
        assert (inbound.channel, inbound.address, inbound.event_key) == ("telegram", "501", "9")
        assert inbound.language == "vi" and inbound.occurred_at.tzinfo is UTC


def test_the_moment_is_when_it_was_sent(channel: TelegramChannel) -> None:
    assert channel.read(message(text="x")).occurred_at == datetime.fromtimestamp(DATE, UTC)


@pytest.mark.parametrize(
    "raw",
    [
        None, [], "text", 5, {}, {"update_id": 9}, {"update_id": "x"},
        message(GROUP, text="/start@langnghe_bot"),
        press(message={"message_id": 4, "date": DATE, "chat": GROUP, "text": "x"}),
        press(message=None), press(inline_message_id="5", message=None),
        {"update_id": 9, "edited_message": message(location={"latitude": 9.6, "longitude": 105.9})["message"]},
        {"update_id": 9, "channel_post": message({"id": -5, "type": "channel", "title": "x"}, text="x")["message"]},
        {"update_id": 9, "message": {"message_id": "three", "chat": CHAT, "date": "yesterday"}},
        message({"id": 2**60, "type": "private"}, text="x"),
        {"update_id": 9, "message": {"date": DATE}},
        {"update_id": 9, "poll_answer": {"poll_id": "1", "user": USER, "option_ids": [0]}},
    ],
)  # fmt: skip
def test_what_is_no_private_message_is_unreadable_and_raises_nothing_else(channel: TelegramChannel, raw: Any) -> None:
    with pytest.raises(Unreadable):
        channel.read(raw)


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (message(text="x"), ("9", "501")),
        (press(), ("9", "501")),
        (member("kicked"), ("9", "501")),
        ({"update_id": 9, "edited_message": {}}, ("9", "")),
        ({"update_id": "9", "message": {"chat": {"id": "x"}}}, ("", "")),
        ({"message": 5}, ("", "")),
        (None, ("", "")),
        ([1], ("", "")),
    ],
)
def test_the_sender_is_told_without_trusting_anything(
    channel: TelegramChannel, raw: Any, sender: tuple[str, str]
) -> None:
    assert channel.sender(raw) == sender


@pytest.mark.parametrize(
    ("given", "genuine"),
    [
        ("bi-mat_123", True),
        ("bi-mat_124", False),
        ("", False),
        ("BI-MAT_123", False),
        ("bí-mật", False),
        ("\udcff", False),
    ],
)
def test_a_webhook_call_is_genuine_only_with_the_secret(channel: WebhookTelegram, given: str, genuine: bool) -> None:
    assert channel.verify({"x-telegram-bot-api-secret-token": given}, b"") is genuine


def test_without_a_secret_no_call_is_genuine(channel: WebhookTelegram) -> None:
    assert not channel.verify({}, b"")
    assert not called("").verify({"x-telegram-bot-api-secret-token": ""}, b"")


def test_nobody_calls_a_bot_that_is_polled() -> None:
    assert isinstance(called("x"), Webhook) and not isinstance(PolledTelegram(TOKEN), Webhook)


def caused(error: Exception, *causes: BaseException) -> Exception:
    current: BaseException = error
    for cause in causes:
        current.__cause__ = cause
        current = cause
    return error


REFUSED = aiohttp.ClientConnectorError(
    connection_key=None,  # type: ignore[arg-type]
    os_error=ConnectionRefusedError(111, "refused"),
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(7), RetryLater),
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
        (BadRequest("Chat not found"), Unreachable),
        (BadRequest("Message is too long"), Rejected),
        (ChatMigrated(5), Moved),
        (InvalidToken(), RetryLater),
        (TimedOut(), Unknown),
        (caused(NetworkError("x"), RuntimeError(), aiohttp.ServerDisconnectedError()), Unknown),
        (caused(NetworkError("x"), RuntimeError(), REFUSED, ConnectionRefusedError()), RetryLater),
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError()), RetryLater),
        (caused(NetworkError("x"), OSError("reset by peer")), Unknown),
        (NetworkError("Bad Gateway"), Unknown),
    ],
)  # fmt: skip
def test_an_error_says_what_to_do(error: Any, kind: type[Exception]) -> None:
    found = classify(error)
    assert type(found) is kind
    assert getattr(found, "flooded", False) is isinstance(error, RetryAfter)


def test_after_a_flood_exactly_the_asked_time_is_waited() -> None:
    found = classify(RetryAfter(7))
    assert isinstance(found, RetryLater) and found.after == 7


def test_short_labels_share_a_row_and_ways_out_never_stand_beside_an_answer() -> None:
    def labels(*choices: Choice) -> list[list[str]]:
        markup = keyboard(choices)
        return [[button["text"] for button in row] for row in markup["inline_keyboard"]] if markup else []

    assert labels(Choice("a", "Có"), Choice("b", "Không")) == [["Có", "Không"]]
    assert labels(Choice("a", "Có"), Choice("b", "Quay lại", aside=True)) == [["Có"], ["Quay lại"]]
    assert labels(Choice("a", "Một câu trả lời rất dài"), Choice("b", "Có")) == [["Một câu trả lời rất dài"], ["Có"]]
    assert labels(*(Choice("a", str(number)) for number in range(7))) == [list("01234"), list("56")]
    assert labels(Choice("a", "Đèn", selected=True)) == [["☑ Đèn"]]
    assert labels() == []


async def test_a_token_never_stands_in_an_error(channel: TelegramChannel) -> None:
    far = TelegramChannel(TOKEN, "http://127.0.0.1:9/bot")
    await far.open()
    with pytest.raises(RetryLater) as caught:
        await far.send("1", Part("x"))
    await far.close()
    assert TOKEN not in repr(caught.value)


def test_every_inbound_field_is_plain(channel: TelegramChannel) -> None:
    inbound = channel.read(message(text="x"))
    assert isinstance(inbound, Inbound) and type(inbound.text) is str
