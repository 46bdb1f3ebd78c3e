"""The rules of the Bot API that its types do not tell. Each raises `Violated`."""

import re
from typing import Any
from urllib.parse import urlsplit

from standin.markup import Entity, read_text, utf16
from standin.refusals import Violated

TEXT_LIMIT = 4096  # UTF-16 code units after entity parsing, core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64  # bytes, core.telegram.org/bots/api#inlinekeyboardbutton
BUTTON_LIMIT = 100
ROW_LIMIT = 8
ANSWER_LIMIT = 200
COMMAND_LIMIT = 100
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
STYLES = {"danger", "success", "primary"}
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def message_text(parameters: dict[str, Any]) -> tuple[str, list[Entity]]:
    """The text of a message as shown, with its entities."""
    text, entities = _styled(parameters, "text", "entities")
    if not text:
        raise Violated("message text is empty")
    if utf16(text) > TEXT_LIMIT:
        raise Violated("message is too long")
    return text, entities


def caption_text(parameters: dict[str, Any]) -> tuple[str, list[Entity]]:
    """The caption of a photo or document as shown, with its entities."""
    text, entities = _styled(parameters, "caption", "caption_entities")
    if utf16(text) > CAPTION_LIMIT:
        raise Violated("message caption is too long")
    return text, entities


def _styled(parameters: dict[str, Any], text: str, entities: str) -> tuple[str, list[Entity]]:
    if entities not in parameters:
        return read_text(parameters.get(text, ""), parameters.get("parse_mode"))
    if "parse_mode" in parameters:
        raise Violated(f"parse_mode and {entities} exclude each other")
    length = utf16(parameters.get(text, ""))
    for entity in parameters[entities]:
        if entity["offset"] < 0 or entity["length"] < 1 or entity["offset"] + entity["length"] > length:
            raise Violated(f"entity {entity} lies outside of the text")
    return parameters.get(text, ""), parameters[entities]


def inline_keyboard(markup: dict[str, Any] | None) -> list[list[dict[str, Any]]]:
    """The rows of buttons under a message; none for other kinds of reply markup."""
    rows: list[list[dict[str, Any]]] = (markup or {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise Violated("reply markup is too long")
    for row in rows:
        if len(row) > ROW_LIMIT:
            raise Violated(f"a row of {len(row)} buttons; at most {ROW_LIMIT} are shown")
        for button in row:
            _check_button(button)
    return [row for row in rows if row]


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise Violated("can't parse inline keyboard button: text must be non-empty")
    actions = ACTIONS & button.keys()
    if len(actions) != 1:
        raise Violated(f"an inline keyboard button must have exactly one action, not {sorted(actions)}")
    if "style" in button and button["style"] not in STYLES:
        raise Violated(f"unknown button style {button['style']}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_DATA_LIMIT:
        raise Violated("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    web_address = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    if not web_address and parts.scheme != "tg":
        raise Violated(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def callback_answer(parameters: dict[str, Any]) -> None:
    if len(parameters.get("text", "")) > ANSWER_LIMIT:
        raise Violated("MESSAGE_TOO_LONG")


def commands(listed: list[dict[str, str]]) -> None:
    if len(listed) > COMMAND_LIMIT:
        raise Violated("too many bot commands specified")
    for entry in listed:
        if not COMMAND_NAME.fullmatch(entry["command"]):
            raise Violated("BOT_COMMAND_INVALID")
        if not 1 <= len(entry["description"]) <= 256:
            raise Violated("BOT_COMMAND_DESCRIPTION_INVALID")
    if len({entry["command"] for entry in listed}) < len(listed):
        raise Violated("the same command is listed twice")


def webhook(parameters: dict[str, Any]) -> None:
    url = urlsplit(parameters["url"])
    if url.scheme != "https" and url.hostname != "127.0.0.1":
        raise Violated("bad webhook: An HTTPS URL must be provided for webhook")
    if not 1 <= parameters.get("max_connections", 40) <= 100:
        raise Violated("max_connections must be from 1 to 100")
    if not SECRET_TOKEN.fullmatch(parameters.get("secret_token", "unset")):
        raise Violated("secret token contains unallowed characters")
