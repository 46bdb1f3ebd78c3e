"""Whether what we asked had reached the screen when somebody wrote.

Taps carry their question; a word does not. One written before the question had been sent, or after a broadcast had
covered it, was said to something else.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from handlers.screen import Screen
from handlers.visit import Visit
from storage.tables import Delivery
from storage.tables.delivery import LEASE
from surveys.rounds.delivery_states import GOING, DeliveryState

# The channel's own dates have whole seconds, and a send is recorded a moment after it arrived.
_SLACK = timedelta(seconds=2)
_SECOND = timedelta(seconds=1)
_SENDING = timedelta(seconds=3)  # a send that takes longer has not arrived
_ANSWERING = ("pick:", "done:", "skip:", "back:", "change:", "place:", "consent:", "round:")
_NEVER = datetime.max.replace(tzinfo=UTC)
_WENT = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


def look(visit: Visit) -> None:
    """Empty the screen of a visit whose word was not said to it.

    1. where the page says itself which question it asks, that is the question
    2. a question that is still owed, or was sent after the word was written, was not on the screen: nothing on it is
       taken, and the question is shown again
    3. a broadcast that came after it covers it: labels can still be named
    """
    inbound = visit.inbound
    if inbound.edited:
        return  # it has the date of when it was first written
    if inbound.shown is not None:
        visit.screen = _of_page(visit, inbound.shown)
        return
    sent = _sent(visit, replies=True) if visit.known and visit.connection is not None else None
    if sent is None:
        return
    if _too_early(visit, sent):
        visit.screen, visit.too_early = _aside(visit.screen), True
        return
    other = _sent(visit, replies=False)
    if other is not None and other > sent:
        visit.screen = replace(visit.screen, asks="", numbers=0)


def _of_page(visit: Visit, token: str) -> Screen:
    """What a page says that it shows; its buttons, where they are still those that were shown last."""
    if token == visit.screen.asks_token and visit.screen.asks:
        return visit.screen
    if not token:
        return _aside(visit.screen)
    return Screen(asks=visit.opened(token) or "", asks_token=token)


def _aside(screen: Screen) -> Screen:
    """A screen that asks nothing, and of whose buttons none that answers can be named."""
    offers = tuple(shown for shown in screen.offers if not shown.token.startswith(_ANSWERING))
    return replace(screen, offers=offers, asks="", numbers=0)


def _too_early(visit: Visit, sent: datetime) -> bool:
    """By our own clock; and once by the channel's, which may be set otherwise than ours."""
    inbound = visit.inbound
    if sent == _NEVER or (inbound.received_at is not None and inbound.received_at + _SLACK < sent):
        return True
    return not visit.screen.repeated and inbound.occurred_at + _SECOND + _SLACK < sent


def _sent(visit: Visit, *, replies: bool) -> datetime | None:
    """When our last reply, or the last message that was none, went to this address; `_NEVER`: it is still owed."""
    assert visit.connection is not None
    row = visit.connection.execute(
        select(Delivery.state, Delivery.settled_at, Delivery.lease_until)
        .where(Delivery.channel == visit.inbound.channel, Delivery.address == visit.inbound.address)
        .where(Delivery.urgency == 0 if replies else Delivery.urgency > 0)
        .where(Delivery.state.in_((*GOING, *_WENT) if replies else _WENT))
        .order_by(*((Delivery.id.desc(),) if replies else (Delivery.settled_at.desc(), Delivery.id.desc())))
        .limit(1)
    ).first()
    if row is None:
        return None
    begun: datetime | None = row.lease_until and row.lease_until - LEASE
    if row.state == DeliveryState.CLAIMED and begun is not None and begun > visit.now - _SENDING:
        return begun
    settled: datetime | None = row.settled_at
    return _NEVER if row.state in GOING or settled is None else settled
