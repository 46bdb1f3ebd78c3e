"""The sketches of the guides, under names that stay: a chat app fetches them by their address."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from faq.content.lessons import PICTURES

_DAY = "public, max-age=86400"
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


class Pictures:
    """All files of one folder, held in memory: SVG for our pages, PNG for apps that draw no SVG."""

    def __init__(self, folder: Path = PICTURES) -> None:
        self._files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in _TYPES}

    @property
    def route(self) -> Route:
        return Route("/pictures/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        media_type = _TYPES[Path(name).suffix]
        return Response(self._files[name], media_type=media_type, headers={"Cache-Control": _DAY})
