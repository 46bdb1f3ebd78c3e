"""The buttons of a ballot: they answer the question that they were shown with, or nothing."""

from collections.abc import Callable

from handlers.messages import Choice, Message, prefaced
from handlers.shared import OpenRound
from handlers.survey.conversation import Stage, advance, current_question, here, sent, stage
from handlers.survey.messages import ask, review
from handlers.visit import Visit
from surveys.forms.form import Question
from surveys.interviews import interview as rules


def ready(visit: Visit, open_round: OpenRound) -> bool:
    """Whether the person may answer in this round now: they agreed, live there, and no other ballot came."""
    before, visit.person.round_id = visit.person.round_id, open_round.id
    try:
        return visit.person.consent is True and stage(visit) == Stage("interview", (open_round,))
    finally:
        visit.person.round_id = before


def amend(visit: Visit, open_round: OpenRound, question: Question, move: rules.Move, text: str = "") -> bool:
    """Answer anew a question that was answered before, and go on where the person was; False when it cannot be.

    What does not fit asks that question again.
    """
    now = here(visit, open_round)
    turned, step = rules.take(now, rules.Change(question.name), language=visit.person.language)
    if not isinstance(step, rules.Ask) or step.question is not question:
        return False
    there = rules.locate(open_round.form, turned, today=now.today)
    elsewhere = visit.person.round_id
    done = advance(visit, open_round, there, move, text)
    if not done:
        visit.interview(open_round).cursor = turned.cursor
    elif elsewhere not in (None, open_round.id):
        visit.person.round_id, visit.replies = elsewhere, []
        visit.say(current_question(visit))
    return True


def question_at(visit: Visit, open_round: OpenRound, index: int) -> Message | None:
    """A question of the round as it was answered; None when it was not asked yet, or the ballot is in."""
    questions, interview = open_round.form.questions, visit.interviews.get(open_round.id)
    if not 0 <= index < len(questions) or not ready(visit, open_round):
        return None
    if interview is not None and interview.submitted and not interview.cursor:
        return None
    now = here(visit, open_round)
    if isinstance(now.step, rules.Ask) and now.step.question is questions[index]:
        return ask(visit, open_round, now.step)
    step = rules.take(now, rules.Change(questions[index].name), language=visit.person.language)[1]
    return ask(visit, open_round, step) if isinstance(step, rules.Ask) and step.question is questions[index] else None


def parse_asks(visit: Visit, asks: str) -> tuple[OpenRound, Question] | None:
    """The open round and the question that a screen asked."""
    word, *numbers = asks.split(":")
    if word != "ask" or len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        return None
    open_round = visit.shared.rounds.get(int(numbers[0]))
    questions = open_round.form.questions if open_round else ()
    if open_round is None or int(numbers[1]) >= len(questions):
        return None
    return open_round, questions[int(numbers[1])]


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
        if not ready(visit, open_round):
            return  # consent or the place comes first; what stands is asked
        question = open_round.form.questions[int(arguments[1])] if len(arguments) > 1 else None
        act(visit, open_round, question, arguments[2:])

    return on_button


def _to_menu(visit: Visit) -> Choice:
    return visit.choice("menu:menu", visit.text("menu.menu"))


def _move(visit: Visit, open_round: OpenRound, question: Question | None, move: rules.Move) -> None:
    """Make the move, if its question is the one that stands; an old button only gets that question again."""
    now = here(visit, open_round)
    if isinstance(now.step, rules.Ask) and now.step.question == question:
        advance(visit, open_round, now, move)
        return
    if question is not None and _on_its_page(visit, open_round, question) and amend(visit, open_round, question, move):
        return
    if sent(visit, open_round):
        visit.person.round_id = None  # nothing is asked in it any more; another round may be under way
    visit.say(prefaced(current_question(visit), visit.text("invalid.stale")))


def _on_its_page(visit: Visit, open_round: OpenRound, question: Question) -> bool:
    """Whether the button was pressed on a page that says that it shows this question: one that was gone back to."""
    place = open_round.form.questions.index(question)
    return visit.inbound.shown is not None and visit.opened(visit.inbound.shown) == f"ask:{open_round.id}:{place}"


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
        advance(visit, open_round, here(visit, open_round), rules.Change(question.name))


def _review(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    interview = visit.interviews.get(open_round.id)
    if interview is not None:
        visit.say(review(visit, open_round, interview))


def _choose(visit: Visit, open_round: OpenRound, question: Question | None, rest: list[str]) -> None:
    """The round is chosen; its first open question is what stands."""


BUTTONS: dict[str, Callable[[Visit, list[str]], None]] = {
    "round": _pressed(_choose),
    "pick": _pressed(_pick),
    "done": _pressed(_done),
    "back": _pressed(_back),
    "skip": _pressed(_skip),
    "change": _pressed(_change),
    "review": _pressed(_review),
}
