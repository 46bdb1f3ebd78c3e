"""The staff's pages: sign in, sign out, and the rounds of one's own places."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from surveys.permissions import StaffMember, subtree, targets
from web.dependencies import WebDependencies
from web.public.round_lists import RESULTS_STATES, Listed, ancestors, rounds_about
from web.rendering import Pages
from web.security import read_form
from web.staff import sessions

COOKIE = "staff"
REFRESH = 15  # seconds, while invitations are being sent
SEES_RESULTS = ("official", "staff")  # a helper sees coverage only


@dataclass(frozen=True, slots=True)
class Watched:
    """A round as one official may see it: only rows of their units, results only after the close."""

    round: Listed
    coverage: Sequence[Mapping[str, Any]] = ()
    results: Sequence[Mapping[str, Any]] = ()
    sending: Mapping[str, Any] | None = None  # for who is in charge of all that the round asks


class StaffPages:
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        self._web = site
        self._pages = pages
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
            return self._pages.render(request, "sign_in.html", failed="")
        watched = await self._web.database.read(lambda connection: self._watch(connection, official))
        return _live(self._pages.render(request, "dashboard.html", official=official, watched=watched), watched)

    async def round(self, request: Request) -> Response:
        """One round. A round of other places looks like one that does not exist."""
        official = await self._official(request)
        if official is None:
            return RedirectResponse("/staff", status_code=303)
        chosen: int = request.path_params["id"]
        watched = await self._web.database.read(lambda connection: self._watch(connection, official, chosen))
        if not watched:
            raise HTTPException(404)
        return _live(self._pages.render(request, "round.html", official=official, watched=watched[0]), watched)

    async def sign_in(self, request: Request) -> Response:
        """Open a session. Every failure says the same, whether the name exists or not."""
        form = await read_form(request)
        name, password = form.get("name", "")[:200], form.get("password", "")[:1000]
        network, now = request.client.host if request.client else "", self._web.clock()
        if not self._throttle.admit(name, network, now):
            return self._pages.render(request, "sign_in.html", failed="staff.wait", status=429)
        found = await self._web.database.read(lambda connection: sessions.find_password(connection, name))
        fits = await self._passwords.fits(found[1] if found else None, password)
        if not found or not fits:
            return self._pages.render(request, "sign_in.html", failed="staff.failed", status=403)
        self._throttle.clear(name, network)
        token = secrets.token_urlsafe(32)
        staff_id = found[0]
        await self._web.database.write(lambda connection: sessions.open_session(connection, staff_id, token, now))
        response = RedirectResponse("/staff", status_code=303)
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
        response = RedirectResponse("/staff", status_code=303)
        response.delete_cookie(COOKIE, path="/staff", httponly=True, samesite="lax")
        return response

    async def _official(self, request: Request) -> StaffMember | None:
        token, now = request.cookies.get(COOKIE), self._web.clock()
        if not token:
            return None
        return await self._web.database.read(lambda connection: sessions.find_session(connection, token, now))

    def _watch(self, connection: Connection, official: StaffMember, chosen: int | None = None) -> list[Watched]:
        """The official's rounds (or the chosen one of them); numbers for those that are open or chosen."""
        units = None if official.unit_id is None else subtree(connection, official.unit_id)
        asked = None
        if units is not None and official.unit_id is not None:
            asked = units | ancestors(connection, official.unit_id)
        listed = [item for item in rounds_about(connection, asked) if chosen in (None, item.id)]
        return [
            self._numbers(connection, item, units, official)
            if item.state == "open" or item.id == chosen
            else Watched(item)
            for item in listed
        ]

    def _numbers(
        self, connection: Connection, item: Listed, units: frozenset[int] | None, official: StaffMember
    ) -> Watched:
        rows = self._web.coverage(connection, item.id) if self._web.coverage else ()
        coverage = sorted(_within(rows, units), key=_communes_then_lowest)
        results: Sequence[Mapping[str, Any]] = ()
        score = self._web.staff_scores or self._web.scores
        if item.state in RESULTS_STATES and official.role in SEES_RESULTS and score:
            results = _within(score(connection, item.id)["units"], units)
        return Watched(item, coverage, results, self._sending(connection, item, units, official))

    def _sending(
        self, connection: Connection, item: Listed, units: frozenset[int] | None, official: StaffMember
    ) -> Mapping[str, Any] | None:
        theirs = units is None or units.issuperset(targets(connection, item.id))
        if item.state != "open" or self._web.sending is None or not official.watches or not theirs:
            return None
        going = self._web.sending(connection, item.id)
        return going if going["people"]["invited"] else None


def _live(page: Response, watched: Sequence[Watched]) -> Response:
    """A page that looks again by itself while something on it is being sent."""
    if any(item.sending and item.sending["eta_seconds"] for item in watched):
        page.headers["refresh"] = str(REFRESH)
    return page


def _communes_then_lowest(row: Mapping[str, Any]) -> tuple[bool, bool, float]:
    return row["level"] == "hamlet", row["coverage"] is None, row["coverage"] or 0.0


def _within(rows: Sequence[Mapping[str, Any]], units: frozenset[int] | None) -> list[Mapping[str, Any]]:
    """The rows of these units; all rows for None."""
    return [row for row in rows if units is None or row["id"] in units]
