"""The Bot API's objects as Telegram sends them: users, chats, messages and updates."""

import hashlib
from typing import Any

from standin.chats import Chat, Shown
from standin.reading import Upload

Json = dict[str, Any]


def bot_user(bot_id: int) -> Json:
    return {"id": bot_id, "is_bot": True, "first_name": "Lắng Nghe", "username": "langnghe_standin_bot"}


def private_chat(chat: Chat) -> Json:
    names = ("first_name", "last_name", "username")
    return {"id": chat.chat_id, "type": "private"} | {key: chat.user[key] for key in names if key in chat.user}


def message(chat: Chat, shown: Shown, bot: Json) -> Json:
    """A `Message`, as sent by the bot or by the person."""
    body: Json = {
        "message_id": shown.message_id,
        "from": bot if shown.by_bot else chat.user,
        "chat": private_chat(chat),
        "date": shown.date,
    }
    if shown.edited is not None:
        body["edit_date"] = shown.edited
    body |= shown.content
    if shown.attachment is None and shown.text:
        body["text"] = shown.text
    elif shown.text:
        body["caption"] = shown.text
    if shown.entities:
        body["entities" if shown.attachment is None else "caption_entities"] = shown.entities
    return body


def start_entities(text: str) -> list[Json]:
    """A leading command such as /start is marked as one."""
    if not text.startswith("/"):
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]


def membership(chat: Chat, bot: Json, moment: int, *, blocked: bool) -> Json:
    """The `my_chat_member` update of a person who blocked or unblocked the bot."""
    member = {"user": bot, "status": "member"}
    banned = {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (member, banned) if blocked else (banned, member)
    return {
        "my_chat_member": {
            "chat": private_chat(chat),
            "from": chat.user,
            "date": moment,
            "old_chat_member": old,
            "new_chat_member": new,
        }
    }


def photo(upload: Upload | str) -> Json:
    size = {"width": 640, "height": 640}
    return {"photo": [_file(upload) | size]}


def document(upload: Upload | str) -> Json:
    if isinstance(upload, str):
        return {"document": _file(upload)}
    return {"document": _file(upload) | {"file_name": upload.name, "mime_type": upload.media_type}}


def _file(upload: Upload | str) -> Json:
    if isinstance(upload, str):
        return {"file_id": upload, "file_unique_id": upload[-16:]}
    digest = hashlib.sha256(upload.content).hexdigest()
    return {"file_id": digest, "file_unique_id": digest[:16], "file_size": len(upload.content)}
