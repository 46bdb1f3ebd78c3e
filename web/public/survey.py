"""The survey page: one question a page, without JavaScript, resumed wherever the visitor was."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from handlers.messages import Message
from web import form_events
from web.dependencies import UnknownCode, WebDependencies
from web.rendering import Pages
from web.security import read_form
from web.visitor import Visitor, forget, read_visitor, remember

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SurveyPages:
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        self._web = site
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/s/{code}", self.show, methods=["GET"]),
            Route("/s/{code}", self.answer, methods=["POST"]),
            Route("/leave", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The question that stands now, or the one before it that `?q=` names, so that the phone's Back works.

        Writes nothing: a link previewed by a messenger joins nobody.
        """
        code, visitor, at = _code(request), read_visitor(request), request.query_params.get("q", "")
        if not at:
            return await self._page(request, visitor, code, [await self._current(request, visitor, code)])
        message = await form_events.question_at(self._web, request, visitor, code, at) if visitor.known else None
        if message is None:
            return RedirectResponse(f"/s/{code}", status_code=303)
        return await self._page(request, visitor, code, [message])

    async def answer(self, request: Request) -> Response:
        """Take an answer, then send the browser back to `show`, so that reloading is harmless.

        1. No cookie came back: the browser keeps none; say so, store nothing.
        2. Hand the answer to the conversation.
        3. Where it said just what `show` would show (the usual case), redirect there: to the question's own address.
        4. Where it said something else (choose again, a note, an answer to a question of theirs), show that
           right here. Reloading such a page posts the same key again, which is no new event, and ends at 3.
        """
        code, visitor = _code(request), read_visitor(request)
        form = await read_form(request)
        if not visitor.known:
            return self._pages.render(request, "cookies.html", status=400, back=f"/s/{code}")
        said = await form_events.answer(self._web, request, visitor, form, code)
        standing = await self._current(request, visitor, code)
        if not said or said == [standing]:
            return RedirectResponse(_address(code, standing), status_code=303)
        return await self._page(request, visitor, code, said)

    async def leave(self, request: Request) -> Response:
        """Forget this browser, for the next person on the same phone. What was answered stays."""
        return forget(RedirectResponse("/", status_code=303), secure=self._web.secure_cookies)

    async def _current(self, request: Request, visitor: Visitor, code: str) -> Message:
        try:
            return await form_events.current(self._web, request, visitor, code)
        except UnknownCode:
            raise HTTPException(404) from None

    async def _page(self, request: Request, visitor: Visitor, code: str, said: list[Message]) -> Response:
        standing = await form_events.standing(self._web, visitor, code)
        *earlier, message = said
        response = self._pages.render(
            request,
            "survey.html",
            language=standing.language,
            earlier=earlier,
            message=message,
            action=f"/s/{code}",
            key=form_events.new_key(message.asks),
            ended=not message.accepts and all(choice.url for choice in message.choices),
            submitted=standing.submitted and not message.progress and not message.accepts,
            stranger=not standing.known,
        )
        secure = self._web.secure_cookies
        if message.asks or form_events.SEEN in request.cookies:
            response.set_cookie(
                form_events.SEEN, message.asks, path="/s/", httponly=True, samesite="lax", secure=secure
            )
        return remember(response, visitor, secure=secure)


def _address(code: str, message: Message) -> str:
    """Each question has its own; its number in the form, which says nothing of what was answered."""
    word, *numbers = message.asks.partition(".")[0].split(":")
    return f"/s/{code}?q={numbers[1]}" if word == "ask" else f"/s/{code}"


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    if not _CODE.fullmatch(code):
        raise HTTPException(404)
    return code
