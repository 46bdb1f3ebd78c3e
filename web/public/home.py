"""The first page, where a visitor chooses."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.page_group import PUBLIC, PageGroup
from web.public.round_lists import public_rounds


class HomePage(PageGroup):
    headers = PUBLIC

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/", self.home, methods=["GET"]),
        ]

    async def home(self, request: Request) -> Response:
        """What one can do here: the open rounds, the chat, results, sign-in."""
        rounds = await self._read(
            lambda connection: public_rounds(connection, "open", closing_after=self._site.clock())
        )
        return self._render(request, "public/home.html", rounds=rounds)
