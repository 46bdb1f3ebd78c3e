"""A rehearsal: an official gets the invitation and looks through the questions. Nothing is answered or stored."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from handlers.messages import Choice, Message, prefaced
from handlers.shared import OpenRound, SharedState
from handlers.survey.messages import TYPED, invitation
from handlers.tokens import sign_token
from handlers.visit import Visit
from storage.tables import Address, Delivery, Person
from surveys.errors import SurveyError
from surveys.forms.form import Form
from surveys.rounds.delivery_states import DeliveryKind, DeliveryState
from surveys.rounds.round_row import RoundRow, round_with_id
from surveys.rounds.rounds import find_round


def owe(
    connection: Connection, shared: SharedState, key: str | int, address: str, now: datetime
) -> tuple[RoundRow, str]:
    """Owe the rehearsal of a round to one address. Returns the round's row and the channel.

    Raises `SurveyError` when nobody there ever talked to us.
    """
    row = find_round(connection, key)
    channel, _, rest = address.strip().rpartition(":")
    pushing = [name for name, able in shared.capabilities.items() if able.can_push]
    query = (
        select(Address.channel, Address.address, Person.id, Person.language)
        .join(Person, Person.id == Address.person_id)
        .where(Address.address == rest, Address.channel.in_(pushing))
    )
    found = connection.execute(query.where(Address.channel == channel) if channel else query).all()
    if len(found) != 1:
        raise SurveyError(
            "chưa có ai nhắn từ địa chỉ này; hãy mở bot, bấm Bắt đầu, rồi viết --to telegram:SỐ"
            if not found
            else "địa chỉ này có ở nhiều kênh; hãy viết rõ, như --to telegram:SỐ"
        )
    where = found[0]
    message = _invitation(
        shared, where.channel, where.address, where.language, row, shared.form(connection, row.form_id)
    )
    connection.execute(
        insert(Delivery).values(
            round_id=None,
            kind=DeliveryKind.REHEARSAL,
            person_id=where.id,
            channel=where.channel,
            address=where.address,
            urgency=0,  # asked for just now: also in quiet hours
            payload=message.to_dict(),
            state=DeliveryState.PENDING,
            reason="",
            attempts=0,
            due_at=now,
            owner="",
        )
    )
    return row, where.channel


def begin(visit: Visit, connection: Connection, key: int) -> None:
    """The rehearsal of a round, here in this chat."""
    row = find_round(connection, key)
    form = visit.shared.form(connection, row.form_id)
    visit.say(_invitation(visit.shared, visit.inbound.channel, visit.inbound.address, visit.person.language, row, form))


def on_button(visit: Visit, arguments: list[str]) -> None:
    """Show the question with that number; any answer leads to the next."""
    connection, number = visit.connection, int(arguments[1])
    row = connection and round_with_id(connection, int(arguments[0]))
    if not connection or not row:
        return
    form = visit.shared.form(connection, row.form_id)
    asked = [question for question in form.questions if question.asks]
    if number >= len(asked):
        visit.say(_end(visit, row, len(asked)))
    else:
        visit.say(_question(visit, row.id, form, number))


def under_way(visit: Visit) -> bool:
    """Whether a rehearsal was last on this screen: what is typed then is no answer to anything."""
    return any(shown.token.startswith("try:") for shown in visit.screen.offers[:1])


def typed(visit: Visit, text: str) -> None:
    """Something typed in a rehearsal goes on, as an answer would."""
    visit.press_button(visit.offered(text) or visit.screen.offers[0].token)


def _invitation(shared: SharedState, channel: str, address: str, language: str, row: RoundRow, form: Form) -> Message:
    open_round = OpenRound(row.id, row.name, row.code, form, b"", (), row.closes_at)
    message = invitation(shared, channel, address, language, open_round)
    say = shared.catalogue.say
    return replace(
        prefaced(message, say(language, "rehearsal.only_you")),
        title=say(language, "rehearsal.title", title=message.title),
        choices=(
            Choice(sign_token(shared.key, channel, address, f"try:{row.id}:0"), say(language, "rehearsal.begin")),
            Choice(sign_token(shared.key, channel, address, "menu:menu"), say(language, "menu.menu"), aside=True),
        ),
        urgency="reply",
    )


def _question(visit: Visit, round_id: int, form: Form, number: int) -> Message:
    asked = [question for question in form.questions if question.asks]
    question, language = asked[number], visit.person.language
    onwards = f"try:{round_id}:{number + 1}"
    # The number of the option keeps tokens apart: channels tell buttons by them.
    choices = [
        visit.choice(f"{onwards}:{place}", form.text(option.label, language))
        for place, option in enumerate(question.options)
    ]
    if not choices or question.type in TYPED:
        choices = [visit.choice(onwards, visit.text("rehearsal.next"))]
    if number:
        choices.append(visit.choice(f"try:{round_id}:{number - 1}:b", visit.text("survey.back"), aside=True))
    notes = [visit.text("rehearsal.note"), visit.text("survey.progress", number=number + 1, of=len(asked))]
    if question.relevant:
        notes.append(visit.text("rehearsal.relevant"))
    return Message(
        title=form.text(question.label, language),
        text=form.text(question.hint, language),
        note=" · ".join(notes),
        choices=tuple(choices),
        progress=(number + 1, len(asked)),
    )


def _end(visit: Visit, row: RoundRow, count: int) -> Message:
    return Message(
        title=visit.text("rehearsal.end_title"),
        text=visit.text("rehearsal.end", count=count, round=row.name),
        choices=(
            visit.choice(f"try:{row.id}:0", visit.text("rehearsal.again")),
            visit.choice("menu:menu", visit.text("menu.menu"), aside=True),
        ),
    )
