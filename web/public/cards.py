"""Where a household card's QR leads: a choice of ways to answer with it. Looking writes nothing and binds nobody."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from places.register.codes import read_long
from places.register.households import find_by_code
from web.page_group import PageGroup


class CardPages(PageGroup):
    @property
    def routes(self) -> list[Route]:
        return [Route("/h/{code}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """An app that is set up, or right here; a void card says so, a wrong one is not found."""
        code, vault = read_long(request.path_params["code"]), self._web.vault
        if code is None:
            raise HTTPException(404)
        key = vault.program_key()
        found, _ = await self._read(lambda connection: find_by_code(connection, key, code))
        if found not in ("valid", "void"):
            raise HTTPException(404)
        apps = {title: link for title, link in self._web.links(f"h_{code}").items() if link}
        void = found == "void"
        status = 410 if void else 200
        return self._render(request, "public/card.html", status=status, void=void, code=code, apps=apps)
