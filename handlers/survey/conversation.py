"""The survey in conversation: which question stands, and what an answer does. The rules are `interview`'s."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from handlers.messages import Choice, Message, prefaced, quoted, refused
from handlers.shared import OpenRound
from handlers.survey import household, place
from handlers.survey.messages import TYPED, ask, finished, review
from handlers.visit import Visit
from surveys.forms.form import Question
from surveys.interviews import interview as rules
from surveys.local_time import VIETNAM


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
    waiting = [open_round for open_round in rounds if not _sent(visit, open_round)]
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
        if interview.submitted and interview.mode != "self":
            return Stage("taken", (open_round,))
    return Stage("interview", (open_round,))


def _sent(visit: Visit, open_round: OpenRound) -> bool:
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
    step = _here(visit, open_round).step
    return ask(visit, open_round, step) if isinstance(step, rules.Ask) else finished(visit, open_round, again=True)


def said(visit: Visit, text: str, command: str) -> bool:
    """Something typed while a question stands; False when none does."""
    if visit.person.consent is not True:
        return False
    now = stage(visit)
    if now.name in ("place", "hamlet"):
        place.typed(visit, text)
        return True
    if now.name == "card" and not command and not visit.offered(text):
        visit.say(refused(household.question(visit, now.rounds[0]), visit.text("household.not_a_code")))
        return True
    if now.name != "interview":
        return False
    open_round = now.rounds[0]
    here = _here(visit, open_round)
    step = here.step
    if not isinstance(step, rules.Ask):
        return False
    move: rules.Move = rules.Said(text)
    if command == "back":
        move = rules.Back()
    elif command == "skip":
        move = rules.Skip()
    elif command == "done" and step.question.type == "select_multiple":
        move = rules.Finished(step.question.name)
    _advance(visit, open_round, here, move, text)
    return True


def under_way(visit: Visit) -> bool:
    """Whether a question of ours stands that the person should be led back to."""
    if visit.person.consent is not True:
        return visit.person.consent is None and visit.person.round_id in visit.shared.rounds
    now = stage(visit)
    if now.name == "interview":
        return isinstance(_here(visit, now.rounds[0]).step, rules.Ask)
    return now.name != "none"


def wants(visit: Visit) -> str:
    """What the question that stands takes: "place", "card", "text" (anything), "answer" (something certain), or ""."""
    if visit.person.consent is not True:
        return ""
    now = stage(visit)
    if now.name in ("place", "hamlet"):
        return "place"
    if now.name == "card":
        return "card"
    if now.name != "interview":
        return ""
    step = _here(visit, now.rounds[0]).step
    return ("text" if step.question.type == "text" else "answer") if isinstance(step, rules.Ask) else ""


def fits(visit: Visit, text: str) -> bool:
    """Whether a text answers the question that stands."""
    if wants(visit) not in ("text", "answer"):
        return False
    here = _here(visit, stage(visit).rounds[0])
    return not isinstance(rules.take(here, rules.Said(text), language=visit.person.language)[1], rules.Invalid)


def _here(visit: Visit, open_round: OpenRound) -> rules.Position:
    interview = visit.interviews.get(open_round.id)
    state = interview.state if interview else rules.State({})
    return rules.locate(open_round.form, state, today=_today(visit))


def _advance(visit: Visit, open_round: OpenRound, here: rules.Position, move: rules.Move, text: str = "") -> None:
    interview = visit.interview(open_round)
    state, step = rules.take(here, move, language=visit.person.language)
    if isinstance(step, rules.Invalid):
        # "quay lại" by its number, where a channel has no buttons; never a number that may be a label ("hai")
        offers = text and step.reason == "not_an_option" and step.ask.question.type not in TYPED
        if offers and (token := visit.offered(text)):
            visit.press_button(token)
            return
        reason = step.message or visit.text(f"invalid.{step.reason}", text=quoted(text))
        visit.say(refused(ask(visit, open_round, step.ask), reason))
        return
    interview.cursor = state.cursor
    interview.answers = dict(state.answers)
    if isinstance(step, rules.Ask):
        visit.say(ask(visit, open_round, step))
        return
    again = interview.submitted
    interview.submitted, interview.answers, interview.cursor = True, dict(step.answers), ""
    visit.person.round_id = None
    visit.say(finished(visit, open_round, again=again))


def _pressed(
    act: "Callable[[Visit, OpenRound, Question | None, list[str]], None]",
) -> Callable[[Visit, list[str]], None]:
    """A button of a round: closed rounds and people without consent never get further than a sentence."""

    def on_button(visit: Visit, arguments: list[str]) -> None:
        open_round = visit.shared.rounds.get(int(arguments[0]))
        if open_round is None:
            visit.say(Message(text=visit.text("survey.closed"), choices=(_to_menu(visit),)))
            return
        visit.person.round_id = open_round.id
        ready = visit.person.consent is True and stage(visit) == Stage("interview", (open_round,))
        if not ready:
            return  # consent or the place comes first; what stands is asked
        question = open_round.form.questions[int(arguments[1])] if len(arguments) > 1 else None
        act(visit, open_round, question, arguments[2:])

    return on_button


def _to_menu(visit: Visit) -> Choice:
    return visit.choice("menu:menu", visit.text("menu.menu"))


def _move(visit: Visit, open_round: OpenRound, question: Question | None, move: rules.Move) -> None:
    """Make the move, if its question is the one that stands; an old button only gets that question again."""
    here = _here(visit, open_round)
    if isinstance(here.step, rules.Ask) and here.step.question == question:
        _advance(visit, open_round, here, move)
        return
    if _sent(visit, open_round):
        visit.person.round_id = None  # nothing is asked in it any more; another round may be under way
    visit.say(prefaced(current_question(visit), visit.text("invalid.stale")))


def _pick(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    assert question is not None
    position = int(rest[0])
    if question.type == "acknowledge":
        _move(visit, open_round, question, rules.Said("OK"))
    else:
        _move(visit, open_round, question, rules.Picked(question.name, question.options[position].name))


def _done(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    assert question is not None
    _move(visit, open_round, question, rules.Finished(question.name))


def _back(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    _move(visit, open_round, question, rules.Back())


def _skip(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    _move(visit, open_round, question, rules.Skip())


def _change(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    assert question is not None
    if open_round.id in visit.interviews:
        _advance(visit, open_round, _here(visit, open_round), rules.Change(question.name))


def _review(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    interview = visit.interviews.get(open_round.id)
    if interview is not None:
        visit.say(review(visit, open_round, interview))


def _choose(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    """The round is chosen; its first open question is what stands."""


def _today(visit: Visit) -> date:
    return visit.now.astimezone(VIETNAM).date()


BUTTONS: dict[str, Callable[[Visit, list[str]], None]] = {
    "round": _pressed(_choose),
    "pick": _pressed(_pick),
    "done": _pressed(_done),
    "back": _pressed(_back),
    "skip": _pressed(_skip),
    "change": _pressed(_change),
    "review": _pressed(_review),
}
