"""The web pages' way in to the conversations (`web.dependencies.Conversation`)."""

from collections.abc import Sequence
from typing import Any

import web.site
from bot.channels.raw import Raw
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.raw_events import acknowledge_all, as_raw
from bot.inbox.inbox import Inbox, UnknownCode
from handlers.messages import Message


class Gateway:
    def __init__(self, inbox: Inbox, telegram: TelegramChannel | None) -> None:
        self._inbox = inbox
        self._telegram = telegram

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

    async def accept(self, channel: str, raws: Sequence[bytes]) -> None:
        if self._telegram is None:
            raise RuntimeError(f"no channel {channel}")
        events = [as_raw(self._telegram, body) for body in raws]
        await self._inbox.accept(channel, events)
        acknowledge_all(self._telegram, [event.payload for event in events])
