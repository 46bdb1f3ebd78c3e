"""The chat: the same conversation as bubbles. A script appends them; without it the page works by itself."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handlers.messages import Message
from web import form_events
from web.page_group import PageGroup, see_other
from web.security import read_form
from web.visitor import Visitor, read_visitor, remember


class ChatPages(PageGroup):
    @property
    def routes(self) -> list[Route]:
        return [
            Route("/chat", self.show, methods=["GET"]),
            Route("/chat", self.answer, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """What stands now, as the first bubble. Writes nothing."""
        visitor = read_visitor(request)
        return await self._page(request, visitor, [await form_events.current(self._web, request, visitor, "")])

    async def answer(self, request: Request) -> Response:
        """Take what was said: new bubbles for the script, a page or a way back to it for a form."""
        visitor, script = read_visitor(request), "application/json" in request.headers.get("accept", "")
        form = await read_form(request)
        if not visitor.known:
            if script:
                return JSONResponse({"messages": [], "refused": "cookies"}, status_code=400)
            return self._render(request, "public/cookies.html", status=400, back="/chat")
        said = await form_events.answer(self._web, request, visitor, form, "")
        if script:
            said = said or [await form_events.current(self._web, request, visitor, "")]
            messages = [as_json(message) for message in said]
            return JSONResponse({"messages": messages, "key": form_events.new_key(said[-1].asks)})
        if not said or said == [await form_events.current(self._web, request, visitor, "")]:
            return see_other("/chat")
        return await self._page(request, visitor, said, asked=form.get("text", ""))

    async def _page(self, request: Request, visitor: Visitor, said: list[Message], *, asked: str = "") -> Response:
        standing = await form_events.standing(self._web, visitor, "")
        response = self._render(
            request,
            "public/chat.html",
            language=standing.language,
            messages=said,
            asked=asked.strip(),
            key=form_events.new_key(said[-1].asks),
            stranger=not standing.known,
        )
        return remember(response, visitor, secure=self._web.secure_cookies)


def as_json(message: Message) -> dict[str, Any]:
    """A message as the script reads it."""
    return {
        "title": message.title,
        "text": message.text,
        "note": message.note,
        "picture": {"name": message.picture.name, "says": message.picture.says} if message.picture else None,
        "choices": [
            {
                "token": choice.token,
                "label": choice.label,
                "url": choice.url,
                "selected": choice.selected,
                "aside": choice.aside,
                **({} if choice.mood is None else {"mood": choice.mood}),
                **({"language": choice.language} if choice.language else {}),
            }
            for choice in message.choices
        ],
        "rows": [{"question": row.question, "answer": row.answer, "token": row.change.token} for row in message.rows],
        "lead": message.lead,
        "in_vietnamese": list(message.in_vietnamese),
        "accepts": message.accepts,
        "progress": list(message.progress) if message.progress else None,
    }
