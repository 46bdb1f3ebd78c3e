"""An official who looks at everything they may see, after each participation, learns no answer.

Two villages live through the same round: the same people come in the same order, and everybody in the second
answers the opposite. If every view after every step is equal in both, no view tells anything about an answer.
"""

import json
import random
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert
from village import FORM, THUAN_HOA, Village

from handlers.dispatch import dispatch
from handlers.messages import Choice, Inbound, Message
from handlers.storing import load, store
from storage.tables import Staff
from surveys.forms.form import Form
from surveys.results.results import score
from surveys.rounds.status import brief_json, list_rounds, status
from web.site import WebDependencies, build

PEOPLE = 400
SHORT = Form(
    name="ngan",
    title=FORM.title,
    languages=("vi",),
    questions=tuple(question for question in FORM.questions if question.name in ("duong", "chung")),
)
PASSWORD = "mật khẩu dài và khó đoán"
HOME = "Ấp 1 (mẫu)"


class World:
    """One of the two villages, its round, and what the official sees of it."""

    def __init__(self, village: Village, opposite: bool) -> None:
        self.village, self._opposite = village, opposite
        self.round = village.round(form=SHORT)
        now = datetime.now(UTC)
        password = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        account = {"role": "official", "unit_id": village.unit(THUAN_HOA), "created_at": now}
        with village.database.transaction() as connection:
            names = ("can-bo", "Nguyễn Văn Một", "Trần Thị Hai")  # who watches, and the two who close
            connection.execute(insert(Staff), [{**account, "name": name, "password": password} for name in names])
            village.shared.refresh(connection)
        site = WebDependencies(
            conversation=None,  # type: ignore[arg-type]  (an official answers nothing)
            database=village.database,
            vault=village.vault,
        )
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(build(site)), base_url="http://xa.test")

    def comes(self, place: int, happy: list[bool]) -> None:
        """One resident, from the first word to the end."""
        address, now = f"web{place:05}", datetime.now(UTC)
        wanted = ["Đồng ý", HOME, *("Hài lòng" if each != self._opposite else "Chưa hài lòng" for each in happy)]
        inbound = Inbound("web", address, f"{address}-0", "start", now, start_payload=self.round.code)
        with self.village.database.transaction() as connection:
            for step in range(len(wanted) + 1):
                shown = self._hears(connection, inbound)
                if step < len(wanted):
                    choice = self._button(shown, wanted[step])
                    inbound = Inbound("web", address, f"{address}-{step + 1}", "choice", now, choice=choice.token)
        assert "ghi nhận" in shown.title

    def _hears(self, connection: Any, inbound: Inbound) -> Message:
        visit = load(connection, self.village.shared, [inbound], inbound.occurred_at)[0]
        dispatch(visit)
        store(connection, [visit])
        return visit.replies[-1]

    def _button(self, message: Message, label: str) -> Choice:
        return next(choice for choice in message.choices if choice.label == label)

    async def signs_in(self) -> None:
        form = {"name": "can-bo", "password": PASSWORD}
        await self.browser.post("/staff/sign-in", data=form, headers={"Origin": "http://xa.test"})

    async def seen(self, pages: bool) -> list[str]:
        """Everything that the official may look at, without what differs from round to round anyway."""
        read = self.village.database.read_now
        views = [
            json.dumps(read(lambda connection: status(connection, self.round.id)).to_json(), default=str),
            json.dumps(read(lambda connection: score(connection, self.round.id)).to_json(), default=str),
            json.dumps([brief_json(row) for row in read(list_rounds)], default=str),
        ]
        if pages:
            for path in (
                "/staff",
                f"/staff/rounds/{self.round.id}",
                "/",
                "/results",
                f"/results/{self.round.code}/receipt",
            ):
                answer = await self.browser.get(path)
                assert answer.status_code == 200, path
                views.append(answer.text)
        return [
            re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+|\d\d[:.]\d\d", "T", view.replace(self.round.code, "CODE"))
            for view in views
        ]


@pytest.fixture
def worlds(village: Village, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[World, World]]:
    """The same village twice, on PostgreSQL and on SQLite: what is seen may not depend on the store either."""
    copy = tmp_path / "other" / "village.db"
    copy.parent.mkdir()
    shutil.copy(request.getfixturevalue("filled_sqlite"), copy)
    other = Village(f"sqlite:///{copy}", copy.parent)
    yield World(village, opposite=False), World(other, opposite=True)
    other.database.close()


@pytest.mark.slow
@pytest.mark.parametrize("filled_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.own_server
async def test_an_official_who_watches_everything_learns_0_of_400_answers(worlds: tuple[World, World]) -> None:
    one, other = worlds
    for world in worlds:
        await world.signs_in()
    chance, told = random.Random(84), 0
    for place in range(PEOPLE):
        happy = [chance.random() < 0.9 for _ in SHORT.questions]
        for world in worlds:
            world.comes(place, happy)
        pages = place % 20 == 0 or place == PEOPLE - 1
        told += await one.seen(pages) != await other.seen(pages)
    assert told == 0
    last = json.loads((await one.seen(False))[1])
    assert last["units"][0]["ballots"] == PEOPLE and not any(unit["questions"] for unit in last["units"])
    for world in worlds:  # after the close the two villages differ in every answer, so the comparison means something
        assert world.village.close(world.round.id) == PEOPLE
        await world.browser.aclose()
    assert await _after(one) != await _after(other)


async def _after(world: World) -> list[str]:
    return await world.seen(False)
