"""Messages about a request to somebody who did not just write, stored with the request and sent by the delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from handlers.messages import Choice, Message
from handlers.shared import World
from handlers.tickets.store import Case, Post, number
from handlers.tokens import seal
from storage.tables import Delivery

OUTBOX = b"delivery"  # where a sealed payload stands
_AFTER_REPLIES = 1  # urgency: before broadcasts


def to_staff(world: World, post: Post, case: Case, key: str, now: datetime, text: str = "") -> Any:
    """The statement that tells a chat on duty of a request."""

    def button(act: str) -> Choice:
        body = f"desk:{act}:{case.id}"
        return Choice(seal(world.key, post.channel, post.address, body), say(f"desk.{act}"))

    def say(name: str, **values: object) -> str:
        return world.catalogue.say(post.language, name, **values)

    place = world.territory.get(case.unit_id)
    message = Message(
        title=say(f"desk.{key}", number=number(case.id)),
        text=text,
        note=" · ".join([*([say("desk.urgent")] if case.urgent else []), place.name if place else say("desk.nowhere")]),
        choices=(button("take"), button("see")) if case.staff_id is None else (button("see"),),
        urgency="notice",
    )
    return _owed(world, post.person_id, post.channel, post.address, message, now)


def to_resident(
    world: World, case: Case, language: str, key: str, now: datetime, text: str = "", *, lesson: str = ""
) -> Any:
    """The statement that tells who asked what became of it; `lesson` is the guide that they were given."""

    def button(body: str, name: str) -> Choice:
        return Choice(seal(world.key, case.channel, case.address, body), world.catalogue.say(language, name))

    message = Message(
        title=world.catalogue.say(language, f"want.{key}", number=number(case.id)),
        text=text,
        choices=(
            *([button(f"guide:open:{lesson}", "want.lesson")] if lesson else []),
            button("want:open", "want.reply"),
            *([button("want:done", "want.done")] if case.state != "closed" else []),
        ),
        urgency="notice",
    )
    return _owed(world, case.person_id, case.channel, case.address, message, now)


def _owed(world: World, person_id: int, channel: str, address: str, message: Message, now: datetime) -> Any:
    """Like a reply it may arrive twice after a crash, and fades once it is sent."""
    return insert(Delivery).values(
        round_id=None,
        kind="reply",
        person_id=person_id,
        channel=channel,
        address=address,
        urgency=_AFTER_REPLIES,
        payload=world.letters.close(OUTBOX, message.to_dict()),
        state="pending",
        reason="",
        attempts=0,
        due_at=now,
        owner="",
    )
