"""What stands on somebody's screen, looked up for a page; nothing is written."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from handlers.current_question import current_question
from handlers.messages import Inbound, Message
from handlers.shared import SharedState
from handlers.storing import load
from handlers.survey import moves
from handlers.survey.links import dead_end, follow
from handlers.tickets.resident import with_news
from handlers.visit import Visit


class UnknownCode(Exception):
    """No round has this code."""


def current(
    connection: Connection, shared: SharedState, channel: str, address: str, code: str, language: str
) -> Message:
    """The question that stands; where a link was followed, with its round's `code`. Raises `UnknownCode`."""
    visit = _visit(connection, shared, channel, address, language)
    if not code or follow(visit, code):
        return current_question(visit) if code else with_news(visit, current_question(visit))
    if (end := dead_end(visit, code)) is None:
        raise UnknownCode(code)
    return end


def question_at(
    connection: Connection, shared: SharedState, channel: str, address: str, code: str, at: int
) -> Message | None:
    """A question of a round that was asked already, as it was answered; None where it cannot be shown."""
    visit = _visit(connection, shared, channel, address)
    known = next((each for each in shared.rounds.values() if each.code == code), None)
    return moves.question_at(visit, known, at) if known is not None and visit.known else None


def _visit(connection: Connection, shared: SharedState, channel: str, address: str, language: str = "") -> Visit:
    now = datetime.now(UTC)
    shared.refresh(connection)
    return load(connection, shared, [Inbound(channel, address, "", "text", now, language=language)], now)[0]
