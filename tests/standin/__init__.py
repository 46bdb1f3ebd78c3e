"""A strict stand-in for Telegram's Bot API; see `standin.server`."""

from standin.chats import Button, Sent, Shown
from standin.clock import Clock
from standin.faults import Fault
from standin.flood import Limit
from standin.phone import Phone
from standin.refusals import Violation
from standin.schema import bot_api
from standin.server import TelegramStandIn
from standin.state import Tap

__all__ = [
    "Button",
    "Clock",
    "Fault",
    "Limit",
    "Phone",
    "Sent",
    "Shown",
    "Tap",
    "TelegramStandIn",
    "Violation",
    "bot_api",
]
