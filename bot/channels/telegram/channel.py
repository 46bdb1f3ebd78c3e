"""Telegram: the Bot API, with python-telegram-bot for transport and parsing.

Its polling and webhook are not used: they tell Telegram that an update arrived before it is stored. Limits and
error texts: core.telegram.org/bots/api and the server's own source (tdlib/telegram-bot-api).
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import aiohttp
import httpx
from telegram import Bot, BotCommand
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import CAPABILITIES
from bot.channels.telegram.http import AiohttpRequest
from bot.channels.telegram.updates import read, sender, trim
from handlers.messages import Choice, Inbound, Moved, Part, Rejected, RetryLater, Unknown, Unreachable, utf16

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
SHORT = 14  # UTF-16 units: two such labels share a row on a small phone
CONNECTIONS = 256
SEND_TIMEOUT = 20.0  # seconds for an answer to a send
# The only errors that say the request never left; a connection lost later may have carried it.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_GONE = ("chat not found", "user is deactivated", "bot was blocked")  # 403s that come as 400
os.environ.setdefault("PTB_TIMEDELTA", "true")  # without it the library warns at every 429
_NO_PREVIEW = {"is_disabled": True}


Keyboard = dict[str, list[list[dict[str, str]]]]  # the Bot API's InlineKeyboardMarkup


class _Bot(Bot):
    """The library's way of asking and of reading refusals, without an object for each thing in an answer: those
    cost more than the rest of a send."""

    async def call(self, method: str, fields: dict[str, Any]) -> Any:
        """The result as Telegram wrote it. Raises what the library raises."""
        return await self._post(method, fields)

    async def fetch(self, offset: int, wait: int) -> list[dict[str, Any]]:
        """Updates as Telegram wrote them: one that can't be parsed must not hold up the others."""
        updates: list[dict[str, Any]] = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=wait + 10,
        )
        return updates


class TelegramChannel:
    """One bot. `open` before the first send, `close` at the end. How updates come in is said by who inherits."""

    name = "telegram"
    title = "Telegram"
    capabilities = CAPABILITIES

    def __init__(
        self,
        token: str,
        base_url: str = "https://api.telegram.org/bot",
        *,
        proxy: str = "",
        paid_broadcast: bool = False,
        pictures: str = "",
    ) -> None:
        self._name = ""
        self._paid = paid_broadcast
        self._pictures = pictures  # the address at which Telegram finds our sketches; "": they are left out
        trusted = httpx.create_ssl_context()  # once: reading the authorities takes 30 ms

        def request(connections: int) -> AiohttpRequest:
            return AiohttpRequest(connections, timeout=SEND_TIMEOUT, trusted=trusted, proxy=proxy)

        self._bot = _Bot(token, base_url=base_url, request=request(CONNECTIONS), get_updates_request=request(2))

    async def open(self) -> None:
        """Open the connections without calling anybody: Telegram may be out of reach just now."""
        for request in self._bot._request:
            await request.initialize()

    async def close(self) -> None:
        for request in self._bot._request:
            await request.shutdown()

    def sender(self, raw: Any) -> tuple[str, str]:
        """(update_id, chat id) of a raw update, as far as it can be told; nothing is trusted yet."""
        return sender(raw)

    def trim(self, raw: Any) -> Any:
        """The raw update as it is worth keeping until it is read."""
        return trim(raw)

    def read(self, raw: Any) -> Inbound:
        """Understand one raw update, trimmed or whole. Raises `Unreadable`."""
        return read(raw, self._bot)

    async def send(self, address: str, part: Part) -> str:
        """Send, or edit the message that `part.replaces`; returns the message's number."""
        message: dict[str, Any] = {
            "chat_id": int(address),
            "text": render(part),
            "parse_mode": "HTML",
            "link_preview_options": self._preview(part),
            "reply_markup": keyboard(part.buttons),
        }
        try:
            if part.replaces:
                try:
                    await self._bot.call("editMessageText", {**message, "message_id": int(part.replaces)})
                    return part.replaces
                except BadRequest as error:
                    reason = error.message.lower()
                    if "message is not modified" in reason:
                        return part.replaces
                    if "message to edit not found" not in reason and "can't be edited" not in reason:
                        raise
            if self._paid and part.urgency == "broadcast":
                message["allow_paid_broadcast"] = True
            sent = await self._bot.call("sendMessage", message)
            return str(sent.get("message_id", "")) if isinstance(sent, dict) else ""
        except TelegramError as error:
            raise classify(error) from None

    def _preview(self, part: Part) -> dict[str, Any]:
        """A sketch above the text, without an upload; an edited message shows another one, or none."""
        if not part.picture or not self._pictures:
            return _NO_PREVIEW
        address = f"{self._pictures}/{part.picture.name}.png"
        return {"url": address, "prefer_large_media": True, "show_above_text": True}

    async def fetch(self, offset: int, wait: int) -> list[dict[str, Any]]:
        """The next raw updates; waits up to `wait` seconds. Raises what python-telegram-bot raises."""
        return await self._bot.fetch(offset, wait)

    async def acknowledge(self, raw: Any) -> None:
        """Stop the button's spinner at once. Nothing depends on it, so nothing is raised."""
        query = raw.get("callback_query") if isinstance(raw, dict) else None
        if isinstance(query, dict) and isinstance(query.get("id"), str) and query["id"]:
            try:
                await self._bot.answer_callback_query(query["id"])
            except TelegramError:
                return

    async def use_polling(self) -> None:
        await self._bot.delete_webhook(drop_pending_updates=False)

    def link(self, payload: str) -> str:
        """What opens the bot with this payload; "" until its name was heard."""
        return f"https://t.me/{self._name}?start={payload}" if self._name else ""

    async def introduce(self, menus: Mapping[str, Sequence[tuple[str, str]]], default: str) -> None:
        """Set the menu of commands for each language, and for everybody else; learn the bot's name, for links."""
        for language, entries in menus.items():
            menu = [BotCommand(name, text) for name, text in entries]
            await self._bot.set_my_commands(menu, language_code=language)
            if language == default:
                await self._bot.set_my_commands(menu)
        self._name = (await self._bot.get_me()).username or ""


