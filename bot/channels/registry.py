"""Every channel that there is: its name, what it can do, and how it is made of its section of the configuration.

The name is that of the section, of the rows of its addresses, and of its webhook `/in/<name>`. A section has
`enabled`, and `rate` (messages a second) where anything is sent. What else a channel has, it says by what it can be
asked for: `bot/channels/abilities.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels import telegram
from bot.channels.console import ConsoleChannel
from bot.channels.web import WebChannel
from handlers.messages import Capabilities, Channel


@dataclass(frozen=True, slots=True)
class Registered:
    """`make` gets the section and our pages' public address, which may be empty; `capabilities` the section."""

    make: Callable[[Any, str], Channel]
    capabilities: Callable[[Any], Capabilities]


CHANNELS: dict[str, Registered] = {
    "telegram": Registered(telegram.make, lambda section: telegram.CAPABILITIES),
    "web": Registered(lambda section, site: WebChannel(), lambda section: WebChannel.capabilities),
    # Without a section: the command `talk` starts it.
    "console": Registered(lambda section, site: ConsoleChannel(), lambda section: ConsoleChannel.capabilities),
}


def capabilities(config: Any) -> dict[str, Capabilities]:
    """What each channel can do, as it is set up. Of those that are switched off too: an invitation to somebody there
    waits until they are on again, and a command sees the same people as the program that runs."""
    return {name: registered.capabilities(getattr(config, name, None)) for name, registered in CHANNELS.items()}


def rates(config: Any) -> dict[str, float]:
    """Messages a second, of each channel that is switched on and has a pace."""
    return {name: section.rate for name, section in _enabled(config).items() if hasattr(section, "rate")}


def make_channels(config: Any, site: str) -> dict[str, Channel]:
    """The channels that the configuration enables."""
    return {name: CHANNELS[name].make(section, site) for name, section in _enabled(config).items()}


def _enabled(config: Any) -> dict[str, Any]:
    sections = {name: getattr(config, name, None) for name in CHANNELS}
    return {name: section for name, section in sections.items() if section is not None and section.enabled}
