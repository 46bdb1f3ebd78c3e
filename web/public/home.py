"""The first page, where a visitor chooses."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from surveys.rounds.states import RoundState
from web.dependencies import WebDependencies
from web.public.round_lists import public_rounds
from web.rendering import Pages

# Nothing personal in these pages; private all the same, for the language is the visitor's.
_PUBLIC = {"Cache-Control": "private, no-cache"}


class PublicPages:
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        self._web = site
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/", self.home, methods=["GET"]),
        ]

    async def home(self, request: Request) -> Response:
        """What one can do here: the open rounds, the chat, results, sign-in."""
        rounds = await self._web.database.read(
            lambda connection: public_rounds(connection, RoundState.OPEN, closing_after=self._web.clock())
        )
        response = self._pages.render(request, "home.html", rounds=rounds)
        response.headers.update(_PUBLIC)
        return response
