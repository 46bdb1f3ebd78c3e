"""“Was my ballot counted?”: a receipt code is looked up; the hashes of all of them can be downloaded."""

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from surveys.ballots import receipts
from surveys.errors import SurveyError
from surveys.rounds.round_row import RoundRow
from surveys.rounds.rounds import find_round
from surveys.rounds.states import ANSWERS_OPEN, WITH_BALLOTS
from web.page_group import PageGroup
from web.security import read_form


class ReceiptPages(PageGroup):
    @property
    def routes(self) -> list[Route]:
        return [
            Route("/results/{key}/receipt", self.ask, methods=["GET"]),
            Route("/results/{key}/receipt", self.look_up, methods=["POST"]),
            Route("/results/{key}/receipts.txt", self.download, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The form; before the close a sentence that says when to come back."""
        return self._show(request, await self._round(request))

    async def look_up(self, request: Request) -> Response:
        """Counted or not found, and nothing else. The code is not in the address, so no log or history holds it."""
        row = await self._round(request)
        code = (await read_form(request)).get("code", "")[:40]
        if row.state not in ANSWERS_OPEN:
            return self._show(request, row)
        counted = await self._read(lambda connection: receipts.check(connection, row.id, code))
        return self._show(request, row, code=code.strip(), said="receipt.counted" if counted else "receipt.unknown")

    async def download(self, request: Request) -> Response:
        """Every hash on a line of its own."""
        row = await self._round(request)
        if row.state not in ANSWERS_OPEN:
            raise HTTPException(404)
        hashes = await self._read(lambda connection: list(receipts.published(connection, row.id)))
        headers = {"Content-Disposition": f'attachment; filename="receipts-{row.code}.txt"'}
        return PlainTextResponse("".join(f"{each}\n" for each in hashes), headers=headers)

    async def _round(self, request: Request) -> RoundRow:
        """A round that takes or took ballots; any other looks as if it did not exist."""
        key: str = request.path_params["key"]

        def find(connection: Connection) -> RoundRow | None:
            try:
                return find_round(connection, key)
            except SurveyError:
                return None

        row = await self._found(find)
        if row.state not in WITH_BALLOTS:
            raise HTTPException(404)
        return row

    def _show(self, request: Request, row: RoundRow, *, code: str = "", said: str = "") -> Response:
        closed = row.state in ANSWERS_OPEN
        return self._render(request, "public/receipt.html", round=row, closed=closed, code=code, said=said)
