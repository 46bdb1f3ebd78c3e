"""The survey page: one question a page, without JavaScript, resumed wherever the visitor was."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.messages import Message
from web import form_events
from web.dependencies import UnknownCode
from web.page_group import PageGroup, see_other
from web.security import read_form
from web.visitor import Visitor, forget, read_visitor, remember

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SurveyPages(PageGroup):
    @property
    def routes(self) -> list[Route]:
        return [
            Route("/s/{code}", self.show, methods=["GET"]),
            Route("/s/{code}", self.answer, methods=["POST"]),
            Route("/leave", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The question that stands now. Writes nothing: a link previewed by a messenger joins nobody."""
        code, visitor = _code(request), read_visitor(request)
        return await self._page(request, visitor, code, [await self._current(request, visitor, code)])

    async def answer(self, request: Request) -> Response:
        """Take an answer, then send the browser back to `show`, so that reloading is harmless.

        1. No cookie came back: the browser keeps none; say so, store nothing.
        2. Hand the answer to the conversation.
        3. Where it said just what `show` would show (the usual case), redirect there.
        4. Where it said something else (choose again, a note, an answer to a question of theirs), show that
           right here. Reloading such a page posts the same key again, which is no new event, and ends at 3.
        """
        code, visitor = _code(request), read_visitor(request)
        form = await read_form(request)
        if not visitor.known:
            return self._render(request, "public/cookies.html", status=400, back=f"/s/{code}")
        said = await form_events.answer(self._site, request, visitor, form, code)
        if not said or said == [await self._current(request, visitor, code)]:
            return see_other(f"/s/{code}")
        return await self._page(request, visitor, code, said)

    async def leave(self, request: Request) -> Response:
        """Forget this browser, for the next person on the same phone. What was answered stays."""
        return forget(see_other("/"), secure=self._site.secure_cookies)

    async def _current(self, request: Request, visitor: Visitor, code: str) -> Message:
        try:
            return await form_events.current(self._site, request, visitor, code)
        except UnknownCode:
            raise HTTPException(404) from None

    async def _page(self, request: Request, visitor: Visitor, code: str, said: list[Message]) -> Response:
        standing = await form_events.standing(self._site, visitor, code)
        *earlier, message = said
        response = self._render(
            request,
            "public/survey.html",
            language=standing.language,
            earlier=earlier,
            message=message,
            action=f"/s/{code}",
            key=form_events.new_key(),
            ended=not message.accepts and all(choice.url for choice in message.choices),
            submitted=standing.submitted and not message.progress and not message.accepts,
            stranger=not standing.known,
        )
        return remember(response, visitor, secure=self._site.secure_cookies)


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    if not _CODE.fullmatch(code):
        raise HTTPException(404)
    return code
