"""A round in a universe of its own: people, Telegram, machines that die, a network that loses things.

Everything follows from the seed. `trace` is what happened, step by step; the judge reads what phones received.
"""

import asyncio
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from residents import Resident
from screens import FORM
from simulation.loop import VirtualLoop, run, seeded
from simulation.machine import Machine, Network
from sqlalchemy import insert, select

from faq.library import Library
from handlers.shared import SharedState
from standin import Limit, TelegramStandIn
from storage.database import Database
from storage.tables import Address, Delivery, Person, Round
from surveys.organisation import Organisation
from surveys.rounds.lifecycle import plan_reminders, schedule
from surveys.rounds.rounds import create_round, find_round
from surveys.rounds.send_policy import Sending
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import Vault
from surveys.unit_names import find_units

BEGIN = datetime(2026, 11, 2, 2, tzinfo=UTC)  # nine o'clock in Vietnam
# Early, since a machine looks every second for what is owed.
OPENS, REMINDS, CLOSES = timedelta(seconds=1), timedelta(seconds=7), timedelta(days=30)
AFTER = timedelta(seconds=6)  # the clock has looked for what is due by then
LONGEST = timedelta(hours=1)  # by then everything has been sent, whatever happened
COMMUNE, CODE = "Xã Thuận Hòa", "31582"
FIRST = 600_000_000  # Telegram's number of the first person
LIBRARY = Library(None)


@dataclass(frozen=True, slots=True)
class Faults:
    """How often (0 to 1) a request meets each."""

    refused: float = 0.0  # no connection: it was not sent
    lost: float = 0.0  # the connection breaks on the way there
    unheard: float = 0.0  # Telegram took it, the connection breaks on the way back
    silent: float = 0.0  # Telegram took it and never answers
    failing: float = 0.0  # 502, nothing happened
    flooded: float = 0.0  # 429


@dataclass(frozen=True, slots=True)
class Plan:
    """What a universe holds."""

    invited: int = 6
    blocked: int = 0  # of them, who have blocked the bot
    residents: int = 0  # who come by the link and answer
    machines: int = 1
    alone: bool = True  # as on SQLite: one process, which knows that whoever claimed before is gone
    reminder: bool = True
    rate: float = 30.0
    faults: Faults = Faults()
    crashes: Callable[[int], bool] = lambda _step: False
    restart_after: tuple[float, float] = (0.5, 3.0)  # seconds
    slow: float = 0.0  # how often an answer takes half a minute


