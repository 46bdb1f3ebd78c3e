"""The whole site, put together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.dependencies import Conversation, UnknownCode, WebDependencies
from web.health import Health
from web.kiosk.activation import KioskDoor
from web.kiosk.pages import KioskPages
from web.public.cards import CardPages
from web.public.chat import ChatPages
from web.public.document_check import PaperPages
from web.public.home import HomePage
from web.public.pictures import Pictures
from web.public.receipts import ReceiptPages
from web.public.results import ResultPages
from web.public.survey import SurveyPages
from web.rendering import Pages
from web.security import WEBHOOKS, ErrorBoundary, ResponseHeaders, SameOrigin
from web.staff.faq_review import QuestionPages
from web.staff.pages import StaffPages
from web.webhooks import Webhooks

__all__ = ["Conversation", "UnknownCode", "WebDependencies", "build"]

_EXPLAINED = (400, 403, 404, 405, 413, 429, 500)  # statuses with a text of their own


def build(site: WebDependencies) -> Starlette:
    """The application that serves the site. Raises `CatalogueError` when a page lacks a text."""
    pages = Pages(sample=site.sample, secure=site.secure_cookies)

    def error_page(request: Request, status: int) -> Response:
        if request.url.path.startswith(WEBHOOKS):
            return PlainTextResponse(str(status), status_code=status)
        key = f"error.e{status if status in _EXPLAINED else 400}"
        return pages.render(request, "error.html", status=status, title_key=key, text_key=f"{key}_text")

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = error_page(request, status)
        response.headers.update(getattr(error, "headers", None) or {})
        return response

    return Starlette(
        routes=[
            *HomePage(site, pages).routes,
            *ResultPages(site, pages).routes,
            *ReceiptPages(site, pages).routes,
            *PaperPages(site, pages).routes,
            *SurveyPages(site, pages).routes,
            *CardPages(site, pages).routes,
            *ChatPages(site, pages).routes,
            *KioskPages(site, pages).routes,
            *KioskDoor(site, pages).routes,
            *StaffPages(site, pages).routes,
            *QuestionPages(site, pages).routes,
            *Webhooks(site).routes,
            *Health(site).routes,
            pages.assets.route,
            Pictures().route,
        ],
        middleware=[
            Middleware(ResponseHeaders, secure=site.secure_cookies),
            Middleware(GZipMiddleware, minimum_size=500),
            Middleware(ErrorBoundary, page=error_page),
            Middleware(SameOrigin, page=error_page),
        ],
        exception_handlers={HTTPException: refused},
    )
