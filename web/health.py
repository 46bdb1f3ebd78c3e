"""For whoever watches the program: is it alive, can it serve."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.schema import head, revision
from web.dependencies import WebDependencies


class Health:
    def __init__(self, site: WebDependencies) -> None:
        self._web = site

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
        ]

    async def alive(self, request: Request) -> Response:
        """The event loop runs."""
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        """The database can be read and has the newest schema; else 503."""
        try:
            stands_at = await self._web.database.read(revision)
        except (SQLAlchemyError, OSError):
            return PlainTextResponse("database cannot be read", status_code=503)
        if stands_at != head():
            return PlainTextResponse("database schema is not the newest", status_code=503)
        return PlainTextResponse("ready")
