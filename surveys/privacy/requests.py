"""What people may ask about their own data, until when it must be done, and the register of it.

The bot does each at once; what comes to the office by word or letter is entered, and waits in the register until it
is done. A deletion is done when no copy of the bytes is left either: see `surveys.privacy.erasure.scrub`.
"""

import hmac
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sqlalchemy import Connection, Row, exists, func, insert, select, update

from storage.tables import DataRequest
from storage.tables.base import day_of
from surveys.errors import SurveyError
from surveys.labels import labels
from surveys.local_time import VIETNAM

Kind = Literal["see", "correct", "withdraw", "delete"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KINDS_SAID = labels("request", KINDS)
OFFICE = "office"


class RequestState(StrEnum):
    """How far a request is; it follows from its row and the day."""

    DONE = "done"
    OVERDUE = "overdue"  # a day has passed that the law gives
    DUE = "due"  # today is such a day
    WAITING = "waiting"


REQUEST_STATES = labels("state.request", RequestState)
_SHIPPED = Path(__file__).with_name("deadlines.toml")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The law's deadlines, with where they were read and whether an authority's text confirms them."""

    basis: str
    source: str
    status: str  # confirmed, unconfirmed
    valid_from: date
    answer: int  # working days
    done: dict[Kind, int]  # days


@cache
def legal_deadlines() -> Deadlines:
    """The shipped ones."""
    read = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    done = {kind: cast(int, read[kind]["days"]) for kind in KINDS}
    return Deadlines(
        read["basis"], read["source"], read["status"], read["valid_from"], read["answer_working_days"], done
    )


def whose(key: bytes, channel: str, address: str) -> str:
    """How the register knows somebody: a hash with the program's key, from which no address can be had back."""
    return hmac.digest(key, f"whose:{channel}:{address}".encode(), "sha256").hex()[:32]


def deadlines(kind: Kind, received: datetime) -> tuple[date, date]:
    """The last day to answer and the last day to be done.

    Working days are Monday to Friday without Vietnam's holidays, and the Saturdays that make up for a bridge day.
    """
    from holidays import country_holidays  # 0.1 s and its tables: only for whoever asks

    day = received.astimezone(VIETNAM).date()
    law = legal_deadlines()
    calendar = country_holidays("VN", years=[day.year, day.year + 1])
    return calendar.get_nth_working_day(day, law.answer), day + timedelta(days=law.done[kind])


def enter(
    connection: Connection, kind: Kind, owner: str, *, via: str, received: datetime, done: datetime | None = None
) -> int:
    """Put a request into the register, done already where the bot did it. Returns its number."""
    answer_by, done_by = deadlines(kind, received)
    values = {"kind": kind, "whose": owner, "via": via, "received_at": received}
    values |= {"answer_by": answer_by, "done_by": done_by, "answered_at": done, "done_at": done}
    return connection.execute(insert(DataRequest).values(values).returning(DataRequest.id)).scalar_one()


def fulfil(connection: Connection, kind: Kind, owner: str, *, via: str, now: datetime) -> None:
    """It is done now: what of this kind waits for this person is settled, or a request and its end are entered.

    Several of a kind on one day are one request. A deletion's rows are gone now, and it waits for `scrub`.
    """
    mine = (DataRequest.kind == kind, DataRequest.whose == owner)
    end = {"erased_at": now} if kind == "delete" else {"done_at": now}
    waiting = (*mine, DataRequest.done_at.is_(None), DataRequest.erased_at.is_(None))
    answered = func.coalesce(DataRequest.answered_at, now)
    settled = connection.execute(update(DataRequest).where(*waiting).values(answered_at=answered, **end)).rowcount
    today = exists().where(*mine, DataRequest.received_at >= day_of(now))
    if settled or (kind != "delete" and connection.execute(select(today)).scalar()):
        return
    number = enter(connection, kind, owner, via=via, received=now)
    connection.execute(update(DataRequest).where(DataRequest.id == number).values(answered_at=now, **end))


def settle(connection: Connection, number: int, now: datetime, *, done: bool) -> Any:
    """Mark a request answered, and done as well where `done`. Returns its row as it was. Raises `SurveyError`."""
    row = connection.execute(select(DataRequest.__table__).where(DataRequest.id == number)).first()
    if row is None:
        raise SurveyError(f"không có yêu cầu số {number}; xem: langnghe person requests --all")
    if row.done_at is not None:
        raise SurveyError(f"yêu cầu số {number} đã xong từ trước")
    values: dict[str, Any] = {"answered_at": row.answered_at or now}
    if done:
        values["done_at"] = now
    connection.execute(update(DataRequest).where(DataRequest.id == number).values(values))
    return row


def register(
    connection: Connection, now: datetime, *, everything: bool = False, owner: str = ""
) -> list[dict[str, Any]]:
    """The requests that wait, the most urgent first; or all of them; only one person's where `owner` says whose."""
    query = select(DataRequest.__table__).order_by(DataRequest.done_by, DataRequest.id)
    if not everything:
        query = query.where(DataRequest.done_at.is_(None))
    if owner:
        query = query.where(DataRequest.whose == owner)
    today = now.astimezone(VIETNAM).date()
    return [
        {
            "request": row.id,
            "kind": row.kind,
            "whose": row.whose,
            "via": row.via,
            "received_at": row.received_at.isoformat(),
            "answer_by": row.answer_by.isoformat(),
            "done_by": row.done_by.isoformat(),
            "answered_at": row.answered_at and row.answered_at.isoformat(),
            "erased_at": row.erased_at and row.erased_at.isoformat(),
            "done_at": row.done_at and row.done_at.isoformat(),
            "state": _state(row, today),
        }
        for row in connection.execute(query)
    ]


def _state(row: Row[*tuple[Any, ...]], today: date) -> RequestState:
    if row.done_at is not None:
        return RequestState.DONE
    days = [row.done_by] if row.answered_at is not None else [row.answer_by, row.done_by]
    if min(days) < today:
        return RequestState.OVERDUE
    return RequestState.DUE if today in days else RequestState.WAITING
