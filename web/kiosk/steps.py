"""What a kiosk shows and what a button on it does, as functions of a connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from sqlalchemy import Connection

from handlers.catalogue import LANGUAGES
from places.place import Place
from surveys.ballots import kiosk_drafts as ballots
from surveys.ballots.kiosk_drafts import Draft
from surveys.ballots.kiosks import Screen, find_screen, keep_draft
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.forms.moods import mood
from surveys.interviews import interview as rules
from surveys.local_time import VIETNAM
from surveys.rounds.round_form import round_form
from surveys.secrecy.vault import SecretGone
from web.dependencies import WebDependencies
from web.staff.sessions import Throttle

Stage = Literal["off", "closed", "welcome", "consent", "card", "hamlet", "question", "send", "thanks", "idle"]
_TYPED = {"text": "text", "integer": "number", "decimal": "number", "date": "date"}


@dataclass(frozen=True)
class Page:
    """What stands on the screen, for the template of its stage."""

    stage: Stage
    screen: Screen | None = None
    form: Form | None = None
    draft: Draft | None = None
    step: rules.Ask | None = None
    hamlets: Sequence[Place] = ()
    cardless: bool = False  # whether "I have no card" is on offer
    said: str = ""  # key of a sentence about what was just typed
    reason: str = ""  # the form's own words for the same
    receipt: str = ""  # of the ballot that was just handed in

    @cached_property
    def language(self) -> str:
        return self.draft.language if self.draft else LANGUAGES[0]

    @property
    def typed(self) -> str:
        """What is to be typed: `text`, `number`, `date`, or nothing."""
        return _TYPED.get(self.step.question.type, "") if self.step else ""

    @property
    def moods(self) -> list[int | None]:
        """The face of each option, from -2 to 2; None for no face."""
        return [mood(self.step.question, option) for option in self.step.options] if self.step else []


@dataclass(frozen=True, slots=True)
class _Here:
    """A screen in use, in an open round whose secret is on this machine."""

    screen: Screen
    secret: bytes
    draft: Draft | None


class Steps:
    def __init__(self, site: WebDependencies) -> None:
        self._web = site
        self._forms: dict[int, Form] = {}
        self._guesses = Throttle()

    def read_state(self, connection: Connection, session: str) -> Page:
        """What is to be done next on the screen with this cookie."""
        here = self._look(connection, session)
        return self._page(connection, here) if isinstance(here, _Here) else here

    def take(self, connection: Connection, session: str, form: Mapping[str, str]) -> Page | None:
        """Do what a button or a field says; the page with a word about it, or None where `read_state` tells enough."""
        here = self._look(connection, session, lock=True)
        if not isinstance(here, _Here):
            return None
        word, _, value = form.get("do", "").partition(":")
        if here.draft is None:
            if word == "begin" and value in LANGUAGES:
                self._keep(connection, here, ballots.new_draft(here.screen, value))
            return None
        if form.get("run") != here.draft.run:
            return None
        if word == "leave":
            keep_draft(connection, here.screen.id, None)
        elif word == "card":
            return self._card(connection, here, form.get("text", ""))
        elif word == "send":
            return self._send(connection, here)
        elif changed := self._changed(connection, here, here.draft, word, value):
            self._keep(connection, here, changed)
        elif here.draft.unit is not None:
            return self._answer(connection, here, here.draft, word, value, form)
        return None

    def clear(self, connection: Connection, session: str, run: str) -> None:
        """Forget what this person did, if it is still they who are at the screen."""
        here = self._look(connection, session, lock=True)
        if isinstance(here, _Here) and (here.draft is None or here.draft.run == run):
            keep_draft(connection, here.screen.id, None)

    def _look(self, connection: Connection, session: str, *, lock: bool = False) -> _Here | Page:
        screen, now = find_screen(connection, session, lock=lock), self._web.clock()
        if screen is None or screen.over(now):
            return Page("off")
        if not screen.takes_answers(now):
            return Page("closed", screen)
        try:
            secret = self._web.vault.round_secret(screen.code)
        except SecretGone:
            return Page("closed", screen)
        return _Here(screen, secret, ballots.read_draft(screen, secret, now))

    def _page(self, connection: Connection, here: _Here, *, said: str = "", reason: str = "") -> Page:
        screen, draft = here.screen, here.draft
        page = Page("welcome", screen, self._form(connection, screen), draft, said=said, reason=reason)
        if draft is None:
            return page
        if not draft.agreed:
            return replace(page, stage="consent")
        if draft.unit is None:
            hamlets = ballots.hamlets(connection, screen)
            if ballots.needs_card(screen) and not draft.cardless:
                return replace(page, stage="card", cardless=screen.self_declared and bool(hamlets))
            return replace(page, stage="hamlet", hamlets=hamlets)
        step = rules.current(self._form(connection, screen), draft.state, today=self._today())
        return (
            replace(page, stage="question", step=step) if isinstance(step, rules.Ask) else replace(page, stage="send")
        )

    def _changed(self, connection: Connection, here: _Here, draft: Draft, word: str, value: str) -> Draft | None:
        """The draft after a button that is no answer."""
        if word == "stay":
            return draft
        if word == "agree":
            return replace(draft, agreed=True)
        if word == "cardless" and here.screen.self_declared:
            return replace(draft, cardless=True)
        if word == "place" and not here.screen.visit:  # the wrong card, the wrong hamlet
            return replace(draft, household=None, unit=None, cardless=False)
        if word == "hamlet" and (draft.cardless or not ballots.needs_card(here.screen)):
            offered = {str(each.id): each.id for each in ballots.hamlets(connection, here.screen)}
            return replace(draft, unit=offered[value]) if value in offered else None
        return None

    def _card(self, connection: Connection, here: _Here, text: str) -> Page | None:
        """A card's code was typed: five wrong ones in a quarter of an hour, and the kiosk takes none for a while."""
        assert here.draft is not None
        kiosk, now = f"kiosk {here.screen.id}", self._web.clock()
        if not self._guesses.admit(kiosk, "", now):
            return self._page(connection, here, said="kiosk.card_too_many")
        found = ballots.find_household(connection, here.screen, self._web.vault.program_key(), text)
        if found != "unknown":
            self._guesses.clear(kiosk, "")
        if isinstance(found, str):
            return self._page(connection, here, said=f"kiosk.card_{found}")
        self._keep(connection, here, replace(here.draft, household=found.id, unit=found.unit_id))
        return None

    def _answer(
        self, connection: Connection, here: _Here, draft: Draft, word: str, value: str, form: Mapping[str, str]
    ) -> Page | None:
        """One move of the interview; of a question that no longer stands, nothing."""
        question, asked, today = form.get("question", ""), self._form(connection, here.screen), self._today()
        moves: dict[str, rules.Move] = {
            "pick": rules.Picked(question, value),
            "done": rules.Finished(question),
            "skip": rules.Skip(),
            "back": rules.Back(),
            "type": rules.Said(form.get("text", "").strip()),
        }
        now = rules.current(asked, draft.state, today=today)
        stands = now.question.name if isinstance(now, rules.Ask) else ""
        if word not in moves or question != stands:
            return None
        state, step = rules.advance(asked, draft.state, moves[word], language=draft.language, today=today)
        if isinstance(step, rules.Invalid):
            return self._page(connection, here, said=f"kiosk.invalid_{step.reason}", reason=step.message)
        self._keep(connection, here, replace(draft, answers=state.answers, cursor=state.cursor))
        return None

    def _send(self, connection: Connection, here: _Here) -> Page | None:
        """Count the ballot, once nothing is left to answer."""
        screen, draft = here.screen, here.draft
        assert draft is not None
        if draft.unit is None or not draft.agreed:
            return None
        step = rules.current(self._form(connection, screen), draft.state, today=self._today())
        if not isinstance(step, rules.Done):
            return None
        try:
            receipt = ballots.hand_in(connection, screen, here.secret, draft, step.answers, self._web.clock())
        except SurveyError:  # the household was taken off the register meanwhile
            return Page("thanks", screen, draft=draft, said="kiosk.card_void")
        return Page("thanks", screen, draft=draft, said="" if receipt else "kiosk.card_taken", receipt=receipt)

    def _keep(self, connection: Connection, here: _Here, draft: Draft) -> None:
        ballots.write_draft(connection, here.screen, here.secret, draft, self._web.clock())

    def _form(self, connection: Connection, screen: Screen) -> Form:
        if screen.form_id not in self._forms:
            self._forms[screen.form_id] = round_form(connection, screen.form_id)
        return self._forms[screen.form_id]

    def _today(self) -> date:
        return self._web.clock().astimezone(VIETNAM).date()
