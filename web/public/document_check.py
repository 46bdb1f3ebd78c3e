"""“Is this paper real?”: what a paper's QR leads to. The figures as printed, beside today's, and the file's hash."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from surveys.documents.codes import as_typed, in_groups
from surveys.documents.verification import Checked, Issued, check_figures, find_issued
from web.dependencies import WebDependencies
from web.rendering import Pages

LONGEST = 60  # characters of a code, however it is spaced
# Nothing personal in these pages; private all the same, for the language is the visitor's.
_PUBLIC = {"Cache-Control": "private, no-cache"}


class PaperPages:
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        self._web = site
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        return [Route("/v", self.ask, methods=["GET"]), Route("/v/{code}", self.one, methods=["GET"])]

    async def ask(self, request: Request) -> Response:
        """The form for a code that is typed; a code leads to its page."""
        typed = request.query_params.get("code", "")[:LONGEST].strip()
        if code := as_typed(typed):
            return RedirectResponse(f"/v/{code}", status_code=303)
        return self._ask(request, typed, status=200)

    async def one(self, request: Request) -> Response:
        """What was issued under this code, or that nothing was."""
        typed: str = request.path_params["code"][:LONGEST]

        def find(connection: Connection) -> tuple[Issued, Checked] | None:
            issued = find_issued(connection, typed)
            return (
                None if issued is None else (issued, check_figures(issued, self._web.scores(connection, issued.round)))
            )

        found: Any = await self._web.database.read(find)
        if found is None:
            return self._ask(request, typed, status=404)
        issued, checked = found
        return self._show(request, "paper.html", paper=issued, code=in_groups(issued.code), checked=checked)

    def _ask(self, request: Request, typed: str, *, status: int) -> Response:
        return self._show(request, "paper_code.html", status=status, typed=typed)

    def _show(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        response = self._pages.render(request, template, status=status, **values)
        response.headers.update(_PUBLIC)
        return response
