"""The kiosk: one large question a page, for one person after the other at a one-stop desk; resets itself."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.dependencies import WebDependencies
from web.kiosk.activation import ADDRESS, read_session
from web.kiosk.steps import Page, Steps
from web.page_group import PageGroup, see_other
from web.rendering import Pages
from web.security import read_form

QUIET, WRITING = 90, 180  # seconds without a word, or while a text is asked, before "still there?"
VISIT = 600  # the same on a helper's phone: somebody sits beside it, and may read aloud
ASKED = 30  # seconds that this question stands
THANKED = 15  # seconds
LOOK = 300  # seconds between looks at the round while nobody is there


class KioskPages(PageGroup):
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        super().__init__(site, pages)
        self._steps = Steps(site)

    @property
    def routes(self) -> list[Route]:
        return [
            Route(ADDRESS, self.show, methods=["GET"]),
            Route(ADDRESS, self.answer, methods=["POST"]),
            Route(f"{ADDRESS}/idle", self.idle, methods=["GET"]),
            Route(f"{ADDRESS}/reset", self.reset, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """Whatever is to be done next. Without the cookie of a kiosk in use: how one is opened."""
        session = read_session(request)
        return self._show(request, await self._read(lambda each: self._steps.read_state(each, session)))

    async def answer(self, request: Request) -> Response:
        """Take a step, then send the browser back to `show`; what needs a word is said right here.

        A form of the person before does nothing.
        """
        session, form = read_session(request), await read_form(request)
        page = await self._web.database.write(lambda each: self._steps.take(each, session, form))
        return self._show(request, page) if page else see_other(ADDRESS)

    async def idle(self, request: Request) -> Response:
        """“Still there?”, where the person of that page is still the one at the screen."""
        session, run = read_session(request), request.query_params.get("run", "")
        page = await self._read(lambda each: self._steps.read_state(each, session))
        if page.draft is None or page.draft.run != run:
            return see_other(ADDRESS)
        return self._show(request, Page("idle", page.screen, page.form, page.draft))

    async def reset(self, request: Request) -> Response:
        """Nobody said so: the screen is cleared for the next person."""
        session, run = read_session(request), request.query_params.get("run", "")
        await self._web.database.write(lambda each: self._steps.clear(each, session, run))
        return see_other(ADDRESS)

    def _show(self, request: Request, page: Page) -> Response:
        shown = {"page": page, "draft": page.draft, "screen": page.screen, "step": page.step}
        response = self._render(
            request,
            f"kiosk/{page.stage}.html",
            language=page.language,
            organisation=self._web.organisation,
            **shown,
        )
        if wait := _wait(page):
            response.headers["refresh"] = wait
        return response


def _wait(page: Page) -> str:
    """When the browser is to look elsewhere by itself: people go away without a word."""
    visit = page.screen is not None and page.screen.visit
    match page.stage:
        case "welcome" | "closed":
            return f"{LOOK};url={ADDRESS}"
        case "thanks" if visit:
            return ""
        case "thanks":
            return f"{THANKED};url={ADDRESS}"
        case "idle" if page.draft:
            return f"{ASKED};url={ADDRESS}/reset?run={page.draft.run}"
        case _ if page.draft:
            patience = VISIT if visit else WRITING if page.typed == "text" else QUIET
            return f"{patience};url={ADDRESS}/idle?run={page.draft.run}"
    return ""
