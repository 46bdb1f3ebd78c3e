"""What an address was last shown, as a value, and what a typed word means to it.

Only what was said to what was shown is an answer: a word answers a question while that question is the last thing
on the screen. Everything else is said beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vietnamese.folding import fold, number_in_words, yes_or_no

EARLIER = "earlier"  # offered by an earlier message of the same turn: it can be named, but has no number
TOPIC = "topic"  # of a topic that was answered some messages ago
_ASKS = "asks"  # marks the row that says what is asked
_MOVES = ("pick", "done", "back", "skip")  # first words of a question's own buttons
# Offers that ask nothing, or nothing that a bare yes is ever said to while a question of ours stands below.
_QUIET = ("menu:menu", "faq:yes:", "faq:no:", "faq:groups:", "guide:open:", "want:ask")


@dataclass(frozen=True, slots=True)
class Shown:
    """A button that was shown: its token, its label, and how old it is; nothing for one of the last message."""

    token: str
    label: str
    age: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """What the last turn showed. Empty for somebody who was shown nothing."""

    offers: tuple[Shown, ...] = ()
    asks: str = ""  # the question that the last message asked, such as "ask:3:0"; "" when it asked none
    asks_token: str = ""  # the same, signed for whom it was shown to
    crowded: bool = False  # another message of the same turn asks or offers something too
    numbers: int | None = None  # how many of the last message's buttons have a number; None: all
    numbered: bool = False  # the numbers stood before the labels
    repeated: bool = False  # asked again because a word came before the question did
    took: str = ""  # the message of theirs that was taken as an answer before this screen, and to what: "17 ask:3:0"

    @property
    def last(self) -> tuple[Shown, ...]:
        """What the last message offers."""
        return tuple(shown for shown in self.offers if not shown.age)

    def named(self, text: str) -> str:
        """The token of what was on offer under this label, with or without accents."""
        folded = fold(text)
        return next((shown.token for shown in self.offers if folded and fold(shown.label) == folded), "")

    def offered(self, text: str) -> str:
        """The token of what was on offer, by its label, or by its number in the last message."""
        if named := self.named(text):
            return named
        last, number = self.last, number_in_words(text)
        numbers = len(last) if self.numbers is None else min(self.numbers, len(last))
        return last[int(number) - 1].token if number is not None and number in range(1, numbers + 1) else ""


@dataclass(frozen=True, slots=True)
class Press:
    """The word presses a button that is on the screen."""

    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The word was said to the question on the screen."""

    asks: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The word was said to nothing of ours."""


Meaning = Press | Answer | Beside


def meaning(screen: Screen, text: str) -> Meaning:
    """What a typed word means to what was shown last.

    1. while a question stands there, it is said to that question; but a bare yes or no is not, where another message
       beside the question may have been meant
    2. else it may be the label or the number of a button
    """
    if screen.asks:
        return Beside() if screen.crowded and yes_or_no(text) is not None else Answer(screen.asks)
    token = screen.offered(text)
    return Press(token) if token else Beside()


def read_screen(rows: Sequence[Sequence[str]], verify: Callable[[str], str | None]) -> Screen:
    """The screen as it was stored; `verify` opens a token that was signed for this address, and no other.

    A row is `[token, label, *age]`; one row `[token, "", "asks", *facts]` says what is asked. Rows of older versions
    have none: then the buttons tell which question they belong to.
    """
    shown = (Shown(row[0], row[1], tuple(row[2:])) for row in rows if _ASKS not in row[2:3])
    offers = tuple(each for each in shown if verify(each.token) is not None)
    header = next((row for row in rows if _ASKS in row[2:3]), None)
    if header is None:
        return Screen(offers, _from_buttons(offers, verify))
    facts: dict[str, Any] = dict(fact.partition("=")[::2] for fact in header[3:])
    body = verify(header[0]) or "" if header[0] else ""
    return Screen(
        offers,
        body.removesuffix(":"),
        header[0],
        crowded="crowded" in facts,
        numbers=int(facts["numbers"]) if "numbers" in facts else None,
        numbered="numbered" in facts,
        repeated="repeated" in facts,
        took=str(facts.get("took", "")),
    )


def rows_of(screen: Screen) -> list[list[str]]:
    """The screen as it is stored."""
    facts = [
        *(["crowded"] if screen.crowded else []),
        *([f"numbers={screen.numbers}"] if screen.numbers is not None else []),
        *(["numbered"] if screen.numbered else []),
        *(["repeated"] if screen.repeated else []),
        *([f"took={screen.took}"] if screen.took else []),
    ]
    return [
        *([shown.token, shown.label, *shown.age] for shown in screen.offers),
        [screen.asks_token, "", _ASKS, *facts],
    ]


def speaks(offers: Sequence[Shown]) -> bool:
    """Whether there is something among these that a yes or a no may be said to."""
    return any(not shown.token.startswith(_QUIET) for shown in offers)


def _from_buttons(offers: Sequence[Shown], verify: Callable[[str], str | None]) -> str:
    for shown in offers:
        word, *rest = (verify(shown.token) or "" if not shown.age else "").split(":")
        if word in _MOVES and len(rest) >= 2:
            return f"ask:{rest[0]}:{rest[1]}"
    return ""
