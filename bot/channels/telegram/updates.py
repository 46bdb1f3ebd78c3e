"""Raw Telegram updates understood, one at a time; nothing in them is trusted."""

from datetime import UTC, datetime
from typing import Any

from telegram import Bot, Message, Update

from handlers.messages import Inbound, Kind, Unreadable


def sender(raw: Any) -> tuple[str, str]:
    """(update_id, chat id), as far as they can be told."""
    if not isinstance(raw, dict):
        return "", ""
    key = raw.get("update_id")
    return str(key) if isinstance(key, int) else "", _chat(raw)


def trim(raw: Any) -> Any:
    """A press without what `read` has no use for: our own message with all its buttons, and the person's names."""
    try:
        query = raw["callback_query"]
        chat = _only(query["message"]["chat"], "id", "type")
        kept = {
            **_only(query, "id", "data"),
            "from": _only(query["from"], "language_code"),
            "message": {**_only(query["message"], "message_id", "date"), "chat": chat},
        }
        return {**_only(raw, "update_id"), "callback_query": kept}
    except (KeyError, TypeError):
        return raw


def read(raw: Any, bot: Bot) -> Inbound:
    """What happened, from an update trimmed or whole. Raises `Unreadable`."""
    try:
        if "callback_query" in raw:
            return _pressed(raw["update_id"], raw["callback_query"])
        update = Update.de_json(raw, bot)
        if update is None:
            raise Unreadable("empty")
        return _inbound(update)
    except Unreadable:
        raise
    except Exception as error:  # the parser trusts its input: TypeError, KeyError, OverflowError, …
        raise Unreadable(type(error).__name__) from None


def _chat(raw: dict[str, Any]) -> str:
    for field in ("message", "edited_message", "callback_query", "my_chat_member"):
        event = raw.get(field)
        if isinstance(event, dict):
            holder = event.get("message") if field == "callback_query" else event
            chat = holder.get("chat") if isinstance(holder, dict) else None
            number = chat.get("id") if isinstance(chat, dict) else None
            return str(number) if type(number) is int else ""
    return ""


def _only(fields: Any, *names: str) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise TypeError
    return {name: fields[name] for name in names if name in fields}


def _check_chat(number: Any, kind: Any) -> None:
    if type(number) is not int or abs(number) >= 2**52:  # True is an int too
        raise Unreadable("no chat")
    if kind != "private":
        raise Unreadable("not a private chat")


def _pressed(number: int, query: dict[str, Any]) -> Inbound:
    """A press, which nearly every event is. The library would make objects with 150 fields of these seven."""
    message = query.get("message")
    if not isinstance(message, dict):
        raise Unreadable("no message")
    chat, data, language = message["chat"], query.get("data"), query["from"].get("language_code")
    _check_chat(chat["id"], chat["type"])
    return Inbound(
        channel="telegram",
        address=str(chat["id"]),
        event_key=str(number),
        kind="choice",
        occurred_at=datetime.fromtimestamp(message["date"], UTC),
        choice=data if isinstance(data, str) else "",
        language=language if isinstance(language, str) else "",
        message_ref=str(int(message["message_id"])),
    )


def _inbound(update: Update) -> Inbound:
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        raise Unreadable("no chat")
    _check_chat(chat.id, chat.type)
    language = user.language_code if user else None
    fields: dict[str, Any] = {
        "channel": "telegram",
        "address": str(chat.id),
        "event_key": str(update.update_id),
        "language": language if isinstance(language, str) else "",
    }
    if update.my_chat_member is not None:
        change = update.my_chat_member
        blocked = change.new_chat_member.status in ("kicked", "left")
        kind: Kind = "stop" if blocked else "start"
        return Inbound(**fields, kind=kind, occurred_at=change.date.astimezone(UTC), silent=True)
    message = update.message or update.edited_message
    if message is None:
        raise Unreadable("nothing that we asked for")
    fields["occurred_at"] = message.date.astimezone(UTC)
    return _written(message, fields, edited=update.message is None)


def _written(message: Message, fields: dict[str, Any], *, edited: bool) -> Inbound:
    """A message that somebody wrote, or passed on. What stands under a picture is read, and the picture is not kept."""
    text = message.text if isinstance(message.text, str) else message.caption
    if not isinstance(text, str):
        if edited:  # a place that moves is edited every few seconds; nobody waits for an answer
            raise Unreadable("an edit without words")
        kind: Kind = "contact" if message.contact else "media" if message.effective_attachment else "unsupported"
        return Inbound(**fields, kind=kind)
    fields |= {
        "message_ref": str(message.message_id),
        "edited": edited,
        "borrowed": message.forward_origin is not None or message.via_bot is not None,
        "pictured": message.text is None,
        "replies_to": (message.reply_to_message and message.reply_to_message.text) or "",
    }
    command, _, rest = text.strip().partition(" ")
    command = command.partition("@")[0]
    if command == "/start" and not edited and not fields["borrowed"]:
        return Inbound(**{**fields, "message_ref": ""}, kind="start", start_payload=rest.strip()[:64])
    if command == "/stop" and not edited and not fields["borrowed"]:
        return Inbound(**{**fields, "message_ref": ""}, kind="stop")
    return Inbound(**fields, kind="text", text=text)
