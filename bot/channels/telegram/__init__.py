"""Telegram, over python-telegram-bot; polled, or with a webhook where several processes share one bot."""

from typing import Any

from handlers.messages import Capabilities, Channel

CAPABILITIES = Capabilities(text_limit=4096, button_limit=100, label_limit=64, edit=True)


def make(section: Any, site: str) -> Channel:
    """The bot of this section of the configuration; `site` is our pages' public address, "" where there is none."""
    from bot.channels.telegram.polling import PolledTelegram  # the library: 300 ms that most commands don't need
    from bot.channels.telegram.webhook import WebhookTelegram

    token, base_url = section.token.get_secret_value(), section.base_url
    settings = {
        "proxy": section.proxy,
        "paid_broadcast": section.paid_broadcast,
        "pictures": f"{site}/pictures" if site else "",
    }
    if section.mode == "polling":
        return PolledTelegram(token, base_url, **settings)
    url = section.webhook_url or f"{site}/in/telegram"
    return WebhookTelegram(token, base_url, url=url, secret=section.webhook_secret.get_secret_value(), **settings)
