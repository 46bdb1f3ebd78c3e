"""Pages for those who have signed in: whose browser it is."""

from starlette.requests import Request

from surveys.permissions import StaffMember
from web.page_group import PageGroup
from web.staff import sessions

COOKIE = "staff"


class StaffGroup(PageGroup):
    """Pages of one subject for the staff."""

    async def _official(self, request: Request) -> StaffMember | None:
        """Who is signed in; nobody without a session, or once it has expired."""
        token, now = request.cookies.get(COOKIE), self._web.clock()
        if not token:
            return None
        return await self._read(lambda connection: sessions.find_session(connection, token, now))
