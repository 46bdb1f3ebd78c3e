"""The survey page: one question a page, without JavaScript, resumed wherever the visitor was."""

import re

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.messages import Message
from web import form_events
from web.dependencies import UnknownCode
from web.page_group import PageGroup, see_other
from web.public.own_rounds import OtherRound, OwnRounds, find_own, other_round
from web.public.round_lists import open_round
from web.security import read_form
from web.visitor import Visitor, forget, read_visitor, remember

# What a link of the page says to the conversation, as if it had been typed.
WORDS = {"data": "dữ liệu của tôi", "place": "đổi nơi ở"}
_THANKS = 15 * 60  # seconds
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
        """The question that stands now, or the one before it that `?q=` names, so that the phone's Back works.

        Writes nothing: a link previewed by a messenger joins nobody.
        """
        code, visitor, at = _code(request), read_visitor(request), request.query_params.get("q", "")
        own, other = await self._whose(visitor, code)
        if other and (instead := own.instead(code)):
            return see_other(f"/s/{instead}?from={code}")
        if at:
            message = await form_events.question_at(self._web, request, visitor, code, at) if visitor.known else None
            if message is None:
                return see_other(f"/s/{code}")
            return await self._page(request, visitor, code, [message])
        message = await self._current(request, visitor, code)
        if message.scene == "sent" and not self._just_sent(request):
            standing = await form_events.standing(self._web, visitor, code)
            here = {"action": f"/s/{code}", "me": self._sent(code)}
            return self._render(request, "public/returning.html", language=standing.language, **here)
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
            return self._render(request, "public/cookies.html", status=400, back=f"/s/{code}")
        said = await form_events.answer(self._web, request, visitor, form, code)
        current = await self._current(request, visitor, code)
        if not said or said == [current]:
            answered = form.get("choice") or form.get("text")
            return see_other(self._sent(code) if current.scene == "sent" and answered else _address(code, current))
        return await self._page(request, visitor, code, said)

    async def leave(self, request: Request) -> Response:
        """Forget this browser, for the next person on the same phone. What was answered stays."""
        code = (await read_form(request)).get("to", "").removeprefix("/s/")
        return forget(see_other(f"/s/{code}" if _CODE.fullmatch(code) else "/"), secure=self._web.secure_cookies)

    async def _current(self, request: Request, visitor: Visitor, code: str) -> Message:
        try:
            return await form_events.current(self._web, request, visitor, code)
        except UnknownCode:
            raise HTTPException(404) from None

    async def _whose(self, visitor: Visitor, code: str) -> tuple[OwnRounds, OtherRound | None]:
        """The visitor's own rounds, and the round with this code where it asks others."""

        def look(connection: Connection) -> tuple[OwnRounds, OtherRound | None]:
            own = find_own(connection, visitor.address, self._web.clock())
            return own, other_round(connection, code, own)

        return await self._read(look) if visitor.known and code else (OwnRounds(), None)

    def _sent(self, code: str) -> str:
        """The address of the thanks for who has just sent the ballot, for a while: then it asks who is there."""
        return f"/s/{code}?sent={self._web.clock().timestamp():.0f}"

    def _just_sent(self, request: Request) -> bool:
        moment = request.query_params.get("sent", "")[:12]
        return moment.isdecimal() and 0 <= self._web.clock().timestamp() - int(moment) + 1 <= _THANKS

    async def _page(self, request: Request, visitor: Visitor, code: str, said: list[Message]) -> Response:
        standing = await form_events.standing(self._web, visitor, code)
        _, other = await self._whose(visitor, request.query_params.get("from", ""))
        *earlier, message = said
        response = self._render(
            request,
            "public/survey.html",
            language=standing.language,
            earlier=earlier,
            message=message,
            action=f"/s/{code}",
            key=form_events.new_key(message.asks),
            ended=not message.accepts and all(choice.url for choice in message.choices),
            stranger=not standing.known,
            round=await self._read(lambda connection: open_round(connection, code)),
            other=other,
            organisation=self._web.organisation,
            words=WORDS,
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
