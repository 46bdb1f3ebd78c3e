"""Webhooks: a platform's events go to the inbox before the platform is told that they arrived."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web.dependencies import WebDependencies
from web.security import read_body

BODY_LIMIT = 1024 * 1024  # bytes


class Webhooks:
    def __init__(self, site: WebDependencies) -> None:
        self._web = site

    @property
    def routes(self) -> list[Route]:
        return [Route("/in/telegram", self.telegram, methods=["POST"])]

    async def telegram(self, request: Request) -> Response:
        """200 only once the event is committed; anything else makes Telegram send it again."""
        verify = self._web.telegram_verify
        if verify is None:
            raise HTTPException(404)
        body = await read_body(request, BODY_LIMIT)
        if not verify(request.headers, body):
            raise HTTPException(403)
        await self._web.conversation.accept("telegram", [body])
        return PlainTextResponse("ok")
