"""The survey in conversation: which question stands, and what an answer does. The rules are `interview`'s."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.messages import Message, prefaced, quoted, refused
from handlers.shared import OpenRound
from handlers.survey import household, place
from handlers.survey.messages import TYPED, ask, asked, finished
from handlers.visit import Visit
from surveys.interviews import interview as rules
from surveys.local_time import VIETNAM
from surveys.rounds.states import Mode
from vietnamese.folding import fold, number_in_words, yes_or_no


@dataclass(frozen=True, slots=True)
class Stage:
    """What comes next for a person who agreed to be asked."""

    name: Literal["place", "hamlet", "which", "none", "card", "taken", "interview"]
    rounds: tuple[OpenRound, ...] = ()


def stage(visit: Visit) -> Stage:
    """Follows from what is stored: the place, the open rounds there, and which ballots are sent."""
    shared, person = visit.shared, visit.person
    if person.unit_id is None or shared.territory.get(person.unit_id) is None:
        return Stage("place")
    if not person.hamlet_asked and shared.territory.hamlets(person.unit_id):
        return Stage("hamlet")
    rounds = shared.rounds_at(person.place_id)
    wanted = [open_round for open_round in rounds if open_round.id == person.round_id]
    if wanted:
        return _in(visit, wanted[0])
    waiting = [open_round for open_round in rounds if not sent(visit, open_round)]
    begun = [open_round for open_round in waiting if open_round.id in visit.interviews]
    if len(begun) == 1 or len(waiting) == 1:
        return _in(visit, (begun or waiting)[0])
    if waiting:
        return Stage("which", tuple(waiting))
    return _in(visit, rounds[-1]) if rounds else Stage("none")


def _in(visit: Visit, open_round: OpenRound) -> Stage:
    """In one round: its questions, unless it takes a card, or the household's ballot came another way."""
    interview = visit.interviews.get(open_round.id)
    if open_round.counts == "household" and visit.household is None and not open_round.self_declared:
        return Stage("card", (open_round,))
    if interview is not None and interview.household_id is not None:
        if interview.submitted and interview.mode != Mode.SELF:
            return Stage("taken", (open_round,))
    return Stage("interview", (open_round,))


def sent(visit: Visit, open_round: OpenRound) -> bool:
    interview = visit.interviews.get(open_round.id)
    return interview is not None and interview.submitted and not interview.cursor


def current_question(visit: Visit) -> Message:
    """The question that stands."""
    now = stage(visit)
    if now.name == "place":
        return place.question(visit)
    if now.name == "hamlet":
        return place.hamlet_question(visit)
    if now.name == "which":
        return Message(
            text=visit.text("survey.which_round", count=len(now.rounds)),
            choices=tuple(visit.choice(f"round:{open_round.id}", open_round.name) for open_round in now.rounds),
        )
    if now.name == "none":
        home = visit.shared.territory[visit.person.unit_id or 0]
        return Message(
            text=visit.text("survey.none_open_here" if visit.pulled else "survey.none_open", place=home.name),
            choices=(
                visit.choice("menu:place", visit.text("menu.place")),
                visit.choice("menu:menu", visit.text("menu.menu")),
            ),
        )
    open_round = now.rounds[0]
    if now.name == "card":
        return household.question(visit, open_round)
    if now.name == "taken":
        return household.taken(visit, open_round)
    step = here(visit, open_round).step
    return ask(visit, open_round, step) if isinstance(step, rules.Ask) else finished(visit, open_round, again=True)


def stands(visit: Visit) -> str:
    """What the question that stands is called on a screen; "" where none takes a word."""
    if visit.person.consent is not True:
        return ""
    now = stage(visit)
    if now.name in ("place", "hamlet", "card"):
        return now.name
    if now.name != "interview":
        return ""
    open_round = now.rounds[0]
    step = here(visit, open_round).step
    return asked(open_round, step) if isinstance(step, rules.Ask) else ""


def on_screen(visit: Visit) -> bool:
    """Whether the question that stands is what this address was shown last."""
    return not visit.too_early and visit.screen.asks != "" and visit.screen.asks == stands(visit)


def said(visit: Visit, text: str, command: str) -> bool:
    """Something typed to the question on the screen; False when none is there, or it does not fit there."""
    if not on_screen(visit) and (command or not fits(visit, text)):
        return False
    now = stage(visit)
    if visit.screen.crowded and _bare(text) and not fits(visit, text):
        visit.say(current_question(visit))  # it may have been said to what stands above the question
    elif now.name in ("place", "hamlet"):
        place.typed(visit, text)
    elif now.name == "card":
        return _card_typed(visit, now.rounds[0], text, command)
    else:
        _answered(visit, now.rounds[0], text, command)
    return True


