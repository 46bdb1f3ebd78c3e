"""How a screen becomes a kiosk and stops being one: a one-time link, a cookie, a PIN."""

import secrets

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from surveys.ballots import kiosks
from surveys.ballots.kiosks import Screen
from web.dependencies import WebDependencies
from web.page_group import PageGroup, see_other
from web.rendering import Pages
from web.security import read_form
from web.staff.sessions import Passwords, Throttle

ADDRESS = "/kiosk"
COOKIE = "kiosk"
KEEP = 90 * 24 * 3600  # seconds; the round's close ends it earlier


def read_session(request: Request) -> str:
    """The cookie of the screen; nobody's when there is none."""
    return request.cookies.get(COOKIE, "")


class KioskDoor(PageGroup):
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        super().__init__(site, pages)
        self._passwords = Passwords()
        self._attempts = Throttle()

    @property
    def routes(self) -> list[Route]:
        return [
            Route(f"{ADDRESS}/start/{{token}}", self.offer, methods=["GET"]),
            Route(f"{ADDRESS}/start/{{token}}", self.start, methods=["POST"]),
            Route(f"{ADDRESS}/leave", self.ask, methods=["GET"]),
            Route(f"{ADDRESS}/leave", self.leave, methods=["POST"]),
        ]

    async def offer(self, request: Request) -> Response:
        """A button: a link that a messenger previews is not used up."""
        token = request.path_params["token"]
        now = self._web.clock()
        kind = await self._read(lambda connection: kiosks.waits(connection, token, now))
        return self._render(request, "kiosk/start.html", kind=kind, status=200 if kind else 404)

    async def start(self, request: Request) -> Response:
        """Make this screen the kiosk; the link is worth nothing from now on."""
        token, session, now = request.path_params["token"], secrets.token_urlsafe(24), self._web.clock()

        def use(connection: Connection) -> bool:
            kind = kiosks.waits(connection, token, now)
            number = kiosks.use_link(connection, token, session) if kind else None
            if number is not None and kind == "desk":
                self._web.log(connection, "kiosk", "kiosk.start", str(number))
            return number is not None

        if not await self._web.database.write(use):
            return self._render(request, "kiosk/start.html", kind=None, status=404)
        response = see_other(ADDRESS)
        response.set_cookie(
            COOKIE, session, max_age=KEEP, path=ADDRESS, httponly=True, samesite="lax", secure=self._web.secure_cookies
        )
        return response

    async def ask(self, request: Request) -> Response:
        return await self._page(request)

    async def leave(self, request: Request) -> Response:
        """End the kiosk with its PIN; five wrong ones cost a quarter of an hour."""
        screen, now = await self._screen(request), self._web.clock()
        pin = (await read_form(request)).get("pin", "").strip()[:12]
        if screen is None:
            return see_other(ADDRESS)
        if not self._attempts.admit(str(screen.id), "", now):
            return await self._page(request, "kiosk.pin_too_many")
        if not await self._passwords.fits(screen.pin, pin):
            return await self._page(request, "kiosk.pin_wrong")

        def end(connection: Connection) -> None:
            if kiosks.find_screen(connection, read_session(request), lock=True):
                kiosks.end_kiosk(connection, screen.id, now)
                self._web.log(connection, "kiosk", "kiosk.leave", str(screen.id))

        await self._web.database.write(end)
        response = see_other("/")
        response.delete_cookie(COOKIE, path=ADDRESS, httponly=True, samesite="lax", secure=self._web.secure_cookies)
        return response

    async def _screen(self, request: Request) -> Screen | None:
        session = read_session(request)
        return await self._read(lambda connection: kiosks.find_screen(connection, session))

    async def _page(self, request: Request, said: str = "") -> Response:
        if await self._screen(request) is None:
            return see_other(ADDRESS)
        page = self._render(request, "kiosk/leave.html", said=said)
        page.headers["refresh"] = f"60;url={ADDRESS}"
        return page
