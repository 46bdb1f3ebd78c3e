"""A visit: one person's state for the length of one event.

Conversations change the plain values of a `Visit`; nothing touches the database until `handlers.storing`
writes what differs. A visit that fails is simply not stored.
"""

import secrets
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.catalogue import LANGUAGES
from handlers.fitting import is_numbered
from handlers.messages import Capabilities, Choice, Inbound, Message
from handlers.screen import EARLIER, TOPIC, Screen, Shown, read_screen, rows_of, speaks
from handlers.shared import OpenRound, SharedState
from handlers.tokens import sign_token, verify_token
from places.register.households import Known
from storage.tables import Consent
from surveys.forms.form import Value
from surveys.interviews.interview import State
from surveys.privacy.requests import Kind
from surveys.rounds.states import Forgotten, Mode

ANSWERS = ("ask", "pick", "done", "back", "skip", "change", "review")  # first words of what belongs to a ballot

TOPIC_KEPT = 4  # messages of ours after an answer that a follow-up may still mean


@dataclass(slots=True)
class PersonState:
    """The `person` row."""

    id: int
    language: str = "vi"
    consent: bool | None = None
    unit_id: int | None = None
    hamlet_id: int | None = None
    hamlet_asked: bool = False
    household_id: int | None = None
    round_id: int | None = None
    stopped: bool = False
    shown: list[list[str]] = field(default_factory=list)

    @property
    def place_id(self) -> int | None:
        return self.hamlet_id or self.unit_id


@dataclass(slots=True)
class InterviewState:
    """The `interview` row, or the household's `participation`, and the ballot's answers, which are stored apart."""

    round_id: int
    unit_id: int
    mode: Mode | Forgotten = Mode.SELF
    submitted: bool = False
    cursor: str = ""
    answers: dict[str, Value] = field(default_factory=dict)
    household_id: int | None = None  # whose ballot it is; None: the person's own

    @property
    def state(self) -> State:
        return State(self.answers, self.cursor)


