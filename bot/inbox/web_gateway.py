"""The web pages' way in to the conversations (`web.dependencies.Conversation`)."""

from collections.abc import Mapping, Sequence
from typing import Any

import web.site
from bot.channels.abilities import Acknowledging, Unpacking
from bot.channels.raw import Raw, one_event
from bot.inbox.inbox import Inbox, UnknownCode
from handlers.messages import Channel, Message


class Gateway:
    """`channels` are those whose platforms call us."""

    def __init__(self, inbox: Inbox, channels: Mapping[str, Channel]) -> None:
        self._inbox = inbox
        self._channels = channels

    async def converse(self, channel: str, raws: Sequence[dict[str, Any]]) -> list[Message]:
        return await self._inbox.converse(channel, [Raw(raw["key"], raw["address"], raw) for raw in raws])

    async def current(
        self, channel: str, address: str, code: str, language: str, at: int | None = None
    ) -> Message | None:
        try:
            if at is not None:
                return await self._inbox.question_at(channel, address, code, at)
            return await self._inbox.current(channel, address, code, language)
        except UnknownCode:
            raise web.site.UnknownCode(code) from None

    async def accept(self, channel: str, body: bytes) -> None:
        known = self._channels[channel]
        events = known.unpack(body) if isinstance(known, Unpacking) else [one_event(known, body)]
        await self._inbox.accept(channel, events)
        if isinstance(known, Acknowledging):
            known.acknowledge_all([event.payload for event in events])
