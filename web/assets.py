"""Our style sheet, script and icon: held in memory, served under names that change with their content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"  # the name changes with the content
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    media_type: str
    content: bytes


class Assets:
    """All files of `web/static`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = sorted(path for path in folder.iterdir() if path.suffix in _TYPES)
        self._by_file = {path.name: _asset(path) for path in files}
        self._by_address = {asset.address: asset for asset in self._by_file.values()}

    def address(self, file: str) -> str:
        """The path under which a file is served, such as /static/style.1f0c29ab.css."""
        return self._by_file[file].address

    @property
    def route(self) -> Route:
        return Route("/static/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        asset = self._by_address.get(request.url.path)
        if asset is None:
            raise HTTPException(404)
        return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": FOREVER})


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(f"/static/{path.stem}.{digest}{path.suffix}", _TYPES[path.suffix], content)
