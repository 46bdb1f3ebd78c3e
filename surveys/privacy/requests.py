"""What people may ask about their own data, until when it must be done, and the register of it.

The bot does each at once; what comes to the office by word or letter is entered, and waits in the register until it
is done. A deletion is done when no copy of the bytes is left either: see `surveys.privacy.erasure.scrub`.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Select, exists, func, insert, select, update

from storage.tables import DataRequest
from storage.tables.base import day_of
from surveys.errors import SurveyError
from surveys.json_values import Json
from surveys.labels import labels
from surveys.local_time import VIETNAM
from surveys.toml_values import Keys, Status, read_toml

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


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the register."""

    id: int
    kind: Kind
    whose: str  # a hash
    via: str
    received_at: datetime
    answer_by: date
    done_by: date
    answered_at: datetime | None
    erased_at: datetime | None
    done_at: datetime | None

    def state(self, now: datetime) -> RequestState:
        today = now.astimezone(VIETNAM).date()
        if self.done_at is not None:
            return RequestState.DONE
        days = [self.done_by] if self.answered_at is not None else [self.answer_by, self.done_by]
        if min(days) < today:
            return RequestState.OVERDUE
        return RequestState.DUE if today in days else RequestState.WAITING

    def to_json(self, now: datetime) -> Json:
        moments = {"answered_at": self.answered_at, "erased_at": self.erased_at, "done_at": self.done_at}
        return {
            "request": self.id,
            "kind": self.kind,
            "whose": self.whose,
            "via": self.via,
            "received_at": self.received_at.isoformat(),
            "answer_by": self.answer_by.isoformat(),
            "done_by": self.done_by.isoformat(),
            **{name: moment and moment.isoformat() for name, moment in moments.items()},
            "state": self.state(now),
        }


_SHIPPED = Path(__file__).with_name("deadlines.toml")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The law's deadlines, with where they were read and whether an authority's text confirms them."""

    basis: str
    source: str
    status: Status
    valid_from: date
    answer: int  # working days
    done: dict[Kind, int]  # days


@cache
def legal_deadlines() -> Deadlines:
    """The shipped ones. Raises `SurveyError`."""
    return read_deadlines(read_toml(_SHIPPED, SurveyError))


def read_deadlines(values: Mapping[str, Any]) -> Deadlines:
    """Deadlines from the values of their file. Raises `SurveyError` naming the key."""
    keys = Keys(_SHIPPED.name, values, SurveyError)
    keys.text("title")
    found = Deadlines(
        basis=keys.text("basis"),
        source=keys.text("source"),
        status=keys.status(),
        valid_from=keys.period()[0],
        answer=keys.days("answer_working_days"),
        done={kind: _days(keys.table(kind)) for kind in KINDS},
    )
    keys.finish()
    return found


def _days(keys: Keys) -> int:
    days = keys.days("days")
    keys.finish()
    return days


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


def settle(connection: Connection, number: int, now: datetime, *, done: bool) -> Request:
    """Mark a request answered, and done as well where `done`. Returns it as it was. Raises `SurveyError`."""
    found = _read(connection, _select().where(DataRequest.id == number))
    if not found:
        raise SurveyError(f"không có yêu cầu số {number}; xem: langnghe person requests --all")
    if found[0].done_at is not None:
        raise SurveyError(f"yêu cầu số {number} đã xong từ trước")
    values = {"answered_at": found[0].answered_at or now} | ({"done_at": now} if done else {})
    connection.execute(update(DataRequest).where(DataRequest.id == number).values(values))
    return found[0]


def register(connection: Connection, *, everything: bool = False, owner: str = "") -> list[Request]:
    """The requests that wait, the most urgent first; or all of them; only one person's where `owner` says whose."""
    query = _select().order_by(DataRequest.done_by, DataRequest.id)
    if not everything:
        query = query.where(DataRequest.done_at.is_(None))
    if owner:
        query = query.where(DataRequest.whose == owner)
    return _read(connection, query)


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        *(DataRequest.id, DataRequest.kind, DataRequest.whose, DataRequest.via, DataRequest.received_at),
        *(DataRequest.answer_by, DataRequest.done_by),
        *(DataRequest.answered_at, DataRequest.erased_at, DataRequest.done_at),
    )


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[Request]:
    return [Request(*row) for row in connection.execute(query)]
