"""“Is this paper real?”: what a paper's QR leads to. The figures as printed, beside today's, and the file's hash."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from surveys.documents.codes import as_typed, in_groups
from surveys.documents.verification import Checked, Issued, check_figures, find_issued
from web.page_group import PUBLIC, PageGroup, see_other

LONGEST = 60  # characters of a code, however it is spaced


class PaperPages(PageGroup):
    headers = PUBLIC

    @property
    def routes(self) -> list[Route]:
        return [Route("/v", self.ask, methods=["GET"]), Route("/v/{code}", self.one, methods=["GET"])]

    async def ask(self, request: Request) -> Response:
        """The form for a code that is typed; a code leads to its page."""
        typed = request.query_params.get("code", "")[:LONGEST].strip()
        if code := as_typed(typed):
            return see_other(f"/v/{code}")
        return self._ask(request, typed, status=200)

    async def one(self, request: Request) -> Response:
        """What was issued under this code, or that nothing was."""
        typed: str = request.path_params["code"][:LONGEST]

        def find(connection: Connection) -> tuple[Issued, Checked] | None:
            issued = find_issued(connection, typed)
            return (
                None if issued is None else (issued, check_figures(issued, self._web.scores(connection, issued.round)))
            )

        found: Any = await self._read(find)
        if found is None:
            return self._ask(request, typed, status=404)
        issued, checked = found
        return self._render(request, "public/document.html", paper=issued, code=in_groups(issued.code), checked=checked)

    def _ask(self, request: Request, typed: str, *, status: int) -> Response:
        return self._render(request, "public/document_code.html", status=status, typed=typed)
