"""Telegram's HTML, read as strictly as the server reads it: what a phone shows, and what of it is styled.

core.telegram.org/bots/api#html-style; offsets and lengths of entities are in UTF-16 code units.
"""

import html
import re
from typing import Any

from standin.refusals import Violated

Entity = dict[str, Any]

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
ATTRIBUTES = {  # beside these a tag carries nothing
    "a": {"href"},
    "span": {"class"},
    "code": {"class"},
    "blockquote": {"expandable"},
    "tg-emoji": {"emoji-id"},
}
TOKEN = re.compile(r"<|&(?:#\d+|#[xX][0-9a-fA-F]+|lt|gt|amp|quot);|[^<&]+|&")
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def read_text(text: str, parse_mode: str | None) -> tuple[str, list[Entity]]:
    """The text as a phone shows it, and its entities. Raises `Violated`."""
    if parse_mode is None:
        return text.strip(), []
    if parse_mode.lower() != "html":
        raise Violated(f"unsupported parse_mode {parse_mode}: the stand-in reads HTML only")
    return _trimmed(*_parsed(text))


def _parsed(text: str) -> tuple[str, list[Entity]]:
    shown: list[str] = []
    length, position = 0, 0
    entities: list[Entity] = []
    unclosed: list[tuple[str, Entity]] = []
    while position < len(text):
        tag = TAG.match(text, position)
        if tag is None:
            token = TOKEN.match(text, position)
            assert token is not None
            if token.group() == "<":
                raise _unparsable(text, position, "Unclosed or malformed start tag")
            shown.append(html.unescape(token.group()) if token.group()[0] == "&" else token.group())
            length += utf16(shown[-1])
            position = token.end()
            continue
        name = tag.group(2).lower()
        if tag.group(1):
            entities += _closed(text, position, name, unclosed, length)
        else:
            unclosed.append((name, _opened(text, position, name, tag.group(3), length)))
        position = tag.end()
    if unclosed:
        raise Violated(f"can't parse entities: Can't find end tag corresponding to start tag \"{unclosed[-1][0]}\"")
    return "".join(shown), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _opened(text: str, position: int, name: str, attributes: str, offset: int) -> Entity:
    if name not in STYLES:
        raise _unparsable(text, position, f'Unsupported start tag "{name}"')
    given = {key.lower(): value.strip("\"'") for key, value in ATTRIBUTE.findall(attributes)}
    if unknown := given.keys() - ATTRIBUTES.get(name, set()):
        raise _unparsable(text, position, f'Tag "{name}" has unknown attributes {sorted(unknown)}')
    if name == "span" and given.get("class") != "tg-spoiler":
        raise _unparsable(text, position, 'Tag "span" must have class "tg-spoiler"')
    entity: Entity = {"type": STYLES[name], "offset": offset}
    if name == "a":
        entity["url"] = html.unescape(given.get("href", ""))
    if "expandable" in given:
        entity["type"] = "expandable_blockquote"
    if "emoji-id" in given:
        entity["custom_emoji_id"] = given["emoji-id"]
    return entity


def _closed(text: str, position: int, name: str, unclosed: list[tuple[str, Entity]], length: int) -> list[Entity]:
    if not unclosed:
        raise _unparsable(text, position, "Unexpected end tag")
    expected, entity = unclosed.pop()
    if name != expected:
        raise _unparsable(text, position, f'Unmatched end tag, expected "</{expected}>", found "</{name}>"')
    entity["length"] = length - entity["offset"]
    return [entity] if entity["length"] else []


def _unparsable(text: str, position: int, complaint: str) -> Violated:
    offset = len(text[:position].encode())
    return Violated(f"can't parse entities: {complaint} at byte offset {offset}")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space at both ends is not shown, and entities give way."""
    trimmed = text.strip()
    if trimmed == text:
        return text, entities
    lead, end = utf16(text[: len(text) - len(text.lstrip())]), utf16(trimmed)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return trimmed, kept
