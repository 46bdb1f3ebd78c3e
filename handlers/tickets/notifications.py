"""Messages about a request to somebody who did not just write, stored with the request and sent by the delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from handlers.messages import Choice, Message
from handlers.shared import SharedState
from handlers.tickets.states import TicketState
from handlers.tickets.store import TicketReceiver, TicketRow, number
from handlers.tokens import sign_token
from storage.tables import Delivery
from surveys.rounds.delivery_states import DeliveryKind, DeliveryState

OUTBOX = b"delivery"  # where a sealed payload stands
_AFTER_REPLIES = 1  # urgency: before broadcasts


def to_staff(
    shared: SharedState, receiver: TicketReceiver, ticket: TicketRow, key: str, now: datetime, text: str = ""
) -> Any:
    """The statement that tells a chat on duty of a request."""

    def button(act: str) -> Choice:
        body = f"desk:{act}:{ticket.id}"
        return Choice(sign_token(shared.key, receiver.channel, receiver.address, body), say(f"desk.{act}"))

    def say(name: str, **values: object) -> str:
        return shared.catalogue.say(receiver.language, name, **values)

    place = shared.territory.get(ticket.unit_id)
    message = Message(
        title=say(f"desk.{key}", number=number(ticket.id)),
        text=text,
        note=" · ".join(
            [*([say("desk.urgent")] if ticket.urgent else []), place.name if place else say("desk.nowhere")]
        ),
        choices=(button("take"), button("see")) if ticket.staff_id is None else (button("see"),),
        urgency="notice",
    )
    return _owed(shared, receiver.person_id, receiver.channel, receiver.address, message, now)


def to_resident(
    shared: SharedState, ticket: TicketRow, language: str, key: str, now: datetime, text: str = "", *, lesson: str = ""
) -> Any:
    """The statement that tells who asked what became of it; `lesson` is the guide that they were given."""

    def button(body: str, name: str) -> Choice:
        return Choice(
            sign_token(shared.key, ticket.channel, ticket.address, body), shared.catalogue.say(language, name)
        )

    message = Message(
        title=shared.catalogue.say(language, f"want.{key}", number=number(ticket.id)),
        text=text,
        choices=(
            *([button(f"guide:open:{lesson}", "want.lesson")] if lesson else []),
            button("want:open", "want.reply"),
            *([button("want:done", "want.done")] if ticket.state != TicketState.CLOSED else []),
        ),
        urgency="notice",
    )
    return _owed(shared, ticket.person_id, ticket.channel, ticket.address, message, now)


def _owed(shared: SharedState, person_id: int, channel: str, address: str, message: Message, now: datetime) -> Any:
    """Like a reply it may arrive twice after a crash, and fades once it is sent."""
    return insert(Delivery).values(
        round_id=None,
        kind=DeliveryKind.REPLY,
        person_id=person_id,
        channel=channel,
        address=address,
        urgency=_AFTER_REPLIES,
        payload=shared.message_cipher.encrypt(OUTBOX, message.to_dict()),
        state=DeliveryState.PENDING,
        reason="",
        attempts=0,
        due_at=now,
        owner="",
    )
