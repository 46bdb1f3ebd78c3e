"""Every state of a round has its words, in every language and in every place that shows it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Connection, insert, update
from terminal import ONE_STORE, Run, refused
from village import THUAN_HOA, Village

from handlers.catalogue import LANGUAGES, load_catalogue
from handlers.staff.chat_links import make_code
from storage.tables import Round, Staff
from surveys.closing import closing
from surveys.documents.contents import Organiser
from surveys.documents.document import compose
from surveys.rounds import lifecycle
from surveys.rounds.states import ANSWERS_OPEN, STATES, TOLD
from web.rendering import Pages
from web.site import WebDependencies, build
from web.staff.sessions import open_session

BARE = re.compile(r"\{\w*\}|\b(state|officials|receipt|results|survey)\.[a-z_.]+\b")


def brought(village: Village, state: str) -> int:
    """A round that came into a state as rounds do; its number."""
    now = datetime.now(UTC)
    row = village.draft("Đợt nhà")

    def write(change: Callable[[Connection], object]) -> None:
        with village.database.transaction() as connection:
            change(connection)

    if state == "scheduled":
        write(lambda connection: connection.execute(update(Round).values(opens_at=now + timedelta(days=1))))
        write(lambda connection: lifecycle.schedule(connection, row.id, now))
    if state not in ("draft", "scheduled"):
        village.open(row.id)
    if state == "cancelled":
        write(lambda connection: lifecycle.cancel(connection, row.id, now))
    if state in ("closing", "closed", "published"):
        write(
            lambda connection: closing.begin(
                connection, village.vault, row, by="Nguyễn Văn Một", witness="Trần Thị Hai", now=now
            )
        )
    if state in ANSWERS_OPEN:
        closing.finish(village.database, village.vault, row.id)
    if state == "published":
        write(lambda connection: lifecycle.publish(connection, row.id))
    assert village.rows(Round)[0].state == state
    return int(row.id)


def hired(village: Village) -> tuple[str, str]:
    """An official with a session on the pages and a code for a chat."""
    now = datetime.now(UTC)
    values = {"name": "Lan", "role": "official", "password": "", "created_at": now, "unit_id": village.unit(THUAN_HOA)}
    with village.database.transaction() as connection:
        number = connection.execute(insert(Staff).values(values).returning(Staff.id)).scalar_one()
        open_session(connection, number, "token", now)
        return "token", make_code(connection, village.shared.key, number, now)


def proper(said: str, label: str) -> bool:
    """Whether a state is said by its words, and nothing of a catalogue shows through."""
    assert label in said and (bare := BARE.search(said)) is None, (label, bare, said)
    return True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_states_differ_in_words_and_in_no_catalogue_one_is_missing(language: str) -> None:
    for say in (lambda key: load_catalogue().say(language, key), Pages().words(language)):
        labels = [say(f"state.round.{state}") for state in STATES]
        assert len(set(labels)) == len(STATES) and all(labels) and not any(map(BARE.search, labels))


@ONE_STORE
@pytest.mark.parametrize("state", STATES)
async def test_a_state_is_said_on_pages_in_every_language(village: Village, state: str) -> None:
    number = brought(village, state)
    code = village.rows(Round)[0].code
    session, _ = hired(village)
    site = WebDependencies(
        conversation=None,  # type: ignore[arg-type]  (nobody answers here)
        database=village.database,
        vault=village.vault,
    )
    transport = httpx.ASGITransport(build(site))
    async with httpx.AsyncClient(transport=transport, base_url="http://xa.test") as browser:
        for language in LANGUAGES:
            label = Pages().words(language)(f"state.round.{state}")
            for path in ("/staff", f"/staff/rounds/{number}"):
                page = await browser.get(f"{path}?lang={language}", headers={"Cookie": f"staff={session}"})
                assert page.status_code == 200 and proper(page.text, label), path
            for path in ("/", "/results", f"/results/{code}", f"/results/{code}/receipt"):
                page = await browser.get(f"{path}?lang={language}")
                assert page.status_code in (200, 404) and BARE.search(page.text) is None, (path, page.text)


@ONE_STORE
@pytest.mark.parametrize("state", STATES)
async def test_a_state_is_said_in_an_official_s_chat_in_every_language(village: Village, state: str) -> None:
    number = brought(village, state)
    lan = village.resident("9001")
    await lan.says(hired(village)[1])
    for language in LANGUAGES:
        label = load_catalogue().say(language, f"state.round.{state}")
        await lan.says("ngôn ngữ")
        await lan.taps(load_catalogue().say(language, "language.name"))
        await lan.says("/rounds")
        assert proper(lan.read, f"Đợt nhà ({label})")
        await lan.says(f"/status {number}")
        assert proper(lan.read, label)


@ONE_STORE
@pytest.mark.parametrize("state", STATES)
def test_a_state_is_said_by_commands(run: Run, village: Village, state: str) -> None:
    number = str(brought(village, state))
    for command in (("round", "list"), ("round", "status", number)):
        said = run(*command)
        assert said.code == 0 and proper(said.out, STATES[state]), said


@ONE_STORE
@pytest.mark.parametrize("state", STATES)
def test_a_paper_of_results_says_the_state_or_why_there_is_none(run: Run, village: Village, state: str) -> None:
    number = brought(village, state)
    if state not in ANSWERS_OPEN:
        assert refused(
            run("paper", str(number), "report", "--out", "x.docx"), "“Đợt nhà”" if state == "cancelled" else "đóng đợt"
        )
        return
    paper = village.database.read_now(
        lambda connection: compose(connection, number, "report", unit=None, organiser=Organiser("Xã"), site="")
    )
    assert paper.contents.fields["trang_thai"] == TOLD[state]


@ONE_STORE
async def test_a_round_that_was_closed_while_sending_was_paused_is_closed_and_nothing_else(
    run: Run, village: Village
) -> None:
    number = str(village.round("Đợt nhà").id)
    assert run("round", "pause", number).code == 0
    assert "đang tạm dừng gửi" in run("round", "status", number).out
    village.close(number)
    assert "tạm dừng" not in run("round", "status", number).out
    lan = village.resident("9001")
    await lan.says(hired(village)[1])
    await lan.says(f"/status {number}")
    assert "Trạng thái: đã đóng" in lan.read
