"""The interview: a pure step from what was answered and one move to what comes next.

The position follows from the answers: the question asked is the first relevant one without a valid answer.
Only a question that is being changed, or that several ticks are being set on, is named by the state's cursor.
Answers that became irrelevant are kept, in case the person changes their mind again, but are not in `Done`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from surveys.forms.form import Answers, Form, Option, Question, Value
from surveys.interviews import form_state, typed
from surveys.interviews.answer_text import shown_answer
from surveys.interviews.form_state import FormState
from surveys.interviews.typed import Misread, Reason


@dataclass(frozen=True, slots=True)
class State:
    """Where a person is."""

    answers: Answers = field(default_factory=dict)
    cursor: str = ""  # the question to ask before the first open one; behind a space, what to take up after it


@dataclass(frozen=True, slots=True)
class Said:
    """A typed answer; `numbered`: numbers stood before the labels."""

    text: str
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """A pressed option; in a question with several answers it sets or takes away the tick."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a question with several answers."""

    question: str


@dataclass(frozen=True, slots=True)
class Back:
    """One question back."""


@dataclass(frozen=True, slots=True)
class Skip:
    """No answer to the current question, on purpose."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer to an earlier question; then on with the first open one."""

    question: str


Move = Said | Picked | Finished | Back | Skip | Change


@dataclass(frozen=True, slots=True)
class Ask:
    """The question to ask now."""

    question: Question
    number: int  # among the relevant questions, from 1
    of: int
    notes: tuple[Question, ...]  # to show before it
    options: tuple[Option, ...]  # on offer, after the choice filter
    selected: tuple[str, ...]  # names of the options chosen so far
    can_go_back: bool
    can_skip: bool


