"""What is kept of events and replies once they are done: that there were some, not whose and when.

How many steps somebody took, and how long, hints at what they answered: who is not satisfied is asked why.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from storage.tables import Delivery, Event
from storage.tables.base import day_of

FRESH = timedelta(minutes=2)  # a chat's limit looks back at what it was just sent


def blur_timestamps(connection: Connection, now: datetime) -> None:
    """Take person, address and time of day off settled replies, and the time of day off handled events."""
    for day in (day_of(now - timedelta(days=1)), day_of(now)):
        within = day + timedelta(days=1)
        connection.execute(
            update(Delivery)
            .where(
                Delivery.kind == "reply",
                Delivery.address != "",
                Delivery.settled_at < min(within, now - FRESH),
            )
            .values(person_id=0, address="", due_at=day, settled_at=day)
        )
        connection.execute(
            update(Event)
            .where(Event.state != "new", Event.received_at > day, Event.received_at < within)
            .values(received_at=day)
        )
