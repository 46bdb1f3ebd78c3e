"""The first page, where a visitor chooses."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from surveys.rounds.states import RoundState
from web import form_events
from web.dependencies import UnknownCode
from web.page_group import PUBLIC, PageGroup
from web.public.own_rounds import OwnRounds, find_own
from web.public.round_lists import public_rounds
from web.rendering import step
from web.visitor import Visitor, read_visitor


class HomePage(PageGroup):
    headers = PUBLIC

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/", self.home, methods=["GET"]),
        ]

    async def home(self, request: Request) -> Response:
        """What one can do here: the open rounds, the chat, results, sign-in.

        Who comes back finds what they have begun first, then what asks where they live.
        """
        visitor, now = read_visitor(request), self._web.clock()
        rounds = await self._read(lambda connection: public_rounds(connection, RoundState.OPEN, closing_after=now))
        own = await self._read(lambda each: find_own(each, visitor.address, now)) if visitor.known else OwnRounds()
        begun = {each.code: await self._step(request, visitor, each.code) for each in rounds if each.code in own.begun}
        rounds.sort(key=lambda each: own.rank(each.code))
        return self._render(request, "public/home.html", rounds=rounds, begun=begun, sent=own.sent)

    async def _step(self, request: Request, visitor: Visitor, code: str) -> str:
        """Where somebody is in a ballot: "Câu 5/12"; nothing where no question stands."""
        try:
            return step(await form_events.current(self._web, request, visitor, code))
        except UnknownCode:  # closed a moment ago
            return ""
