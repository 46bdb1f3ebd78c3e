"""Residents who answer the sample rounds on a phone, each in their own way, and remember what they chose.

A resident knows only what the phone shows, and fails when the program does not understand, moves on where it
should not, or shows another ballot than was filled in.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import sayings
from hands import Hands
from screens import FORM, Screen, say

CODES = {"Xã Thuận Hòa": "31582", "Xã An Thạnh": "31615"}
HAMLETS = {"Xã Thuận Hòa": 7, "Xã An Thạnh": 6}
CONTENT = {question.name for question in FORM.questions if question.role in ("content", "overall")}
SATISFIED, NOT_SATISFIED = "hai_long", "chua_hai_long"
REASON, LEVEL = "ly_do", "muc_do"
FORGERIES = ("pick:1:1:0", "pick:1:3:1.AAAAAAAAAAA", "x" * 64, "review:2", "đ", ".", "data:erase.AAAAAAAAAAA")


@dataclass(kw_only=True)
class Resident(Hands):
    """One person with a home and habits."""

    commune: str
    link: str = ""  # what the QR code carried
    detours: float = 0.0  # how often they do something else before they answer
    changes: float = 0.0  # how often they change an answer after the end
    thinking: float = 0.0  # seconds before an answer, on average
    leaves_after: int | None = None  # answers after which they never come back
    rests_after: int | None = None  # answers after which they wait for `rested`
    rested: asyncio.Event = field(default_factory=asyncio.Event)
    neighbours: Sequence["Resident"] = ()  # whose buttons they may try

    home: str = ""  # the unit their ballot counts in
    choices: dict[str, str | None] = field(default_factory=dict)
    finished: bool = False
    tokens: dict[str, list[str]] = field(default_factory=dict)  # buttons seen under each question
    _revisiting: bool = False  # a question that was answered and shall be answered anew

    async def live(self) -> None:
        """From the first word to the end, or to where they leave."""
        screen = await self.say(f"/start {self.link}".strip())
        while not (screen.kind == "finished" and self._content()):
            if self.rests_after is not None and len(self.choices) >= self.rests_after:
                self.rests_after = None
                await self.rested.wait()
            if self.leaves_after is not None and len(self.choices) >= self.leaves_after:
                return
            if self.thinking:
                await asyncio.sleep(self.chance.expovariate(1 / self.thinking))
            screen = await self._react(screen)
        self.finished = True

    def expected(self) -> dict[str, str | None]:
        """The answers that must lie in their ballot."""
        if not self.finished or NOT_SATISFIED in self.choices.values():
            return self.choices
        return {name: value for name, value in self.choices.items() if name != REASON}

    def _content(self) -> bool:
        if self.chance.random() >= self.changes:
            return True
        self.changes /= 2
        return False

    async def _react(self, screen: Screen) -> Screen:
        match screen.kind:
            case "consent":
                return await self._consent(screen)
            case "declined":
                return await self.tap(screen, say(self.language, "consent.change"))
            case "place":
                return await self._place(screen)
            case "which_place":
                return await self.tap(screen, self._label_of_home(screen))
            case "hamlet":
                return await self._hamlet(screen)
            case "question":
                return await self._question(screen)
            case "finished":
                return await self.tap(screen, say(self.language, "survey.review"))
            case "review":
                return await self._change(screen)
        return await self.say(self.one(sayings.CONTINUE))

    async def _consent(self, screen: Screen) -> Screen:
        if self.chance.random() < self.detours / 2:
            return await self.tap(screen, say(self.language, "consent.no"))
        if self.types():
            return await self.understood(screen, self.one(sayings.YES))
        return await self.tap(screen, say(self.language, "consent.yes"))

    async def _place(self, screen: Screen) -> Screen:
        if not self.hasty and self.chance.random() < self.detours:
            screen = await self._again(screen, self.say(self.chance.choice(sayings.NOWHERE), screen))
        if self.types():
            return await self.understood(screen, self.chance.choice(sayings.COMMUNES[self.commune]))
        return await self.tap(screen, self.commune)

    def _label_of_home(self, screen: Screen) -> str:
        """The button of their commune, or its number where the labels are too long for buttons."""
        numbered = re.findall(rf"^(\d+)\. {self.commune}\b", screen.text, re.MULTILINE)
        fitting = numbered or [label for label in screen.shown.labels if label.startswith(self.commune)]
        assert len(fitting) == 1, f"{self.story}\nis offered {self.commune} {len(fitting)} times: {screen.text!r}"
        return fitting[0]

    async def _hamlet(self, screen: Screen) -> Screen:
        number = self.chance.randint(0, HAMLETS[self.commune])
        self.home = f"Ấp {number} (mẫu)" if number else self.commune
        label = self.home if number else say(self.language, "place.no_hamlet")
        if not self.types():
            return await self.tap(screen, label)
        ways = (label, f"Ấp {number}", f"ap {number}", str(number)) if number else (label,)
        return await self.understood(screen, self.chance.choice(ways))

    async def _question(self, screen: Screen) -> Screen:
        name = screen.question
        self.tokens.setdefault(name, [button.data for button in screen.shown.buttons])
        if not screen.again and self.chance.random() < self.detours:
            return await self._detour(screen)
        if name not in self.choices or self._revisiting:
            self.choices[name] = self._choose(name)
            self._revisiting = False
        if name == REASON and self.nudges:  # a second copy of typed words would answer the next question
            self.choices[name] = None
        value = self.choices[name]
        if value is None:
            heard = await self._skip(screen)
        elif name == REASON:
            heard = await self.say(value, screen)
        elif self.types():
            heard = await self.say(self._spoken(name, value), screen)
        else:
            heard = await self.tap(screen, self._label(name, value))
        assert self.hasty or (heard.kind, heard.question) != ("question", name), (
            f"{self.story}\nwas not taken as {name} = {value}; the answer was: {heard.text!r}"
        )
        return heard

    def _choose(self, name: str) -> str | None:
        if name in CONTENT:
            return SATISFIED if self.chance.random() < 0.8 else NOT_SATISFIED
        if self.chance.random() < 0.3:
            return None
        return self.chance.choice(sayings.REASONS if name == REASON else list(sayings.LEVELS))

    def _label(self, name: str, value: str) -> str:
        option = next(option for option in FORM.by_name[name].options if option.name == value)
        return FORM.text(option.label, self.language)

    def _spoken(self, name: str, value: str) -> str:
        if name == LEVEL:
            return self.chance.choice(sayings.LEVELS[value] if self.language == "vi" else (value,))
        return self.one(sayings.SATISFIED if value == SATISFIED else sayings.NOT_SATISFIED)

    async def _skip(self, screen: Screen) -> Screen:
        if self.types():
            return await self.say(self.one(sayings.SKIP), screen)
        return await self.tap(screen, say(self.language, "survey.skip"))

    async def _change(self, screen: Screen) -> Screen:
        """Look the ballot through, and change one answer."""
        rows = re.findall(r"^\d+\. (.+)\n→ (.+)", screen.text, re.MULTILINE)
        names = {FORM.text(question.label, self.language): question.name for question in FORM.questions}
        shown = {names[label]: answer for label, answer in rows}
        for name, value in self.choices.items():
            if name in CONTENT and value is not None:
                assert shown.get(name) == self._label(name, value), f"{self.story}\nsees another ballot: {screen.text}"
        number = self.chance.randint(1, len(rows))
        self._revisiting = True
        return await (self.say(str(number), screen) if self.types() else self.tap(screen, str(number)))

    # Detours: after each of them the question stands as before.

    async def _detour(self, screen: Screen) -> Screen:
        ways: list[Callable[[Screen], Awaitable[Screen]]] = [self._back]
        if not self.hasty:
            ways += [self._stale, self._forge, self._photo, self._stop, self._menu, self._language]
            ways += [self._unclear] * 2 if screen.question != REASON else []
        return await self.chance.choice(ways)(screen)

    async def _back(self, screen: Screen) -> Screen:
        label = say(self.language, "survey.back")
        if label not in screen.shown.labels:
            return screen
        heard = await (self.say(self.one(sayings.BACK), screen) if self.types() else self.tap(screen, label))
        assert self.hasty or heard.question in self.choices, f"{self.story}\nleads back to {heard.text!r}"
        self._revisiting = heard.kind == "question" and heard.question != screen.question
        return heard

    async def _stale(self, screen: Screen) -> Screen:
        old = [token for name, tokens in self.tokens.items() if name != screen.question for token in tokens]
        return await self._press(screen, self.chance.choice(old)) if old else screen

    async def _forge(self, screen: Screen) -> Screen:
        token = self.chance.choice(self.neighbours).tokens.get(screen.question) if self.neighbours else None
        own = self.tokens[screen.question][0]
        forgeries = [*FORGERIES, own[:-1] + chr(ord(own[-1]) ^ 1), own[1:], *(token or ())]
        return await self._press(screen, self.chance.choice([each for each in forgeries if each != own]))

    async def _press(self, screen: Screen, token: str) -> Screen:
        return await self._again(screen, self.forge(screen, token))

    async def _photo(self, screen: Screen) -> Screen:
        return await self._again(screen, self.send_photo(screen))

    async def _unclear(self, screen: Screen) -> Screen:
        return await self._again(screen, self.say(self.chance.choice(sayings.UNCLEAR), screen))

    async def _stop(self, screen: Screen) -> Screen:
        stopped = await self.say(self.chance.choice(sayings.STOP))
        assert stopped.kind == "stopped", f"{self.story}\ndid not stop: {stopped.text!r}"
        back = self.say("/start") if self.types() else self.tap(stopped, say(self.language, "stop.back"))
        return await self._again(screen, back)

    async def _menu(self, screen: Screen) -> Screen:
        menu = await self.say("/menu")
        assert menu.kind == "menu", f"{self.story}\ngot no menu: {menu.text!r}"
        label = say(self.language, "menu.survey")
        return await self._again(
            screen, self.say(self.one(sayings.CONTINUE)) if self.types() else self.tap(menu, label)
        )

    async def _language(self, screen: Screen) -> Screen:
        asked = await self.say("/language")
        assert asked.kind == "language", f"{self.story}\nwas not asked for the language: {asked.text!r}"
        self.language = self.chance.choice([code for code in ("vi", "en", "km") if code != self.language])
        return await self._again(screen, self.tap(asked, say(self.language, "language.name")))

    async def _again(self, screen: Screen, act: Awaitable[Screen]) -> Screen:
        heard = await act
        assert (heard.kind, heard.question) == (screen.kind, screen.question), (
            f"{self.story}\nmoved on from {screen.question or screen.kind} to {heard.text!r}"
        )
        return heard
