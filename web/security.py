"""What every request passes: response headers, the same-origin check, the error boundary, body limits."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_LIMIT = 64 * 1024  # bytes; the longest answer is 4,000 characters
WEBHOOKS = "/in/"  # called by platforms, never by a page
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    # Nothing goes to other sites. Not "no-referrer": with it browsers post forms with "Origin: null"
    # (fetch.spec.whatwg.org, "append a request Origin header"), and old phones, which send no Sec-Fetch-Site,
    # would fail the same-origin check below.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",  # pages are personal; what is not says so itself
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

log = structlog.get_logger(__name__)


class ResponseHeaders:
    """Adds our headers to every response that does not set them itself."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | (HTTPS_ONLY if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class ErrorBoundary:
    """Answers a failure with a page, and logs what failed and where, never what was said."""

    def __init__(self, app: ASGIApp, *, page: Callable[[Request, int], Response]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:
            log.error("page_failed", error=type(error).__name__, where=_place(error))
            if not started:
                await self._page(Request(scope), 500)(scope, receive, send)


class SameOrigin:
    """Refuses posts that another site made a browser send."""

    def __init__(self, app: ASGIApp, *, page: Callable[[Request, int], Response]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            request = Request(scope)
            if not request.url.path.startswith(WEBHOOKS) and not same_origin(request.headers):
                await self._page(request, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a post comes from our own pages.

    Browsers say so in Sec-Fetch-Site (over HTTPS) or in Origin. A request with neither comes from no
    browser, so no browser's cookies can be abused by it: the rule of Go's net/http.CrossOriginProtection.
    """
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    if origin := headers.get("origin"):
        return urlsplit(origin).netloc == headers.get("host", "")
    return True


async def read_body(request: Request, limit: int) -> bytes:
    """The body; answers 413 as soon as it is longer than the limit, whatever its header said."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413)
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form; the last one of a name counts. Answers 400 to what is no form."""
    body = await read_body(request, FORM_LIMIT)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20))
    except ValueError:  # not ASCII, or too many fields
        raise HTTPException(400) from None


def _place(error: BaseException) -> str:
    """File and line where the error arose. The error's own text may hold an answer and is left out."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else ""
