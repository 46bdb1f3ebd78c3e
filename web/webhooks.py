"""Webhooks: a platform's events go to the inbox before the platform is told that they arrived."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web.dependencies import WebDependencies
from web.security import WEBHOOKS, read_body

BODY_LIMIT = 1024 * 1024  # bytes


class Webhooks:
    def __init__(self, site: WebDependencies) -> None:
        self._web = site

    @property
    def routes(self) -> list[Route]:
        return [Route(f"{WEBHOOKS}{{channel}}", self.accept, methods=["POST"])]

    async def accept(self, request: Request) -> Response:
        """200 only once the event is committed; anything else lets the platform send it again."""
        channel = request.path_params["channel"]
        verify = self._web.webhooks.get(channel)
        if verify is None:
            raise HTTPException(404)
        body = await read_body(request, BODY_LIMIT)
        if not verify(request.headers, body):
            raise HTTPException(403)
        await self._web.conversation.accept(channel, body)
        return PlainTextResponse("ok")