def classify(error: TelegramError) -> Exception:
    """The library's error as what the caller must do."""
    if isinstance(error, RetryAfter):
        after = error._retry_after
        return RetryLater(after.total_seconds(), flooded=True)
    if isinstance(error, Forbidden):
        return Unreachable(_reason(error))
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        return RetryLater(30)  # the operator must mend the token; nothing was sent
    if isinstance(error, BadRequest):
        return (Unreachable if any(each in error.message.lower() for each in _GONE) else Rejected)(_reason(error))
    root: BaseException = error
    while root.__cause__ is not None and not isinstance(root, _NOT_SENT):
        root = root.__cause__  # below aiohttp's error lies the system's own, such as ConnectionRefusedError
    return RetryLater(2) if isinstance(root, _NOT_SENT) else Unknown(type(root).__name__)


def _reason(error: TelegramError) -> str:
    return error.message[:100]


def render(part: Part) -> str:
    """The part as Telegram's HTML; everything that people wrote is escaped."""
    pieces = (
        f"<b>{escape(part.title, quote=False)}</b>" if part.title else "",
        escape(part.text, quote=False),
        f"<i>{escape(part.note, quote=False)}</i>" if part.note else "",
    )
    return "\n\n".join(piece for piece in pieces if piece) or "…"


def keyboard(buttons: Iterable[Choice]) -> Keyboard | None:
    """Short labels two to a row, numbers five, all others one; ways out never beside an answer."""
    rows: list[list[Choice]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        if last and last[-1].aside == button.aside and len(last) < _room(last[0], button):
            last.append(button)
        else:
            rows.append([button])
    if not rows:
        return None
    return {"inline_keyboard": [[_button(choice) for choice in row] for row in rows]}


def _room(first: Choice, button: Choice) -> int:
    longest = max(utf16(first.label), utf16(button.label))
    return 5 if longest <= 3 else 2 if longest <= SHORT else 1


def _button(choice: Choice) -> dict[str, str]:
    label = f"☑ {choice.label}" if choice.selected else choice.label
    return {"text": label, "url": choice.url} if choice.url else {"text": label, "callback_data": choice.token}
