"""One form post, as the events of a conversation: the same for the survey page and the chat."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request

from handlers.messages import Message
from web.dependencies import WebDependencies
from web.rendering import wanted_language
from web.visitor import CHANNEL, Visitor, VisitorStatus, find_standing

SEEN = "seen"  # the cookie that says which question the browser was last shown


def new_key(asks: str = "") -> str:
    """A key for the forms of one page: whatever is posted twice with it happened once.

    It carries which question the page asks, so that what is typed there answers that question or none.
    """
    return f"{secrets.token_hex(16)}.{asks}" if asks else secrets.token_hex(16)


async def standing(site: WebDependencies, visitor: Visitor, code: str) -> VisitorStatus:
    """What is stored about the visitor in this round; nothing is looked up for a browser that we never saw."""
    if not visitor.known:
        return VisitorStatus()
    return await site.database.read(lambda connection: find_standing(connection, visitor.address, code))


async def current(site: WebDependencies, request: Request, visitor: Visitor, code: str) -> Message:
    """What stands on the visitor's screen now. Writes nothing."""
    message = await site.conversation.current(CHANNEL, visitor.address, code, wanted_language(request))
    assert message is not None
    return message


async def question_at(site: WebDependencies, request: Request, visitor: Visitor, code: str, at: str) -> Message | None:
    """A question that was asked before, with its answer; None where it cannot be shown."""
    if not at.isascii() or not at.isdecimal() or len(at) > 4:
        return None
    return await site.conversation.current(CHANNEL, visitor.address, code, wanted_language(request), int(at))


async def answer(
    site: WebDependencies, request: Request, visitor: Visitor, form: Mapping[str, str], code: str
) -> list[Message]:
    """Hand what was posted to the conversation; nothing when it was posted before or is empty.

    A visitor who is not in the round of this page joins it with the same post: until the first answer there
    is nothing about them in the database. The database decides that, not a field of the form, so that a page
    kept open over an erasure of one's data, or over a change of round, does the right thing too.
    """
    joined = not code or (await standing(site, visitor, code)).joined
    said = events(
        form,
        address=visitor.address,
        start="" if joined else code,
        language=wanted_language(request),
        now=site.clock(),
        seen=request.cookies.get(SEEN, ""),
    )
    return await site.conversation.converse(CHANNEL, said) if said else []


def events(
    form: Mapping[str, str], *, address: str, start: str, language: str, now: datetime, seen: str = ""
) -> list[dict[str, Any]]:
    """The raw events of one post, in order: joining a round where `start` names one, then what was said.

    What a stranger saw is nowhere but in the form, or else in the browser: `seen`.
    """
    choice, text = form.get("choice", "")[:64], form.get("text", "").strip()
    if not choice and not text:
        return []
    common = {"address": address, "language": language, "at": now.isoformat()}
    # The answer is in the key: a double click is one event, another choice on a page gone back to is another.
    key = _digest(address, form.get("key", ""), choice, text)
    said = {**common, "key": key, "choice": choice, "text": "" if choice else text}
    shown = form.get("key", "").partition(".")[2][:64]
    if shown or start:
        said["shown"] = shown or seen[:64]
    if not start:
        return [said]
    return [{**common, "key": _digest(key, "start"), "kind": "start", "start": start}, said]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]
