"""The bot where Telegram calls us, as many processes as there are."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.raw import Raw
from bot.channels.telegram.channel import ALLOWED_UPDATES, TelegramChannel
from bot.channels.telegram.raw_events import acknowledge_all, as_raw


class WebhookTelegram(TelegramChannel):
    """`url` is where Telegram reaches us; it sends `secret` back in a header."""

    def __init__(self, token: str, base_url: str, *, url: str, secret: str, **settings: Any) -> None:
        super().__init__(token, base_url, **settings)
        self._url = url
        self._secret = secret

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret header is ours; compared in constant time."""
        given = headers.get("x-telegram-bot-api-secret-token", "").encode("utf-8", "surrogateescape")
        return bool(self._secret) and hmac.compare_digest(given, self._secret.encode())

    def unpack(self, body: bytes) -> Sequence[Raw]:
        """The one update of a call."""
        return [as_raw(self, body)]

    def acknowledge_all(self, payloads: Sequence[Any]) -> None:
        """Stop the spinners of pressed buttons; nothing waits for it."""
        acknowledge_all(self, payloads)

    async def introduce(self, menus: Mapping[str, Sequence[tuple[str, str]]], default: str) -> None:
        """Say where updates go, then what every bot says."""
        await self._bot.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
        )
        await super().introduce(menus, default)
