"""What a survey says: a question, the end, the ballot to look through, an invitation."""

from handlers.messages import Accepts, Choice, Message, Row
from handlers.shared import OpenRound, SharedState
from handlers.survey import receipt
from handlers.survey.household import named, other_button
from handlers.tokens import sign_token
from handlers.visit import InterviewState, Visit
from surveys.forms.form import Option, Question
from surveys.forms.moods import mood
from surveys.interviews import interview as rules
from surveys.local_time import VIETNAM, say_moment

SECONDS_A_QUESTION = 10  # reading and one tap; for the minutes promised in an invitation

# Questions answered by typing, and what a channel should let people type.
TYPED: dict[str, Accepts] = {"text": "text", "integer": "number", "decimal": "number", "date": "date"}


def asked(open_round: OpenRound, step: rules.Ask) -> str:
    """What a question is called on a screen."""
    return f"ask:{open_round.id}:{open_round.form.questions.index(step.question)}"


def ask(visit: Visit, open_round: OpenRound, step: rules.Ask) -> Message:
    """A question as a message: options first, then back and skip."""
    form, question, language = open_round.form, step.question, visit.person.language
    index = form.questions.index(question)
    choices = [
        visit.choice(
            f"pick:{open_round.id}:{index}:{_position(question, option)}",
            form.text(option.label, language),
            selected=option.name in step.selected,
            mood=mood(question, option),
        )
        for option in step.options
    ]
    notes = [visit.text("survey.progress", number=step.number, of=step.of)]
    if question.type == "select_multiple":
        choices.append(visit.choice(f"done:{open_round.id}:{index}", visit.text("survey.done")))
        notes.append(visit.text("survey.several", done=visit.text("survey.done")))
    if question.type in TYPED:
        notes.append(visit.text("survey.write"))
    if step.can_go_back:
        choices.append(visit.choice(f"back:{open_round.id}:{index}", visit.text("survey.back"), aside=True))
    if step.can_skip:
        choices.append(visit.choice(f"skip:{open_round.id}:{index}", visit.text("survey.skip"), aside=True))
        notes.append(visit.text("survey.optional"))
    hint = form.text(question.hint, language)
    before = "\n\n".join(form.text(note.label, language) for note in step.notes)
    return Message(
        title=form.text(question.label, language),
        text="\n\n".join(part for part in (before, hint) if part),
        note=" · ".join(notes),
        choices=tuple(choices),
        accepts=TYPED.get(question.type, ""),
        asks=visit.asking(asked(open_round, step)),
        progress=(step.number, step.of),
        in_vietnamese=() if language in question.label else ("title", "text") if hint else ("title",),
    )


def _position(question: Question, option: Option) -> int:
    """Where an option stands among all of its question; the one of an acknowledgement stands alone."""
    return question.options.index(option) if option in question.options else 0


def finished(visit: Visit, open_round: OpenRound, *, again: bool) -> Message:
    key = "survey.finished_again" if again else "survey.finished"
    house = visit.household if open_round.counts == "household" else None
    sent = visit.text("household.sent", household=named(visit, house)) if house else ""
    return Message(
        title=visit.text("survey.finished_title"),
        text=visit.text(key, round=open_round.name, closes=say_moment(open_round.closes_at)),
        note="\n".join(filter(None, (sent, receipt.line(visit, open_round)))),
        choices=(
            visit.choice(f"review:{open_round.id}", visit.text("survey.review")),
            *receipt.links(visit, open_round),
            *([other_button(visit)] if house else []),
            visit.choice("menu:menu", visit.text("menu.menu"), aside=True),
        ),
        scene="sent",
    )


def review(visit: Visit, open_round: OpenRound, interview: InterviewState) -> Message:
    """The person's own ballot, to look at and change until the close."""
    rows = rules.summary(
        open_round.form, interview.answers, visit.person.language, today=visit.now.astimezone(VIETNAM).date()
    )
    blank = visit.text("survey.blank")
    asked = [(open_round.form.text(question.label, visit.person.language), shown or blank) for question, shown in rows]
    lines = [f"{number}. {question}\n→ {shown}" for number, (question, shown) in enumerate(asked, 1)]
    index = {question.name: position for position, question in enumerate(open_round.form.questions)}
    choices = [
        visit.choice(f"change:{open_round.id}:{index[question.name]}", str(number))
        for number, (question, _) in enumerate(rows, 1)
    ]
    return Message(
        title=visit.text("survey.review_title"),
        text=visit.text("survey.review_text", answers="\n\n".join(lines)),
        note=receipt.line(visit, open_round),
        choices=(*choices, visit.choice(f"round:{open_round.id}", visit.text("survey.keep"), aside=True)),
        scene="review",
        lead=visit.text("survey.review_lead"),
        rows=tuple(Row(question, shown, choice) for (question, shown), choice in zip(asked, choices, strict=True)),
    )


def invitation(
    shared: SharedState, channel: str, address: str, language: str, open_round: OpenRound, *, again: bool = False
) -> Message:
    """What a round says to somebody first, and when it reminds them: how long it takes, until when; a way to stop."""

    def button(body: str, key: str, *, aside: bool = False) -> Choice:
        return Choice(sign_token(shared.key, channel, address, body), shared.catalogue.say(language, key), aside=aside)

    asked = sum(question.asks for question in open_round.form.questions)
    say = shared.catalogue.say
    return Message(
        title=say(language, "reminder.title")
        if again
        else say(language, "invite.title", organisation=shared.organisation.name),
        text=say(
            language,
            "reminder.text" if again else "invite.text",
            round=open_round.name,
            minutes=max(2, round(asked * SECONDS_A_QUESTION / 60)),
            closes=say_moment(open_round.closes_at),
        ),
        choices=(
            button(f"round:{open_round.id}", "invite.begin"),
            button(f"mute:{open_round.id}", "invite.mute", aside=True),
            button("menu:stop", "invite.not_now", aside=True),
        ),
        urgency="broadcast",
    )
