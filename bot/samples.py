"""Sample rounds for trying the program: made-up hamlets, simulated residents, and rounds that say so."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, select

from bot.channels.web import WebChannel
from handlers.dispatch import dispatch
from handlers.messages import Choice, Inbound, Message
from handlers.shared import SharedState
from handlers.storing import load, store
from places.sample import COMMUNES, load_sample
from storage.database import Database
from storage.tables import Round
from surveys.closing.closing import close_for_good
from surveys.forms.xlsform import read_form, shipped_forms
from surveys.local_time import VIETNAM
from surveys.rounds.lifecycle import publish
from surveys.rounds.rounds import create_round, find_round, open_round
from surveys.rounds.send_policy import Windows
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import Vault
from surveys.unit_names import find_units

FORM = "ntm-hai-long"
RULE = "xa-nang-cao-chua-xac-nhan"
OPEN = {
    "31582": "Đợt mẫu: hài lòng nông thôn mới, xã Thuận Hòa",
    "31615": "Đợt mẫu: hài lòng nông thôn mới, xã An Thạnh",
}
CLOSED = "Đợt mẫu đã đóng: hài lòng nông thôn mới, Thuận Hòa và An Thạnh (phiếu mô phỏng)"
RESIDENTS = 420
WAVES = 60  # a resident who has not finished by then has left half-way


def make_sample(database: Database, vault: Vault, now: datetime, windows: Windows | None = None) -> list[str]:
    """Sample units and two open rounds, one for each pilot commune; what is there stays. Returns new names.

    `windows`: where people who live there may be written to.
    """
    made = []
    with database.transaction() as connection:
        load_sample(connection)
        for code, name in OPEN.items():
            if not _there(connection, name):
                _make_round(connection, vault, name, [code], now, _evening(now + timedelta(days=30)), now, windows)
                made.append(name)
    return made


def make_closed_round(database: Database, shared: SharedState, now: datetime) -> int:
    """A published round whose ballots came through the real conversation from simulated residents.

    Returns the number of ballots; 0 when the round is there already.
    """
    begun = now - timedelta(days=20)
    with database.transaction() as connection:
        load_sample(connection)
        if _there(connection, CLOSED):
            return 0
        closes, windows = now - timedelta(days=10), shared.sending.windows
        key = _make_round(connection, shared.vault, CLOSED, COMMUNES, begun, closes, begun, windows)
        shared.refresh(connection, now=begun)
        simulate(connection, shared, find_round(connection, key).code, RESIDENTS, begun)
    ballots = int(close_for_good(database, shared.vault, key, by="Cán bộ mẫu A", witness="Cán bộ mẫu B").ballots)
    with database.transaction() as connection:
        publish(connection, key)
    return ballots


def simulate(
    connection: Connection, shared: SharedState, code: str, residents: int, now: datetime, seed: int = 84
) -> None:
    """Residents answer a round as people do: most to the end, a few stop half-way, some say no."""
    chance = random.Random(seed)
    people = [_Resident(f"sim{number:08d}", chance) for number in range(residents)]
    said = [person.start(code, now) for person in people]
    for _ in range(WAVES):
        visits = load(connection, shared, said, now)
        for visit in visits:
            dispatch(visit)
        store(connection, visits)
        answers = {visit.inbound.address: visit.replies[-1] for visit in visits}
        said = [
            inbound
            for person in people
            if person.address in answers and (inbound := person.answer(answers[person.address], now))
        ]
        if not said:
            break


class _Resident:
    """Somebody made up: where they live, how content they are, whether they finish."""

    def __init__(self, address: str, chance: random.Random) -> None:
        self.address = address
        self._chance = chance
        self._content = chance.betavariate(18, 1)  # mostly near 1, as published results are
        self._patience = chance.randint(0, 8) if chance.random() < 0.05 else WAVES
        self._agrees = chance.random() > 0.02
        self._steps = 0

    def start(self, code: str, now: datetime) -> Inbound:
        return self._inbound("start", now, start_payload=code)

    def answer(self, message: Message, now: datetime) -> Inbound | None:
        """The next thing said; None when finished or out of patience."""
        self._steps += 1
        bodies = {choice.token.split(":")[0] for choice in message.choices}
        if self._steps > self._patience or "review" in bodies:
            return None
        if "consent" in bodies:
            if not self._agrees and message.title == "":
                return None
            return self._press(message.choices[0 if self._agrees else 1], now)
        if "skip" in bodies and message.accepts:
            return self._press(next(each for each in message.choices if each.token.startswith("skip")), now)
        options = [choice for choice in message.choices if not choice.aside]
        if not options:
            return None
        if "pick" in bodies and len(options) == 2:
            return self._press(options[0 if self._chance.random() < self._content else 1], now)
        return self._press(self._chance.choice(options), now)

    def _press(self, choice: Choice, now: datetime) -> Inbound:
        return self._inbound("choice", now, choice=choice.token)

    def _inbound(self, kind: Any, now: datetime, **fields: Any) -> Inbound:
        return Inbound(WebChannel.name, self.address, f"{self.address}-{self._steps}", kind, now, **fields)


def _evening(moment: datetime) -> datetime:
    """17:00 of that day, Vietnamese time."""
    return moment.astimezone(VIETNAM).replace(hour=17, minute=0, second=0, microsecond=0).astimezone(UTC)


def _make_round(
    connection: Connection,
    vault: Vault,
    name: str,
    codes: Any,
    opens: datetime,
    closes: datetime,
    now: datetime,
    windows: Windows | None,
) -> int:
    key = create_round(
        connection,
        name=name,
        form=read_form(shipped_forms()[FORM]),
        rule=read_rule(RULE),
        units=find_units(connection, list(codes)),
        opens=opens,
        closes=closes,
        counts="person",
        now=now,
        sample=True,
    )
    open_round(connection, vault, key, now, windows=windows)
    return key


def _there(connection: Connection, name: str) -> bool:
    return bool(connection.execute(select(exists().where(Round.name == name))).scalar())
