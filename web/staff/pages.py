"""The staff's pages: sign in, sign out, and the rounds of one's own places."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from surveys.permissions import StaffMember, may, subtree, targets
from surveys.results.scoring import UnitScore
from surveys.roles import Deed
from surveys.rounds.coverage import coverage
from surveys.rounds.sending_status import SendingStatus, under_way
from surveys.rounds.states import ANSWERS_OPEN, RoundState
from surveys.rounds.units import Turnout
from web.dependencies import WebDependencies
from web.page_group import see_other
from web.public.round_lists import Listed, ancestors, rounds_about
from web.rendering import Pages
from web.security import read_form
from web.staff import sessions
from web.staff.signed_in import COOKIE, StaffGroup

OfUnit = TypeVar("OfUnit", Turnout, UnitScore)
REFRESH = 15  # seconds, while invitations are being sent


@dataclass(frozen=True, slots=True)
class Watched:
    """A round as one official may see it: only rows of their units, results only after the close."""

    round: Listed
    coverage: Sequence[Turnout] = ()
    results: Sequence[UnitScore] = ()
    sending: SendingStatus | None = None  # for who is in charge of all that the round asks


class StaffPages(StaffGroup):
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        super().__init__(site, pages)
        self._passwords = sessions.Passwords()
        self._throttle = sessions.Throttle()

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/staff", self.dashboard, methods=["GET"]),
            Route("/staff/rounds/{id:int}", self.round, methods=["GET"]),
            Route("/staff/sign-in", self.sign_in, methods=["POST"]),
            Route("/staff/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def dashboard(self, request: Request) -> Response:
        """The rounds of the official's units, the open ones with their coverage; or the sign-in form."""
        official = await self._official(request)
        if official is None:
            return self._render(request, "staff/sign_in.html", failed="")
        watched = await self._read(lambda connection: self._watch(connection, official))
        reviews = official.role_allows(Deed.REVIEW_QUESTIONS)
        page = self._render(request, "staff/dashboard.html", official=official, reviews=reviews, watched=watched)
        return _live(page, watched)

    async def round(self, request: Request) -> Response:
        """One round. A round of other places looks like one that does not exist."""
        official = await self._official(request)
        if official is None:
            return see_other("/staff")
        chosen: int = request.path_params["id"]
        watched = await self._read(lambda connection: self._watch(connection, official, chosen))
        if not watched:
            raise HTTPException(404)
        return _live(self._render(request, "staff/round.html", official=official, watched=watched[0]), watched)

    async def sign_in(self, request: Request) -> Response:
        """Open a session. Every failure says the same, whether the name exists or not."""
        form = await read_form(request)
        name, password = form.get("name", "")[:200], form.get("password", "")[:1000]
        network, now = request.client.host if request.client else "", self._web.clock()
        if not self._throttle.admit(name, network, now):
            return self._render(request, "staff/sign_in.html", failed="staff.wait", status=429)
        found = await self._read(lambda connection: sessions.find_password(connection, name))
        fits = await self._passwords.fits(found[1] if found else None, password)
        if not found or not fits:
            return self._render(request, "staff/sign_in.html", failed="staff.failed", status=403)
        self._throttle.clear(name, network)
        token = secrets.token_urlsafe(32)
        staff_id = found[0]
        await self._web.database.write(lambda connection: sessions.open_session(connection, staff_id, token, now))
        response = see_other("/staff")
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(sessions.SESSION.total_seconds()),
            path="/staff",
            httponly=True,
            samesite="lax",
            secure=self._web.secure_cookies,
        )
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here and in the database."""
        if token := request.cookies.get(COOKIE):
            await self._web.database.write(lambda connection: sessions.close_session(connection, token))
        response = see_other("/staff")
        response.delete_cookie(COOKIE, path="/staff", httponly=True, samesite="lax")
        return response

    def _watch(self, connection: Connection, official: StaffMember, chosen: int | None = None) -> list[Watched]:
        """The official's rounds (or the chosen one of them); numbers for those that are open or chosen."""
        units = None if official.unit_id is None else subtree(connection, official.unit_id)
        asked = None
        if units is not None and official.unit_id is not None:
            asked = units | ancestors(connection, official.unit_id)
        listed = [item for item in rounds_about(connection, asked) if chosen in (None, item.id)]
        return [
            self._numbers(connection, item, units, official)
            if item.state == RoundState.OPEN or item.id == chosen
            else Watched(item)
            for item in listed
        ]

    def _numbers(
        self, connection: Connection, item: Listed, units: frozenset[int] | None, official: StaffMember
    ) -> Watched:
        rows = coverage(connection, item.id) if official.role_allows(Deed.SEE_COVERAGE) else ()
        shown = sorted(_within(rows, units), key=_communes_then_lowest)
        results: Sequence[UnitScore] = ()
        if item.state in ANSWERS_OPEN and official.role_allows(Deed.SEE_RESULTS):
            results = _within(self._web.staff_scores(connection, item.id).units, units)
        return Watched(item, shown, results, self._sending(connection, item, official))

    def _sending(self, connection: Connection, item: Listed, official: StaffMember) -> SendingStatus | None:
        if item.state != RoundState.OPEN or not may(
            connection, official, Deed.WATCH_SENDING, targets(connection, item.id)
        ):
            return None
        going = under_way(connection, item.id, self._web.sending, self._web.clock())
        return going if going.people.invited else None


def _live(page: Response, watched: Sequence[Watched]) -> Response:
    """A page that looks again by itself while something on it is being sent."""
    if any(item.sending and item.sending.pace.eta_seconds for item in watched):
        page.headers["refresh"] = str(REFRESH)
    return page


def _communes_then_lowest(row: Turnout) -> tuple[bool, bool, float]:
    return row.level == "hamlet", row.coverage is None, float(row.coverage or 0)


def _within(rows: Sequence[OfUnit], units: frozenset[int] | None) -> list[OfUnit]:
    """The rows of these units; all rows for None."""
    return [row for row in rows if units is None or row.id in units]
