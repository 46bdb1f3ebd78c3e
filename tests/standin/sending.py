"""The methods by which a bot talks to people."""

from collections.abc import Callable
from typing import Any

from standin import limits, objects
from standin.chats import Chat, Shown, keyboard_of
from standin.reading import Call, Upload
from standin.refusals import Refused
from standin.state import TAP_LIFETIME, Method, State

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message"
)


def send_message(state: State, call: Call) -> Any:
    text, entities = limits.message_text(call.parameters)
    return _send(state, call.parameters, Shown(0, 0, by_bot=True, date=0, text=text, entities=entities))


def send_photo(state: State, call: Call) -> Any:
    return _send_file(state, call, "photo", objects.photo)


def send_document(state: State, call: Call) -> Any:
    return _send_file(state, call, "document", objects.document)


def send_chat_action(state: State, call: Call) -> bool:
    state.chat(call.parameters["chat_id"])
    return True


def edit_message_text(state: State, call: Call) -> Any:
    text, entities = limits.message_text(call.parameters)
    rows = limits.inline_keyboard(call.parameters.get("reply_markup"))
    chat, shown = _own_message(state, call.parameters)
    if shown.attachment is not None:
        raise Refused(400, "Bad Request: there is no text in the message to edit")
    return _edit(state, chat, shown, text, entities, rows)


def edit_message_caption(state: State, call: Call) -> Any:
    text, entities = limits.caption_text(call.parameters)
    rows = limits.inline_keyboard(call.parameters.get("reply_markup"))
    chat, shown = _own_message(state, call.parameters)
    if shown.attachment is None:
        raise Refused(400, "Bad Request: there is no caption in the message to edit")
    return _edit(state, chat, shown, text, entities, rows)


def edit_message_reply_markup(state: State, call: Call) -> Any:
    rows = limits.inline_keyboard(call.parameters.get("reply_markup"))
    chat, shown = _own_message(state, call.parameters)
    return _edit(state, chat, shown, shown.text, shown.entities, rows)


def delete_message(state: State, call: Call) -> bool:
    chat = state.chat(call.parameters["chat_id"])
    shown = chat.messages.get(call.parameters["message_id"])
    if shown is None:
        raise Refused(400, "Bad Request: message to delete not found")
    if shown.date < state.clock() - 48 * 3600:  # core.telegram.org/bots/api#deletemessage
        raise Refused(400, "Bad Request: message can't be deleted")
    del chat.messages[shown.message_id]
    return True


def answer_callback_query(state: State, call: Call) -> bool:
    limits.callback_answer(call.parameters)
    tap = state.taps.get(call.parameters["callback_query_id"])
    now = state.clock()
    if tap is None or now - tap.moment > TAP_LIFETIME:
        raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    tap.answers += 1
    if tap.answered_at is None:
        tap.answered_at = now
    tap.text = call.parameters.get("text", "")
    tap.show_alert = call.parameters.get("show_alert", False)
    return True


def _send_file(state: State, call: Call, field: str, described: Callable[[Upload | str], Any]) -> Any:
    text, entities = limits.caption_text(call.parameters)
    named = call.parameters[field]
    file = named.removeprefix("attach://") if isinstance(named, str) else field
    upload = call.uploads.get(file, file)
    shown = Shown(0, 0, by_bot=True, date=0, text=text, entities=entities, attachment=upload, content=described(upload))
    return _send(state, call.parameters, shown)


def _send(state: State, parameters: dict[str, Any], shown: Shown) -> Any:
    rows = limits.inline_keyboard(parameters.get("reply_markup"))
    chat = state.chat(parameters["chat_id"])
    _check_reply(chat, parameters.get("reply_parameters"))
    state.gate.pass_message(chat.chat_id, state.clock())
    shown.message_id = chat.next_id()
    shown.chat_id = chat.chat_id
    shown.date = int(state.clock())
    _set_keyboard(shown, rows)
    state.deliver(chat, shown, "send")
    return objects.message(chat, shown, state.bot)


def _check_reply(chat: Chat, reply: dict[str, Any] | None) -> None:
    if reply is None or reply.get("allow_sending_without_reply"):
        return
    if reply["message_id"] not in chat.messages:
        raise Refused(400, "Bad Request: message to be replied not found")


def _own_message(state: State, parameters: dict[str, Any]) -> tuple[Chat, Shown]:
    """The message to edit."""
    if not {"chat_id", "message_id"} <= parameters.keys():
        raise Refused(400, "Bad Request: message identifier is not specified")
    chat = state.chat(parameters["chat_id"])
    shown = chat.messages.get(parameters["message_id"])
    if shown is None:
        raise Refused(400, "Bad Request: message to edit not found")
    if not shown.by_bot:
        raise Refused(400, "Bad Request: message can't be edited")
    return chat, shown


def _edit(
    state: State, chat: Chat, shown: Shown, text: str, entities: list[Any], rows: list[list[dict[str, Any]]]
) -> Any:
    before = (shown.text, shown.entities, shown.content.get("reply_markup", {}).get("inline_keyboard", []))
    if (text, entities, rows) == before:
        raise Refused(400, NOT_MODIFIED)
    state.gate.pass_message(chat.chat_id, state.clock())
    shown.text, shown.entities = text, entities
    shown.edited = int(state.clock())
    _set_keyboard(shown, rows)
    state.deliver(chat, shown, "edit")
    return objects.message(chat, shown, state.bot)


def _set_keyboard(shown: Shown, rows: list[list[dict[str, Any]]]) -> None:
    shown.keyboard = keyboard_of(rows)
    shown.content.pop("reply_markup", None)
    if rows:
        shown.content["reply_markup"] = {"inline_keyboard": rows}


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "deleteMessage": delete_message,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageText": edit_message_text,
    "sendChatAction": send_chat_action,
    "sendDocument": send_document,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
}
