"""What the pages of every subject share: what they are built from, how they read, how they answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.dependencies import WebDependencies
from web.rendering import Pages

T = TypeVar("T")
# For pages with nothing personal in them: private all the same, for the language is the visitor's.
PUBLIC: Mapping[str, str] = {"Cache-Control": "private, no-cache"}


class PageGroup:
    """Pages of one subject; a subclass names their addresses in `routes`."""

    headers: Mapping[str, str] = {}  # of every page that is rendered here

    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        self._web = site
        self._pages = pages

    async def _read(self, job: Callable[[Connection], T]) -> T:
        """What a function of a connection finds."""
        return await self._web.database.read(job)

    async def _found(self, job: Callable[[Connection], T | None]) -> T:
        """The same; answers 404 when it finds nothing."""
        found = await self._read(job)
        if found is None:
            raise HTTPException(404)
        return found

    def _render(self, request: Request, template: str, **values: Any) -> Response:
        response = self._pages.render(request, template, **values)
        response.headers.update(self.headers)
        return response


def see_other(address: str) -> RedirectResponse:
    """After a post: the browser fetches this address, so that reloading is harmless."""
    return RedirectResponse(address, status_code=303)
