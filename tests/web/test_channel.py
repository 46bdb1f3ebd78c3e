"""bot/channels/web.py: what the pages post, as events."""

import pytest

from bot.channels.abilities import Webhook
from bot.channels.web import WebChannel
from handlers.messages import Part, Rejected, Unreadable

RAW = {"key": "k", "address": "a", "text": "xin chào", "at": "2026-11-23T10:00:00+07:00", "language": "vi"}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "text"),
        ({"text": "", "choice": "token"}, "choice"),
        ({"text": "", "start": "code"}, "start"),
        ({"text": "", "kind": "start"}, "start"),
        ({"kind": "stop"}, "stop"),
    ],
)
def test_an_event_is_what_it_carries(changes, kind):
    inbound = WebChannel().read({**RAW, **changes})
    assert (inbound.channel, inbound.kind, inbound.address, inbound.event_key) == ("web", kind, "a", "k")
    assert inbound.occurred_at.isoformat() == "2026-11-23T03:00:00+00:00"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {**RAW, "key": ""},
        {**RAW, "key": "k" * 65},
        {**RAW, "address": 7},
        {**RAW, "text": " "},
        {**RAW, "text": ["x"]},
        {**RAW, "choice": "đ"},
        {**RAW, "kind": "media"},
        {**RAW, "at": "yesterday"},
        {**RAW, "at": None},
        {**RAW, "at": "2026-11-23T10:00:00"},
    ],
)
def test_what_is_no_event_is_unreadable(raw):
    with pytest.raises(Unreadable):
        WebChannel().read(raw)


def test_text_that_a_database_would_refuse_is_cleaned_and_kept_short():
    inbound = WebChannel().read({**RAW, "text": "a\0b\ud800" + "c" * 9000})
    assert inbound.text.startswith("abc")
    assert len(inbound.text) == 4000


async def test_nothing_can_be_sent_to_a_browser():
    with pytest.raises(Rejected):
        await WebChannel().send("a", Part("Đã mở đợt mới"))


def test_no_platform_calls_the_web_channel():
    assert not isinstance(WebChannel(), Webhook)
