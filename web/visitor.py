"""The visitor behind a browser: a random cookie, of which only the hash leaves this file."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response

from storage.tables import Address, Person, Round

CHANNEL = "web"  # what the addresses of browsers carry
COOKIE = "ln"
KEEP = 180 * 24 * 3600  # seconds
_OURS = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser. `known` is whether it sent our cookie, so that we know that it keeps cookies."""

    cookie: str
    known: bool

    @property
    def address(self) -> str:
        """What conversations call this browser; the cookie cannot be found from it."""
        return hashlib.sha256(self.cookie.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class VisitorStatus:
    """What is stored about a visitor, with regard to the round of a page."""

    known: bool = False
    language: str = ""
    joined: bool = False  # this round is the one they are in


def read_visitor(request: Request) -> Visitor:
    """Who sent this request; somebody new where there is no cookie, or one that is not ours."""
    cookie = request.cookies.get(COOKIE, "")
    if _OURS.fullmatch(cookie):
        return Visitor(cookie, known=True)
    return Visitor(secrets.token_hex(16), known=False)


def remember(response: Response, visitor: Visitor, *, secure: bool) -> Response:
    """Give the visitor their cookie, or keep it for another half year."""
    response.set_cookie(COOKIE, visitor.cookie, max_age=KEEP, httponly=True, samesite="lax", secure=secure)
    return response


def forget(response: Response, *, secure: bool) -> Response:
    """Take the cookie back, on a phone that several people use."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)
    return response


def find_standing(connection: Connection, address: str, code: str) -> VisitorStatus:
    """The stored standing of an address in the round with this code; an empty one for a stranger."""
    row = connection.execute(
        select(Person.language, Person.round_id, Round.id)
        .join(Address, Address.person_id == Person.id)
        .outerjoin(Round, Round.code == code)
        .where(Address.channel == CHANNEL, Address.address == address)
    ).one_or_none()
    if row is None:
        return VisitorStatus()
    joined = row.id is not None and row.round_id == row.id
    return VisitorStatus(True, row.language, joined)
