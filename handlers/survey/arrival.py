"""Whether what we asked had reached the screen when somebody wrote.

Taps carry their question; a word does not. One written before the question had been sent, or after a broadcast had
covered it, was said to something else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from handlers.current_question import current_question
from handlers.screen import Screen
from handlers.visit import Visit
from storage.tables import Delivery
from storage.tables.delivery import LEASE
from surveys.rounds.delivery_states import GOING, DeliveryState

# The channel's own dates have whole seconds, and its clock may be a little off.
_SLACK = timedelta(seconds=3)
_ANSWERING = ("pick:", "done:", "skip:", "back:", "change:", "place:", "consent:", "round:")
_WENT = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


def look(visit: Visit) -> None:
    """Empty the screen of a visit whose word was not said to it.

    1. where the page says itself which question it asks, that is the question
    2. a question that is still owed, or was sent after the word was written, was not on the screen: nothing on it is
       taken, and the question is shown again
    3. written under an older message of ours it was said to that
    4. a broadcast that came after it covers it: labels can still be named
    """
    inbound = visit.inbound
    if inbound.edited:
        return  # it has the date of when it was first written
    if inbound.shown is not None:
        visit.screen = _of_page(visit, inbound.shown)
        return
    if not visit.known or visit.connection is None:
        return
    if inbound.replies_to and not _under_it(visit, inbound.replies_to):
        visit.screen = _aside(visit.screen)
        return
    reply = _last_sent(visit, replies=True)
    if reply is None:
        return
    if _too_early(visit, reply):
        visit.screen, visit.too_early = _aside(visit.screen), True
        return
    other = _last_sent(visit, replies=False)
    if other is not None and other.settled is not None and other.settled > (reply.settled or visit.now):
        visit.screen = replace(visit.screen, asks="", numbers=0)


@dataclass(frozen=True, slots=True)
class _Sent:
    """How far a message of ours has come: when its sending began, and when it was known to be over."""

    begun: datetime | None
    settled: datetime | None


def _of_page(visit: Visit, token: str) -> Screen:
    """What a page says that it shows; its buttons, where they are still those that were shown last."""
    if token == visit.screen.asks_token and visit.screen.asks:
        return visit.screen
    if not token:
        return _aside(visit.screen)
    return Screen(asks=visit.opened(token) or "", asks_token=token)


def _under_it(visit: Visit, older: str) -> bool:
    """Whether a message of ours is the question that stands, or a piece of it."""
    stands = current_question(visit)
    return (stands.title or stands.text) in older or older in stands.text


def _aside(screen: Screen) -> Screen:
    """A screen that asks nothing, and of whose buttons none that answers can be named."""
    offers = tuple(shown for shown in screen.offers if not shown.token.startswith(_ANSWERING))
    return replace(screen, offers=offers, asks="", numbers=0)


def _too_early(visit: Visit, reply: _Sent) -> bool:
    """By our own clock; and once by the channel's, which may be set otherwise than ours.

    What is not being sent yet had not arrived, nor had what was begun only after the word came.
    """
    inbound, begun = visit.inbound, reply.begun or reply.settled
    if begun is None or (inbound.received_at or visit.now) < begun:
        return True
    return not visit.screen.repeated and inbound.occurred_at + _SLACK < begun


def _last_sent(visit: Visit, *, replies: bool) -> _Sent | None:
    """Our last reply to this address, or the last message that was none and has been sent."""
    assert visit.connection is not None
    row = visit.connection.execute(
        select(Delivery.state, Delivery.settled_at, Delivery.lease_until, Delivery.attempts)
        .where(Delivery.channel == visit.inbound.channel, Delivery.address == visit.inbound.address)
        .where(Delivery.urgency == 0 if replies else Delivery.urgency > 0)
        .where(Delivery.state.in_((*GOING, *_WENT) if replies else _WENT))
        .order_by(*((Delivery.id.desc(),) if replies else (Delivery.settled_at.desc(), Delivery.id.desc())))
        .limit(1)
    ).first()
    if row is None:
        return None
    if row.attempts > (row.state != DeliveryState.PENDING):
        return None  # sent again: a process that ended may have sent it long before
    if row.state == DeliveryState.PENDING:
        return _Sent(None, None)
    return _Sent(row.lease_until and row.lease_until - LEASE, row.settled_at)