def _card_typed(visit: Visit, open_round: OpenRound, text: str, command: str) -> bool:
    if command or visit.offered(text):
        return False
    visit.say(prefaced(household.question(visit, open_round), visit.text("household.not_a_code")))
    return True


def _answered(visit: Visit, open_round: OpenRound, text: str, command: str) -> None:
    now = here(visit, open_round)
    assert isinstance(now.step, rules.Ask)
    move: rules.Move = rules.Said(text, numbered=visit.screen.numbered)
    if command == "back":
        move = rules.Back()
    elif command == "skip":
        move = rules.Skip()
    elif command == "done" and now.step.question.type == "select_multiple":
        move = rules.Finished(now.step.question.name)
    advance(visit, open_round, now, move, text)


def under_way(visit: Visit) -> bool:
    """Whether a question of ours stands that the person should be led back to."""
    if visit.person.consent is not True:
        return visit.person.consent is None and visit.person.round_id in visit.shared.rounds
    now = stage(visit)
    if now.name == "interview":
        return isinstance(here(visit, now.rounds[0]).step, rules.Ask)
    return now.name != "none"


def wants(visit: Visit) -> str:
    """What the question on the screen takes: "place", "card", "text" (anything), "answer" (something certain) or ""."""
    if not on_screen(visit):
        return ""
    now = stage(visit)
    if now.name in ("place", "hamlet"):
        return "place"
    if now.name == "card":
        return "card"
    step = here(visit, now.rounds[0]).step
    return ("text" if step.question.type == "text" else "answer") if isinstance(step, rules.Ask) else ""


def fits(visit: Visit, text: str) -> bool:
    """Whether a text answers the question that stands: one on the screen as it takes answers, any other by naming a
    whole label of it; and nothing bare where another message may have been meant."""
    if not on_screen(visit):
        return not visit.too_early and not _bare(text) and names(visit, text)
    if wants(visit) not in ("text", "answer"):
        return False
    if visit.screen.crowded and _bare(text) and not names(visit, text):
        return False
    now = here(visit, stage(visit).rounds[0])
    move = rules.Said(text, numbered=visit.screen.numbered)
    return not isinstance(rules.take(now, move, language=visit.person.language)[1], rules.Invalid)


def names(visit: Visit, text: str) -> bool:
    """Whether a text is the whole label of an option of the question that stands."""
    stood, folded = stands(visit), fold(text)
    if not stood or not folded:
        return False
    options = (each for each in current_question(visit).choices if each.token.startswith(("pick:", "place:")))
    return any(not option.aside and fold(option.label) == folded for option in options)


def _bare(text: str) -> bool:
    """A yes, a no or a number: it says nothing of what it is said to."""
    return yes_or_no(text) is not None or number_in_words(text) is not None


def here(visit: Visit, open_round: OpenRound) -> rules.Position:
    """Where the person is in a round."""
    interview = visit.interviews.get(open_round.id)
    state = interview.state if interview else rules.State({})
    return rules.locate(open_round.form, state, today=_today(visit))


def advance(visit: Visit, open_round: OpenRound, now: rules.Position, move: rules.Move, text: str = "") -> bool:
    """Make a move, and say what comes next; False when it changed nothing."""
    interview = visit.interview(open_round)
    state, step = rules.take(now, move, language=visit.person.language)
    if isinstance(step, rules.Invalid):
        # "quay lại" by its number, where a channel has no buttons; never a number that may be a label ("hai")
        offers = text and step.reason == "not_an_option" and step.ask.question.type not in TYPED
        if offers and (token := visit.offered(text)):
            visit.press_button(token)
            return True
        reason = step.message or visit.text(f"invalid.{step.reason}", text=quoted(text))
        visit.say(refused(ask(visit, open_round, step.ask), reason))
        return False
    if text and isinstance(now.step, rules.Ask) and visit.inbound.message_ref:
        visit.took = f"{visit.inbound.message_ref} {asked(open_round, now.step)}"
    interview.cursor = state.cursor
    interview.answers = dict(state.answers)
    if isinstance(step, rules.Ask):
        visit.say(ask(visit, open_round, step))
        return True
    again = interview.submitted
    interview.submitted, interview.answers, interview.cursor = True, dict(step.answers), ""
    visit.person.round_id = None
    visit.say(finished(visit, open_round, again=again))
    return True


def _today(visit: Visit) -> date:
    return visit.now.astimezone(VIETNAM).date()
