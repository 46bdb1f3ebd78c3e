"""The public results: the list of published rounds, a page for each, its communes, and its open data."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.catalogue import LANGUAGES
from places.outlines import SOURCE
from storage.tables import FormVersion, Round
from surveys.forms.form import Form
from surveys.results.open_data import LICENCE, LICENCE_ADDRESS, OpenData, open_data
from surveys.results.round_score import RoundScore
from surveys.results.scoring import UnitScore
from surveys.rounds.round_row import RoundRow, read_rounds, select_rounds
from surveys.rounds.states import RoundState
from web.page_group import PUBLIC, PageGroup
from web.public.maps import draw
from web.public.round_lists import Listed, public_rounds
from web.rendering import wanted_language

BLOCKS = 6  # with more communes than that each has a line and a page of its own


@dataclass(frozen=True)
class Published:
    """A published round and what may be told of it."""

    definition: Mapping[str, Any]  # of its form
    scores: RoundScore

    @property
    def row(self) -> RoundRow:
        return self.scores.round

    @property
    def heads(self) -> list[UnitScore]:
        """Its communes, or what it asked in place of communes."""
        return [unit for unit in self.scores.units if unit.level == "commune"] or list(self.scores.units)

    def hamlets(self, unit: UnitScore) -> list[UnitScore]:
        return [each for each in self.scores.units if each.key.startswith(f"{unit.key}/")]

    def labels(self, language: str) -> dict[str, str]:
        """The questions in this language."""
        form = Form.from_dict(self.definition)
        return {question.name: form.text(question.label, language) for question in form.questions}

    @property
    def data(self) -> OpenData:
        return open_data(self.definition, self.scores)


class ResultPages(PageGroup):
    headers = PUBLIC

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/results", self.all, methods=["GET"]),
            Route("/results/{key}", self.one, methods=["GET"]),
            Route("/results/{key}/{unit:int}", self.commune, methods=["GET"]),
            Route("/results/{key}/data.{kind:str}", self.download, methods=["GET"]),
        ]

    async def all(self, request: Request) -> Response:
        """Every published round with its scores."""
        published = await self._read(self._listed)
        return self._render(request, "public/results.html", published=published)

    async def one(self, request: Request) -> Response:
        """A published round: in short, on the map, in full where it asked one commune, and to download."""
        found = await self._find(request)
        heads = found.heads
        blocks = heads if len(heads) <= BLOCKS else []
        if len(heads) > 1 and found.scores.whole:
            blocks = [found.scores.whole, *blocks]
        return self._show_round(
            request,
            "public/published.html",
            found,
            heads=heads,
            blocks=blocks,
            table=len(heads) > BLOCKS,
            map=draw([unit.unit for unit in heads]),
            data=found.data,
        )

    async def commune(self, request: Request) -> Response:
        """One commune of a published round in full."""
        found = await self._find(request)
        unit = next((unit for unit in found.heads if unit.id == request.path_params["unit"]), None)
        if unit is None:
            raise HTTPException(404)
        return self._show_round(request, "public/commune.html", found, unit=unit)

    async def download(self, request: Request) -> Response:
        """The open data, with its digest as RFC 9530 has it."""
        found, kind = await self._find(request), request.path_params["kind"]
        if kind not in ("json", "csv"):
            raise HTTPException(404)
        content = found.data.json if kind == "json" else found.data.csv
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return Response(
            content,
            media_type="application/json" if kind == "json" else "text/csv; charset=utf-8",
            headers={
                **PUBLIC,
                "Content-Disposition": f'attachment; filename="lang-nghe-{found.row.code}.{kind}"',
                "Repr-Digest": f"sha-256=:{digest}:",
                "Link": f'<{LICENCE_ADDRESS}>; rel="license"',
            },
        )

    def _listed(self, connection: Connection) -> list[tuple[Listed, RoundScore]]:
        return [
            (listed, self._web.scores(connection, listed.id))
            for listed in reversed(public_rounds(connection, RoundState.PUBLISHED))
        ]

    async def _find(self, request: Request) -> Published:
        """The published round with this code; any other looks as if it did not exist."""
        key: str = request.path_params["key"]

        def find(connection: Connection) -> Published | None:
            published = select_rounds().where(Round.code == key, Round.state == RoundState.PUBLISHED)
            for row in read_rounds(connection, published):
                definition = select(FormVersion.definition).where(FormVersion.id == row.form_id)
                return Published(connection.execute(definition).scalar_one(), self._web.scores(connection, row.id))
            return None

        return await self._found(find)

    def _show_round(self, request: Request, template: str, found: Published, **values: Any) -> Response:
        language = wanted_language(request) or LANGUAGES[0]
        return self._render(
            request,
            template,
            round=found.row,
            scores=found.scores,
            hamlets_of=found.hamlets,
            labels=found.labels(language),
            licence=LICENCE,
            licence_address=LICENCE_ADDRESS,
            outline_source=SOURCE,
            **values,
        )