class Universe:
    """One run. `history` tells two runs apart."""

    def __init__(self, seed: int | str, plan: Plan, template: Path, folder: Path) -> None:
        self.seed, self.plan = seed, plan
        self.chance = random.Random(str(seed))
        self.loop = VirtualLoop()
        self.vault = Vault(folder / "secrets")
        self.steps = self.crashes = 0
        self.trace: list[tuple[float, str, str]] = []
        self.residents: list[Resident] = []
        self._address = f"sqlite:///{folder / 'universe.db'}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, folder / "universe.db")
        self.database = Database(self._address, self.now)
        self._machines: list[Machine] = []
        self._booted = 0
        self._over = False
        self._settled_at = 0.0

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.loop.now)

    @property
    def history(self) -> list[Any]:
        return [*self.trace, *((sent.chat_id, sent.kind, sent.text, sent.moment) for sent in self.telegram.ledger)]

    def rows(self, *columns: Any, where: Any = None) -> list[Any]:
        query = select(*columns)
        return self.database.read_now(
            lambda connection: list(connection.execute(query if where is None else query.where(where)).all())
        )

    def run(self) -> "Universe":
        """From the opening of the round until everything is settled and everybody has finished."""
        with seeded(random.Random(f"{self.seed} keys")):
            run(self._live(), self.loop)
        self.database.close()
        return self

    # What happens.

    async def _live(self) -> None:
        limit = Limit(max(1, int(self.plan.rate)))
        self.telegram = TelegramStandIn(
            clock=lambda: self.now().timestamp(), chance=random.Random(f"{self.seed} telegram"), limit=limit
        )
        self._network = Network(self._carry)
        self._settle()
        code = self._schedule()
        for number in range(self.plan.machines):
            self._boot(inbound=number == 0 and self.plan.residents > 0)
        living = [asyncio.create_task(self._live_one(number, code)) for number in range(self.plan.residents)]
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await asyncio.gather(*living)
                await self._quiet()
        finally:
            self._over = True
            failures = [error for machine in self._machines for error in machine.failures()]
            for machine in self._machines:
                machine.kill()
        assert not failures, f"seed {self.seed}: a part of the program ended: {failures[:3]}"

    async def _quiet(self) -> None:
        """Wait until nothing is owed any more and the reminder's time is past."""
        planned = (REMINDS if self.plan.reminder else OPENS) + AFTER
        while self.loop.now < max(planned.total_seconds(), self._settled_at) or self._owed():  # noqa: ASYNC110
            await asyncio.sleep(1)

    def _owed(self) -> bool:
        return bool(self.telegram.pending or self.rows(Delivery.id, where=Delivery.state.in_(("pending", "claimed"))))

    def _settle(self) -> None:
        people, where = [], []
        for number in range(self.plan.invited):
            phone = self.telegram.phone(FIRST + number, written=True)
            if number < self.plan.blocked:
                phone._chat.blocked = True  # long ago: the bot was told in another life
            people.append(
                {
                    "id": 1 + number,
                    "language": "vi",
                    "consent": True,
                    "hamlet_asked": True,
                    "stopped": False,
                    "shown": [],
                    "created_at": BEGIN,
                    "seen_at": BEGIN,
                }
            )
            where.append(
                {
                    "channel": "telegram",
                    "address": str(FIRST + number),
                    "person_id": 1 + number,
                    "reachable": True,
                    "since": BEGIN,
                }
            )
        with self.database.transaction() as connection:
            home = find_units(connection, [CODE])[0]
            connection.execute(insert(Person), [{**person, "unit_id": home} for person in people])
            connection.execute(insert(Address), where)

    def _schedule(self) -> str:
        with self.database.transaction() as connection:
            number = create_round(
                connection,
                name="Đợt mô phỏng",
                form=FORM,
                rule=read_rule("xa-nang-cao-chua-xac-nhan"),
                units=find_units(connection, [CODE]),
                opens=BEGIN + OPENS,
                closes=BEGIN + CLOSES,
                counts="person",
                now=BEGIN,
            )
            schedule(connection, number, BEGIN)
            if self.plan.reminder:
                plan_reminders(connection, number, [BEGIN + REMINDS])
            return str(find_round(connection, number).code)

    async def _live_one(self, number: int, code: str) -> None:
        resident = self._resident(number, code)
        while not self.rows(Round.id, where=Round.state == "open"):  # noqa: ASYNC110
            await asyncio.sleep(1)
        await resident.live()

    def _resident(self, number: int, code: str) -> Resident:
        resident = Resident(
            phone=self.telegram.phone(FIRST + 1000 + number),
            chance=random.Random(f"{self.seed} resident {number}"),
            commune=COMMUNE,
            link=code,
            typing=0.0,  # typed words mean the question that stands, so whoever may hear late copies taps
            thinking=0.5,
            hasty=8.0,
        )
        self.residents.append(resident)
        return resident

    # Machines, and when they die.

    def _boot(self, *, inbound: bool) -> None:
        if self._over:
            return
        self._booted += 1
        self._settled_at = self.loop.now + AFTER.total_seconds()
        sending = Sending(rate=self.plan.rate)
        world = SharedState(
            Vault(self.vault._folder), Organisation("UBND xã mô phỏng"), library=LIBRARY, sending=sending
        )
        self._machines.append(
            Machine(
                f"machine-{self._booted}",
                self._address,
                world,
                self._network,
                now=self.now,
                chance=random.Random(f"{self.seed} machine {self._booted}"),
                step=self._step,
                sending=sending,
                alone=self.plan.alone,
                inbound=inbound,
            )
        )

    def _step(self, machine: Machine, point: str) -> None:
        if machine.dead:
            return
        self.steps += 1
        self.trace.append((self.loop.now, machine.name, point))
        if self.plan.crashes(self.steps):
            self.crashes += 1
            self.trace.append((self.loop.now, machine.name, "dies"))
            machine.kill()
            seconds = self.chance.uniform(*self.plan.restart_after)
            self._settled_at = self.loop.now + seconds + AFTER.total_seconds()
            self.loop.call_later(seconds, partial(self._boot, inbound=machine.inbound))

    # The network.

    async def _carry(self, method: str, parameters: dict[str, Any], patience: float) -> tuple[int, bytes]:
        chance, faults = self.chance, self.plan.faults
        await asyncio.sleep(chance.uniform(0.005, 0.08))
        if chance.random() < faults.refused:
            raise aiohttp.ConnectionTimeoutError
        if chance.random() < faults.lost:
            raise aiohttp.ServerDisconnectedError
        if chance.random() < faults.failing:
            return 502, b'{"ok":false,"error_code":502,"description":"Bad Gateway"}'
        if method == "sendMessage" and chance.random() < faults.flooded:
            return 429, (
                b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3",'
                b'"parameters":{"retry_after":3}}'
            )
        answer = await self.telegram.ask(method, parameters)
        if chance.random() < faults.unheard:
            raise aiohttp.ServerDisconnectedError
        if chance.random() < faults.silent:
            await asyncio.sleep(patience)
            raise aiohttp.SocketTimeoutError
        if chance.random() < self.plan.slow:
            await asyncio.sleep(patience * 0.9)
        await asyncio.sleep(chance.uniform(0.005, 0.08))
        return answer


def once(step: int) -> Callable[[int], bool]:
    """A crash at this step and never again."""
    return lambda number: number == step


def drawn(seed: int, template: Path, folder: Path) -> Universe:
    """A universe drawn by lot: how many people and machines, what fails how often, when machines die."""
    chance = random.Random(seed)
    rough = chance.choice((0.0, 0.02, 0.08))
    faults = Faults(*(chance.choice((0.0, rough)) for _ in range(6)))
    alone = chance.random() < 0.5
    dying, moments = chance.choice((0.0, 0.01, 0.04)), random.Random(f"{seed} crashes")
    restart_after, most = chance.choice((((0.5, 3.0), 12), ((5.0, 90.0), 3)))
    left = iter(range(most))  # deaths; then the machines are well, and everybody can finish

    def crashes(_step: int) -> bool:
        return moments.random() < dying and next(left, None) is not None

    plan = Plan(
        invited=chance.randint(3, 14),
        blocked=chance.randint(0, 3),
        residents=chance.choice((0, 1, 2)),
        machines=1 if alone else chance.randint(1, 3),
        alone=alone,
        rate=chance.choice((2.0, 30.0, 500.0)),
        faults=faults,
        crashes=crashes,
        restart_after=restart_after,
        slow=chance.choice((0.0, 0.02)),
    )
    return Universe(seed, replace(plan, reminder=chance.random() < 0.7), template, folder)
