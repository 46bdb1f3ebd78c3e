"""kill -9 while residents answer: nothing is lost, nothing is stored twice, everybody finishes.

LANGNGHE_KILLS sets how often (20, on PostgreSQL 10; at night 200), LANGNGHE_SEED which moments; a failure names the
seed.
"""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from books import check_ballots, check_events, check_replies
from program import Program
from residents import CODES, Resident
from rings import SEED, how_often
from sqlalchemy import text, update

from standin import TelegramStandIn
from storage.database import Database
from storage.tables import Delivery

KILLS = how_often("LANGNGHE_KILLS", test=20, night=200)
KILLS_ON_POSTGRESQL = how_often("LANGNGHE_KILLS", test=10, night=200)  # starting again takes most of the time
AT_ONCE = 20  # residents who are answering
PATIENCE = 2.5  # seconds

pytestmark = pytest.mark.kills


@pytest.mark.parametrize(
    ("store", "mode"), [("sqlite", "polling"), ("sqlite", "webhook"), ("postgresql", "polling")], ids="{}".format
)
async def test_no_answer_is_lost_or_stored_twice_however_often_the_program_is_killed(
    store: str, mode: Literal["polling", "webhook"], request: pytest.FixtureRequest, tmp_path: Path
):
    url = f"sqlite:///{tmp_path}/langnghe.db" if store == "sqlite" else request.getfixturevalue("postgres_url")
    chance, kills = random.Random(SEED), KILLS if store == "sqlite" else KILLS_ON_POSTGRESQL
    async with TelegramStandIn() as telegram:
        program = Program(tmp_path, url, telegram, quick=True)
        await program.set_up_here()
        if mode == "webhook":
            program.use_webhook()
        arriving = Arriving(telegram, program.round_codes(), chance)
        begun = time.monotonic()
        async with program.running():
            living = [asyncio.create_task(arriving.live()) for _ in range(AT_ONCE)]
            for _ in range(kills):
                await kill_at_some_moment(program, telegram, chance)
            arriving.no_more = True
            await asyncio.gather(*living)
            await telegram.idle()
            await program.all_settled()
        residents = arriving.residents
        events = sum(resident.events for resident in residents)
        check_events(program, events)
        uncertain = check_replies(program, uncertain=events)
        check_ballots(program, residents)
        assert telegram.violations == []
    print(
        f"seed {SEED}, {store}, {mode}: {kills} kills, {len(residents)} residents, {events} events, 0 lost, 0 twice; "
        f"{sum(resident.nudges for resident in residents)} asked again, {uncertain} uncertain, "
        f"{time.monotonic() - begun:.1f} s"
    )


class Arriving:
    """Residents come one after the other, so that somebody is always in the middle of answering."""

    def __init__(self, telegram: TelegramStandIn, codes: dict[str, str], chance: random.Random) -> None:
        self._telegram = telegram
        self._codes = codes
        self._chance = chance
        self.residents: list[Resident] = []
        self.no_more = False

    async def live(self) -> None:
        """One resident after the other, until no more come; the last one finishes too."""
        while not self.no_more:
            await self._next().live()

    def _next(self) -> Resident:
        number = len(self.residents)
        chance = random.Random(f"{SEED} {number}")
        commune = chance.choice(list(CODES))
        language = chance.choice(["vi", "vi", "en", "km"])
        resident = Resident(
            phone=self._telegram.phone(600_000_000 + number, language_code=language),
            chance=chance,
            commune=commune,
            language=language,
            link=chance.choice(["", self._codes[commune]]),
            typing=chance.choice([0, 0.5, 1]),
            detours=0.05,
            changes=0.1,
            thinking=0.05,
            hasty=PATIENCE,
        )
        self.residents.append(resident)
        return resident


async def kill_at_some_moment(program: Program, telegram: TelegramStandIn, chance: random.Random) -> None:
    """kill -9 and start again: mostly in the middle of its work, sometimes while it starts."""
    if chance.random() < 0.1:
        await asyncio.sleep(chance.uniform(0, 0.5))
    else:
        await at_work(program, telegram, chance.randint(1, 40))
        await asyncio.sleep(chance.uniform(0, 0.02))
    program.kill()
    if program.url.startswith("postgres"):
        await let_leases_run_out(program)
    program.start()


async def at_work(program: Program, telegram: TelegramStandIn, messages: int, seconds: float = 60.0) -> None:
    """Wait until the program has sent so many messages: a busy machine only makes it slower."""
    sent, deadline = len(telegram.ledger), time.monotonic() + seconds
    while len(telegram.ledger) < sent + messages:
        assert program.pid
        assert time.monotonic() < deadline, f"too few messages in {seconds:g} s:\n{program.log[-3000:]}"
        await asyncio.sleep(0.005)


async def let_leases_run_out(program: Program) -> None:
    """On PostgreSQL other processes may be alive, so what a dead one had claimed waits for a minute: let it pass."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
    )
    past = datetime.now(UTC) - timedelta(seconds=1)
    database = Database(program.url)
    while database.read_now(lambda connection: connection.execute(others).scalar()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # the server still ends what the dead process had begun
    with database.transaction() as connection:
        connection.execute(update(Delivery).where(Delivery.state == "claimed").values(lease_until=past))
    database.close()