@dataclass(frozen=True, slots=True)
class Invalid:
    """The move changed nothing; the question stands."""

    ask: Ask
    reason: Reason
    message: str = ""  # the form's own words about its constraint


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing relevant is unanswered."""

    answers: Answers  # relevant ones (None: skipped) and calculations, in the form's order
    notes: tuple[Question, ...] = ()  # closing words of the form


@dataclass(frozen=True, slots=True)
class Position:
    """A state in its form, worked out once for the question that stands and for the move that follows."""

    form: Form
    state: State
    today: date
    place: FormState
    step: Ask | Done  # what to ask now


def locate(form: Form, state: State, *, today: date) -> Position:
    """Where the state stands."""
    place = form_state.read_state(form, state.answers, today)
    return Position(form, state, today, place, _next(form, state, place))


def current(form: Form, state: State, *, today: date) -> Ask | Done:
    """What to ask now, without a move."""
    return locate(form, state, today=today).step


def advance(
    form: Form, state: State, move: Move, *, language: str = "vi", today: date
) -> tuple[State, Ask | Invalid | Done]:
    """Take one move. `Invalid` comes with the state unchanged."""
    return take(locate(form, state, today=today), move, language=language)


def take(position: Position, move: Move, *, language: str = "vi") -> tuple[State, Ask | Invalid | Done]:
    """As `advance`, from a position that is known already."""
    form, state, today, place = position.form, position.state, position.today, position.place
    now = position.step
    if isinstance(move, Back):
        return _back(form, state, place, now, today)
    if isinstance(move, Change):
        return _change(form, state, place, now, move.question, today)
    if isinstance(now, Done):
        return state, now
    question = now.question
    match move:
        case Picked(name, _) | Finished(name) if name != question.name:
            return state, Invalid(now, "stale")
        case Finished() if question.type != "select_multiple":
            return state, Invalid(now, "stale")
        case Picked(_, option) if all(offered.name != option for offered in now.options):
            return state, Invalid(now, "not_an_option")
        case Picked(_, option) if question.type == "select_multiple":
            ticked = {*now.selected} ^ {option}
            chosen = [offered.name for offered in now.options if offered.name in ticked]
            cursor = " ".join([question.name, *_waiting(state, question)])
            return _at(form, State({**state.answers, question.name: chosen}, cursor), today)
        case Picked(_, option):
            value: Value | Misread = option
        case Finished():
            value = list(now.selected) or None
        case Skip():
            value = None
        case Said(text, _) if question.type == "select_multiple" and typed.is_finished(text):
            value = list(now.selected) or None
        case Said(text, numbered):
            value = typed.read_answer(
                question, now.options, text, form=form, language=language, today=today, numbered=numbered
            )
    if isinstance(value, Misread):
        return state, Invalid(now, value.reason)
    reason = place.refusal(question, value)
    if reason:
        message = form.text(question.constraint_message, language) if reason == "constraint" else ""
        return state, Invalid(now, reason, message)
    answers = {**state.answers, question.name: value}
    return _at(form, State(answers, " ".join(_waiting(state, question))), today)


def summary(
    form: Form, answers: Answers, language: str = "vi", *, today: date | None = None
) -> list[tuple[Question, str]]:
    """Every relevant question that was answered or skipped, with the answer as a person reads it."""
    place = form_state.read_state(form, answers, today)
    return [
        (question, shown_answer(form, question, place.known[question.name], language))
        for question in place.asking
        if question.name in place.known
    ]


def _at(form: Form, state: State, today: date) -> tuple[State, Ask | Done]:
    return state, _next(form, state, form_state.read_state(form, state.answers, today))


def _next(form: Form, state: State, place: FormState) -> Ask | Done:
    asking = {question.name: question for question in place.asking}
    wanted = next((asking[name] for name in state.cursor.split() if name in asking), place.open_question)
    if wanted is None:
        return Done(place.known, place.notes_before(None))
    before, options = place.place(wanted), place.options(wanted)
    return Ask(
        question=wanted,
        number=before + 1,
        of=len(asking),
        notes=place.notes_before(wanted),
        options=options,
        selected=_selected(state.answers.get(wanted.name), options),
        can_go_back=before > 0,
        can_skip=not wanted.required,
    )


def _selected(value: Value, options: Sequence[Option]) -> tuple[str, ...]:
    chosen = value if isinstance(value, list) else [value]
    return tuple(option.name for option in options if option.name in chosen)


def _back(
    form: Form, state: State, place: FormState, now: Ask | Done, today: date
) -> tuple[State, Ask | Invalid | Done]:
    before = len(place.asking) if isinstance(now, Done) else now.number - 1
    if before == 0:
        return state, now
    return _turn_to(form, state, place, now, place.asking[before - 1], today)


def _change(
    form: Form, state: State, place: FormState, now: Ask | Done, name: str, today: date
) -> tuple[State, Ask | Invalid | Done]:
    """Only to a question that was answered: nobody jumps ahead."""
    wanted = next((question for question in place.asking if question.name == name), None)
    if isinstance(now, Ask) and now.question is wanted:
        return state, now
    if wanted is None or name not in state.answers:
        return state, now if isinstance(now, Done) else Invalid(now, "stale")
    return _turn_to(form, state, place, now, wanted, today)


def _turn_to(
    form: Form, state: State, place: FormState, now: Ask | Done, wanted: Question, today: date
) -> tuple[State, Ask | Done]:
    """Ask `wanted`; ticks that are being set on the current question are taken up again after it."""
    waiting = _waiting(state, wanted)
    if isinstance(now, Ask) and now.question.name in waiting and not _ticking(place, now):
        waiting.remove(now.question.name)
    return _at(form, State(state.answers, " ".join([wanted.name, *waiting])), today)


def _ticking(place: FormState, now: Ask) -> bool:
    """Whether the current question is one with several answers that the person has not finished yet."""
    later = place.asking[now.number :]
    return (
        now.question.type == "select_multiple"
        and bool(now.selected)
        and not any(question.name in place.known for question in later)
    )


def _waiting(state: State, without: Question) -> list[str]:
    """What the cursor names beside a question."""
    return [name for name in state.cursor.split() if name != without.name]
