"""Where a set of answers stands in a form: which questions are relevant, which answers hold, what is open."""

from dataclasses import dataclass
from datetime import date

from surveys.forms import expressions
from surveys.forms.form import Answers, Form, Option, Question, Value
from surveys.interviews.typed import Reason

# What there is to choose in an acknowledge question; ODK stores the same text.
ACKNOWLEDGED = Option("OK", {"vi": "Đã rõ", "en": "Understood", "km": "យល់ហើយ"})


@dataclass(frozen=True, slots=True)
class FormState:
    """The relevant questions in order, and what is known of them."""

    rows: tuple[Question, ...]  # notes included, calculations not
    asking: tuple[Question, ...]
    known: dict[str, Value]  # answers that are relevant and valid, and calculations, in the form's order
    open_question: Question | None  # the first without a valid answer
    filtered: dict[str, tuple[Option, ...]]  # options that a choice filter left
    today: date | None

    def options(self, question: Question) -> tuple[Option, ...]:
        """The options on offer."""
        if question.type == "acknowledge":
            return (ACKNOWLEDGED,)
        return self.filtered.get(question.name, question.options)

    def refusal(self, question: Question, value: Value) -> Reason | None:
        """Why a value cannot be the answer, or None."""
        return _refusal(question, value, self.options(question), self.known, self.today)

    def place(self, question: Question) -> int:
        """How many questions are asked before it."""
        return next(at for at, asked in enumerate(self.asking) if asked is question)

    def notes_before(self, question: Question | None) -> tuple[Question, ...]:
        """The notes between a question and the one before it; None is the end of the form."""
        notes: list[Question] = []
        for row in self.rows:
            if row is question:
                break
            if row.asks:
                notes.clear()
            else:
                notes.append(row)
        return tuple(notes)


_REMEMBERED = 4096  # sets of answers to one form


def read_state(form: Form, answers: Answers, today: date | None) -> FormState:
    """Where these answers stand.

    Without `today` they are taken to have met their constraints when they were given. Most people choose the same:
    what was worked out for choices alone is remembered, and nothing that somebody wrote.
    """
    if not form.chosen.issuperset(answers):
        return _walk(form, answers, today)
    given = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in answers.items())
    known: FormState | None = form.memory.get((today, given))
    if known is None:
        if len(form.memory) >= _REMEMBERED:
            form.memory.clear()
        known = form.memory[today, given] = _walk(form, answers, today)
    return known


def _walk(form: Form, answers: Answers, today: date | None) -> FormState:
    """Through the form once. Expressions see only what is relevant and valid above them."""
    rows: list[Question] = []
    asking: list[Question] = []
    known: dict[str, Value] = {}
    filtered: dict[str, tuple[Option, ...]] = {}
    first_open: Question | None = None
    for question in form.questions:
        if question.relevant and not expressions.true(question.relevant, known, today=today):
            continue
        if question.type == "calculate":
            known[question.name] = _calculated(question, known, today)
            continue
        options = question.options
        if question.choice_filter:
            options = filtered[question.name] = _filtered(question, known, today)
        elif question.type == "acknowledge":
            options = (ACKNOWLEDGED,)
        if not options and question.type in ("select_one", "select_multiple"):
            continue  # nothing to choose from is nothing to ask
        rows.append(question)
        if not question.asks:
            continue
        asking.append(question)
        name = question.name
        if name in answers and _refusal(question, answers[name], options, known, today) is None:
            known[name] = answers[name]
        elif first_open is None:
            first_open = question
    return FormState(tuple(rows), tuple(asking), known, first_open, filtered, today)


def _calculated(question: Question, known: Answers, today: date | None) -> Value:
    result = expressions.value(question.calculation, known, today=today)
    return int(result) if isinstance(result, float) and result.is_integer() else result


def _filtered(question: Question, known: Answers, today: date | None) -> tuple[Option, ...]:
    return tuple(
        option
        for option in question.options
        if expressions.true(question.choice_filter, known, today=today, columns={**option.columns, "name": option.name})
    )


def _refusal(
    question: Question, value: Value, options: tuple[Option, ...], known: Answers, today: date | None
) -> Reason | None:
    if value is None or value == "" or value == []:
        return "required" if question.required or value is not None else None
    match question.type:
        case "select_one" | "acknowledge" if all(option.name != value for option in options):
            return "not_an_option"
        case "select_multiple":
            names = [option.name for option in options]
            if not isinstance(value, list) or any(name not in names for name in value):
                return "not_an_option"
        case "integer" | "decimal" if not isinstance(value, int | float):
            return "not_a_number"
        case "text" | "date" if not isinstance(value, str):
            return "required"
    if question.constraint and today is not None:
        answers = {**known, question.name: value}
        if not expressions.true(question.constraint, answers, value, today=today):
            return "constraint"
    return None