@dataclass(slots=True)
class Visit:
    """One event of one person. Conversations read and change it; `say` answers."""

    shared: SharedState
    inbound: Inbound
    now: datetime
    person: PersonState
    interviews: dict[int, InterviewState] = field(default_factory=dict)
    household: Known | None = None  # whom they answer for in rounds that count households
    replies: list[Message] = field(default_factory=list)
    rows: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # other rows to insert
    later: list[Any] = field(default_factory=list)  # statements, once the person is stored
    leaves: "Visit | None" = None  # who this address was before a short code joined it to another person
    forget: bool = False  # the person asked to be deleted
    withdraws: bool = False  # they take back their parts and ballots in the open rounds
    asked: list[Kind] = field(default_factory=list)  # of their rights over their data, for the register
    known: bool = False  # the address was in the database
    returns: bool = False  # the address was given up as unreachable, and here is a word from it
    connection: Connection | None = None  # for the rare conversation that has to look something up
    press_button: Callable[[str], None] = lambda token: None  # what pressing a button does; set by `dispatch`
    dropped: list[InterviewState] = field(default_factory=list)  # the person's own parts that a household's replace
    capabilities: Capabilities | None = None  # of the channel, where they are known
    too_early: bool = False  # the word was written before what stands had arrived
    took: str = ""  # the message that was taken as an answer just now, and to what
    _screen: Screen | None = None
    _before: tuple[PersonState, dict[int, InterviewState]] | None = None
    _house_before: Known | None = None

    def text(self, key: str, /, **values: object) -> str:
        return self.shared.catalogue.say(self.person.language, key, **values)

    @property
    def pulled(self) -> bool:
        """Whether nothing can be sent to the person later: no promise to write holds."""
        return not self.shared.able(self.inbound.channel).can_push

    @property
    def on_page(self) -> bool:
        """Whether they read this on our own pages, not in a messaging app."""
        return self.shared.able(self.inbound.channel).own_page

    def choice(
        self,
        body: str,
        label: str,
        *,
        selected: bool = False,
        aside: bool = False,
        mood: int | None = None,
        language: str = "",
    ) -> Choice:
        token = sign_token(self.shared.key, self.inbound.channel, self.sealed_to(body), body)
        return Choice(token, label, selected=selected, aside=aside, mood=mood, language=language)

    def sealed_to(self, body: str) -> str:
        """Whose a button is: the address's, and where it answers a question the household's that is answered for."""
        if self.household is not None and body.split(":")[0] in ANSWERS:
            return f"{self.inbound.address}\0{self.household.id}"
        return self.inbound.address

    def asking(self, body: str) -> str:
        """What a message asks, signed for this address, so that a word typed elsewhere is no answer to it."""
        return sign_token(self.shared.key, self.inbound.channel, self.sealed_to(body), body)

    def opened(self, token: str) -> str | None:
        """The body of a token that was given to this address, and to whom it answers for."""
        return verify_token(self.shared.key, self.inbound.channel, self.sealed_to(token), token)

    @property
    def screen(self) -> Screen:
        """What this address was shown when the person wrote: it does not change while the event is answered."""
        if self._screen is None:
            self._screen = read_screen(self.person.shown, self.opened)
        return self._screen

    @screen.setter
    def screen(self, screen: Screen) -> None:
        self._screen = screen

    @property
    def aside(self) -> bool:
        """Whether no question of ours is on the screen, or something else than a question was shown last."""
        return not self.screen.asks

    def offered(self, text: str) -> str:
        """The token of what was last on offer, by its number or its label with or without accents."""
        return self.screen.offered(text)

    def named(self, text: str) -> str:
        """The token of what was on offer under this label."""
        return self.screen.named(text)

    def say(self, message: Message, *, beside: bool = False) -> None:
        """Answer; the first answer to a button takes the place of the message it was on, unless it stays `beside`."""
        before = self.screen
        if not self.replies and self.inbound.kind == "choice" and self.inbound.message_ref and not beside:
            message = replace(message, replaces=self.inbound.message_ref)
        earlier = self._said_in_this_turn() if self.replies else self._topic(before)
        self.replies.append(message)
        offers = tuple(Shown(choice.token, choice.label) for choice in message.choices if not choice.url)
        screen = Screen(
            (*offers, *earlier),
            asks_token=message.asks,
            crowded=speaks([shown for shown in earlier if TOPIC not in shown.age]),
            numbers=sum(not choice.aside for choice in message.choices if not choice.url) if message.accepts else None,
            numbered=self.capabilities is not None and is_numbered(message, self.capabilities),
            took=self.took,
            repeated=self.too_early,
        )
        self.person.shown = rows_of(screen)

    def crowd(self) -> None:
        """Something else is told beside what was said: a bare yes may be said to that."""
        if self.person.shown:
            self.person.shown = rows_of(replace(read_screen(self.person.shown, self.opened), crowded=True))

    def _said_in_this_turn(self) -> tuple[Shown, ...]:
        now = read_screen(self.person.shown, self.opened)
        return tuple(replace(shown, age=shown.age or (EARLIER,)) for shown in now.offers)

    def _topic(self, screen: Screen) -> tuple[Shown, ...]:
        """The topic that was answered stays known for a few messages, so that "ở đâu?" can follow; then it is gone."""
        for shown in screen.offers:
            if shown.token.startswith("faq:yes:"):
                return (replace(shown, age=(*shown.age, TOPIC)),) if shown.age.count(TOPIC) < TOPIC_KEPT else ()
        return ()

    def agree(self, given: bool, version: str = "") -> None:
        """Keep a yes or a no, with its proof: the text of today, unless another was shown."""
        self.person.consent = given
        self.rows.append(
            (
                Consent,
                {
                    "person_id": self.person.id,
                    "version": version or self.shared.catalogue.consent_version,
                    "language": self.person.language,
                    "given": given,
                    "channel": self.inbound.channel,
                    "at": self.now,
                },
            )
        )

    def interview(self, open_round: OpenRound) -> InterviewState:
        """The person's part in a round, or their household's, begun now if it was not."""
        if open_round.id not in self.interviews:
            house = self.household if open_round.counts == "household" else None
            place = house.unit_id if house else self.person.place_id
            if place is None:
                raise ValueError("an interview needs a place")
            self.interviews[open_round.id] = InterviewState(
                open_round.id, place, household_id=house.id if house else None
            )
        return self.interviews[open_round.id]

    def let_go(self) -> None:
        """Answer for no household any more; what it has begun stays."""
        self.household, self.person.household_id = None, None
        self.interviews = {
            number: interview for number, interview in self.interviews.items() if interview.household_id is None
        }

    def drop(self, interview: InterviewState) -> None:
        """Give up the person's own part in a round: their household's takes its place."""
        del self.interviews[interview.round_id]
        if self._before is not None and self._before[1].pop(interview.round_id, None) is not None:
            self.dropped.append(interview)

    def take_up(self, interviews: dict[int, InterviewState]) -> None:
        """Go on with what the household has begun, as the database holds it."""
        self.interviews |= interviews
        if self._before is not None:
            self._before[1].update({number: copy(interview) for number, interview in interviews.items()})

    def reset(self) -> None:
        """Back to how it was loaded, so that an apology can be stored and nothing else."""
        if self.leaves is not None:
            self.person, self.interviews, self.known = (
                self.leaves.person,
                self.leaves.interviews,
                self.leaves.known,
            )
            self._before, self._house_before = self.leaves._before, self.leaves._house_before
        if self._before is not None:
            self.person, self.interviews = self._before
            for interview in self.dropped:
                self.interviews[interview.round_id] = interview
            self.household = self._house_before
            self.keep()
        self.replies, self.rows, self.later, self.leaves = [], [], [], None
        self.forget, self.withdraws, self.asked, self.dropped = False, False, [], []

    def keep(self) -> None:
        """Remember this state as what the database holds. Lists and answers are replaced, never changed."""
        self._before = (
            copy(self.person),
            {round_id: copy(interview) for round_id, interview in self.interviews.items()},
        )
        self._house_before = self.household


def stranger(inbound: Inbound) -> PersonState:
    """Somebody we have not met. The number is random, so that order of arrival shows nowhere."""
    language = inbound.language[:2] if inbound.language[:2] in LANGUAGES else LANGUAGES[0]
    return PersonState(secrets.randbits(62) + 1, language)
