"""A resident with a phone: writes, taps what is displayed, and sees what arrives."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from standin import objects
from standin.chats import Button, Chat, Shown
from standin.state import State, Tap

Which = str | int | Callable[[Button], bool]
Wanted = str | Callable[[Shown], bool] | None


class Phone:
    """One person's private chat with the bot, seen from their side."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat
        self._seen = 0  # receipts before the person's last action
        self._arrived = asyncio.Event()
        chat.on_receipt = self._arrived.set

    @property
    def user_id(self) -> int:
        return self._chat.chat_id

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages as now displayed, in the order in which they were sent."""
        return [shown for shown in self._chat.messages.values() if shown.by_bot]

    @property
    def last(self) -> Shown:
        """The bot's message that was sent or changed most recently."""
        assert self.messages, f"phone {self.user_id} has received nothing"
        return max(self.messages, key=lambda shown: shown.touched)

    async def start(self, payload: str = "") -> Shown:
        """Press START, possibly from a link or QR code that carries a payload; unblocks the bot."""
        assert re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload), f"no link can carry {payload!r}"
        if self._chat.blocked:
            self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def say(self, text: str) -> Shown:
        """Send a text."""
        entities = objects.start_entities(text)
        return await self.send(text=text, **({"entities": entities} if entities else {}))

    async def send(self, **content: Any) -> Shown:
        """Send a message with any of the Bot API's content fields, such as `contact` or `photo`."""
        assert not self._chat.blocked, f"phone {self.user_id} has blocked the bot"
        shown = Shown(
            self._chat.next_id(),
            self.user_id,
            by_bot=False,
            date=int(self._state.clock()),
            text=content.get("text", ""),
            content=content,
        )
        self._chat.messages[shown.message_id] = shown
        self._chat.written = True
        self._act({"message": objects.message(self._chat, shown, self._state.bot)})
        return shown

    async def tap(self, which: Which, message: Shown | None = None) -> Tap:
        """Press a displayed button, chosen by label, place or predicate.

        Without a message, the one that changed last among those that show such a button.
        """
        for shown in self._recent() if message is None else [message]:
            button = _button(shown.buttons, which)
            if button is not None:
                assert button.data, f"{button.label!r} opens {button.url!r} instead of answering"
                return await self.forge(button.data, shown)
        on_display = [shown.labels for shown in self._recent() if shown.buttons]
        raise AssertionError(f"phone {self.user_id} shows no button {which!r}; on display: {on_display}")

    async def forge(self, data: str, message: Shown | None = None) -> Tap:
        """Send the callback of a button that need not be displayed, as old and hostile clients do."""
        tap = Tap(str(self._state.chance.getrandbits(62)), self.user_id, data, self._state.clock())
        self._state.taps[tap.query_id] = tap
        shown = objects.message(self._chat, message or self.last, self._state.bot)
        self._act(
            {
                "callback_query": {
                    "id": tap.query_id,
                    "from": self._chat.user,
                    "message": shown,
                    "chat_instance": self._chat.instance,
                    "data": data,
                }
            }
        )
        return tap

    async def wait(self, wanted: Wanted = None, timeout: float = 60.0) -> Shown:  # noqa: ASYNC109
        """The newest fitting message that arrived or changed since the person's last action.

        `wanted` is a predicate, or a piece of the text.
        """
        fits = _predicate(wanted)
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            for shown in self._recent():
                if shown.touched > self._seen and fits(shown):
                    return shown
            self._arrived.clear()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._arrived.wait()
            except TimeoutError:
                texts = [shown.text for shown in self.messages]
                raise AssertionError(
                    f"phone {self.user_id} waited {timeout:g} s for {wanted or 'news'}; it shows {texts}"
                ) from None

    async def hear_nothing(self, seconds: float = 0.2) -> None:
        """Assert that nothing arrives or changes for a while."""
        before = self._chat.received
        await asyncio.sleep(seconds)
        assert self._chat.received == before, f"phone {self.user_id} received {self.last.text!r}"

    def block(self) -> None:
        """Stop the bot; it is told, and cannot write any more."""
        self._set_blocked(True)

    def unblock(self) -> None:
        self._set_blocked(False)

    def deactivate(self) -> None:
        """Delete the account; nobody is told."""
        self._chat.deactivated = True

    def _set_blocked(self, blocked: bool) -> None:
        assert self._chat.blocked is not blocked, f"phone {self.user_id}: blocked is {blocked} already"
        self._chat.blocked = blocked
        moment = int(self._state.clock())
        self._act(objects.membership(self._chat, self._state.bot, moment, blocked=blocked))

    def _act(self, update: dict[str, Any]) -> None:
        self._seen = self._chat.received
        self._state.updates.add(update)

    def _recent(self) -> list[Shown]:
        return sorted(self.messages, key=lambda shown: -shown.touched)


def _button(buttons: list[Button], which: Which) -> Button | None:
    if isinstance(which, int):
        return buttons[which] if -len(buttons) <= which < len(buttons) else None
    wanted = which
    fits = (lambda button: button.label == wanted) if isinstance(wanted, str) else wanted
    return next((button for button in buttons if fits(button)), None)


def _predicate(wanted: Wanted) -> Callable[[Shown], bool]:
    if wanted is None:
        return lambda shown: True
    if isinstance(wanted, str):
        return lambda shown: wanted in shown.text
    return wanted
