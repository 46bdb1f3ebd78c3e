"""What residents asked: the editor's page. Questions that were not answered well are taught in one step."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from faq import review
from faq.content.entries import Entry, load_entries
from surveys.permissions import StaffMember, subtree
from surveys.roles import Deed
from web.dependencies import WebDependencies
from web.page_group import see_other
from web.rendering import Pages
from web.security import read_form
from web.staff.signed_in import StaffGroup

_SHOWN = 30  # groups on the page
_ADDRESS = "/staff/questions"


class QuestionPages(StaffGroup):
    def __init__(self, site: WebDependencies, pages: Pages) -> None:
        super().__init__(site, pages)
        self._entries: dict[str, Entry] = {}

    @property
    def routes(self) -> list[Route]:
        return [
            Route(_ADDRESS, self.show, methods=["GET"]),
            Route(_ADDRESS, self.teach, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Groups and counts of the official's units; a helper sees neither."""
        official = await self._official(request)
        if official is None:
            return see_other("/staff")
        groups, counts = await self._read(lambda connection: _read(connection, official))
        entries = self._topics()
        titles = {name: entry.title for name, entry in entries.items()}
        return self._render(
            request, "staff/faq_review.html", official=official, groups=groups[:_SHOWN], counts=counts, titles=titles
        )

    async def teach(self, request: Request) -> Response:
        """Make a group examples of a topic, or dismiss it: only questions of the official's own units."""
        official = await self._official(request)
        if official is None:
            return see_other("/staff")
        form = await read_form(request)
        named, topic = set(form.get("questions", "").split()), form.get("topic", "")
        dismissed = "dismiss" in form
        if not dismissed and topic and topic not in self._topics():
            raise HTTPException(400)
        now = self._web.clock()

        def job(connection: Connection) -> None:
            groups, _ = _read(connection, official)
            own = [each.id for group in groups for each in group.questions if each.id in named]
            if dismissed:
                review.dismiss(connection, own)
            else:
                review.learn(connection, topic, own, now)
            if own:
                self._web.log(connection, official.name, "faq.dismiss" if dismissed else "faq.learn", topic)

        await self._web.database.write(job)
        return see_other(_ADDRESS)

    def _topics(self) -> dict[str, Entry]:
        if not self._entries:
            self._entries = {entry.id: entry for entry in sorted(load_entries(), key=lambda entry: entry.title)}
        return self._entries

    async def _official(self, request: Request) -> StaffMember | None:
        found = await super()._official(request)
        if found is not None and not found.role_allows(Deed.REVIEW_QUESTIONS):
            raise HTTPException(403)
        return found


def _read(connection: Connection, official: StaffMember) -> tuple[list[review.Group], list[dict[str, Any]]]:
    units = None if official.unit_id is None else subtree(connection, official.unit_id)
    return review.waiting(connection, units), review.counts(connection, units)
