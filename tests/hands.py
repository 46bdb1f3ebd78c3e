"""Hands: what a person does on a phone, and how long they wait for the answer.

Strict hands fail when no answer comes; hasty ones, for a program that is being killed, tap or type again as
people do.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import sayings
from screens import Screen, read

from standin import Phone, Shown

PHOTO = [{"file_id": "anh", "file_unique_id": "a", "width": 90, "height": 90}]
PATIENCE = 6  # waits after which what stood there before is no old news; a restart on a busy machine takes a few
TRIES = 40  # waits and nudges before a hasty person gives up


@dataclass(kw_only=True)
class Hands:
    """One person at a phone."""

    phone: Phone
    chance: random.Random
    language: str = "vi"
    typing: float = 0.5  # how often they type where they could tap
    waits: float = 60.0  # seconds for an answer, a restart of the program included
    hasty: float = 0.0  # seconds after which they tap or type again; 0: strict
    events: int = 0  # what they did; each is one update
    nudges: int = 0  # of those, because no answer came
    done: list[str] = field(default_factory=list)  # what they did, for failures
    _tapped: tuple[str, Shown] | None = None  # the last button, to tap it again

    @property
    def story(self) -> str:
        """Who they are and what they did, for a failure."""
        return f"resident {self.phone.user_id} ({self.language}): {' → '.join(self.done[-12:])}"

    def types(self) -> bool:
        """Typed words mean the question that stands, so whoever may have missed an answer taps."""
        return self.chance.random() < self.typing and not self.nudges

    def one(self, ways: dict[str, tuple[str, ...]]) -> str:
        return self.chance.choice(ways[self.language])

    async def understood(self, screen: Screen, text: str) -> Screen:
        heard = await self.say(text, screen)
        assert heard.kind != screen.kind, f"{self.story}\nwas not understood: {heard.text!r}"
        return heard

    async def say(self, text: str, screen: Screen | None = None) -> Screen:
        self._tapped = None
        return await self._do(repr(text), lambda: self.phone.say(text), screen)

    async def tap(self, screen: Screen, label: str) -> Screen:
        buttons = screen.shown.buttons
        data = next((button.data for button in buttons if button.label in (label, f"☑ {label}")), None)
        assert data, f"{self.story}\nsees no button {label!r} under {screen.text!r}, only {screen.shown.labels}"
        self._tapped = data, screen.shown
        return await self._do(f"[{label}]", lambda: self.phone.forge(data, screen.shown), screen)

    async def send_photo(self, screen: Screen) -> Screen:
        return await self._do("a photo", lambda: self.phone.send(photo=PHOTO), screen)

    async def forge(self, screen: Screen, token: str) -> Screen:
        return await self._do(f"[?{token}]", lambda: self.phone.forge(token, screen.shown), screen)

    async def _do(self, what: str, act: Callable[[], Awaitable[Any]], screen: Screen | None) -> Screen:
        """Do it and hear the answer. Who is hasty takes what was there before for old news, and asks again."""
        self.done.append(what)
        self.events += 1
        await act()
        if not self.hasty:
            return read(await self._hear(0, self.waits))
        seen, old = 0, None
        for attempt in range(TRIES):
            try:
                heard = read(await self._hear(seen, self.hasty))
            except TimeoutError:
                if old is not None and attempt > PATIENCE:
                    return old  # it stands there still, so it is no old news
                await self._nudge(attempt)
                continue
            if screen is None or heard.again or (heard.kind, heard.question) != (screen.kind, screen.question):
                return heard
            seen, old = heard.shown.touched, heard
        raise AssertionError(f"{self.story}\nwaited {TRIES} times; the phone shows {self.phone.last.text!r}")

    async def _hear(self, seen: int, seconds: float) -> Shown:
        try:
            return await self.phone.wait(lambda shown: shown.touched > seen, seconds)
        except AssertionError as error:
            if self.hasty:
                raise TimeoutError from None
            raise AssertionError(f"{self.story}\ngot no answer: {error}") from None

    async def _nudge(self, attempt: int) -> None:
        self.nudges += 1
        self.events += 1
        if self._tapped is not None and attempt < TRIES // 2:
            self.done.append("tap again")
            await self.phone.forge(*self._tapped)
        else:
            self.done.append("ask again")
            await self.phone.say(self.one(sayings.CONTINUE))
