"""After the close nothing that is left anywhere links a ballot to its person better than chance does."""

import random
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import scipy
import structlog
from attacks import Attack, files_of, found_by_chance, offsets
from sqlalchemy import select, text, update
from village import YES_NO, Village

from bot.channels.raw import Raw
from handlers.messages import Message
from storage.retention import blur_timestamps
from storage.tables import Address, Ballot, Delivery, Interview
from surveys.forms.form import Form, Question
from surveys.secrecy.vault import ballot_tag

pytestmark = pytest.mark.both_stores

PEOPLE = 300
FORM = Form(
    name="lien-he",
    title={"vi": "Thử"},
    languages=("vi",),
    questions=(
        Question("duong", "select_one", {"vi": "Đường?"}, required=True, options=YES_NO, role="content"),
        Question("vi_sao", "text", {"vi": "Vì sao?"}, relevant="$duong = 'khong'", required=True, role="reason"),
        Question("so", "integer", {"vi": "Số?"}, required=True),  # everybody's own, so that a link can be told
    ),
)


@dataclass
class Story:
    """A round as it went: who came, in which order, and what each of them answered."""

    code: str
    key: int
    secret: bytes
    arrivals: list[int] = field(default_factory=list)  # person's numbers
    said: dict[int, bytes] = field(default_factory=dict)  # person -> their own number, as the ballot holds it
    unhappy: dict[int, bool] = field(default_factory=dict)
    logs: list[Any] = field(default_factory=list)


class Phone:
    """A resident whose events wait in the inbox and whose replies are owed, as on Telegram."""

    def __init__(self, village: Village, address: str) -> None:
        self._village, self._address, self._events = village, address, 0

    async def does(self, **what: Any) -> Message:
        self._events += 1
        key = f"{self._address}-{self._events}-{random.random()}"
        raw = {"key": key, "address": self._address, "language": "vi", **what}
        await self._village.inbox.accept("telegram", [Raw(key, self._address, raw)])
        await self._village.inbox.work("telegram")
        with self._village.database.transaction() as connection:
            mine = Delivery.address == self._address, Delivery.state == "pending"
            payload = connection.execute(select(Delivery.payload).where(*mine).order_by(Delivery.id.desc())).scalar()
            sent = {"state": "sent", "payload": None, "settled_at": datetime.now(UTC)}
            connection.execute(update(Delivery).where(*mine).values(sent))
        return Message.from_dict(self._village.shared.message_cipher.decrypt(b"delivery", payload))

    async def taps(self, message: Message, label: str) -> Message:
        token = next(choice.token for choice in message.choices if choice.label == label)
        return await self.does(kind="choice", choice=token, ref="m1")


async def live(village: Village, people: int) -> Story:
    """So many residents answer a round one after another: the easiest case for whoever wants to link."""
    row = village.round(form=FORM)
    story = Story(row.code, row.id, village.vault.round_secret(row.code))
    chance = random.SystemRandom()
    with structlog.testing.capture_logs() as logs:
        for place in range(people):
            number, unhappy = 100_000_000 + chance.randrange(10**8) * 8 + place % 8, chance.random() < 0.5
            phone = Phone(village, f"{500_000 + place}")
            shown = await phone.does(kind="start", start=row.code)
            shown = await phone.taps(shown, "Đồng ý")
            shown = await phone.taps(shown, "Ấp 1 (mẫu)")
            shown = await phone.taps(shown, "Chưa hài lòng" if unhappy else "Hài lòng")
            if unhappy:
                await phone.does(kind="text", text="đường lầy")
            await phone.does(kind="text", text=str(number))
            with village.database.transaction() as connection:
                person = connection.execute(
                    select(Address.person_id).where(Address.address == f"{500_000 + place}")
                ).scalar_one()
            story.arrivals.append(person)
            story.said[person], story.unhappy[person] = str(number).encode(), unhappy
    story.logs = logs
    assert len(set(story.said.values())) == people
    return story


def ordered(village: Village, statement: str) -> list[Any]:
    with village.database.engine.connect() as connection:
        return list(connection.execute(text(statement)).scalars())


# Every order in which people stand somewhere.
PEOPLE_BY = {
    "sqlite": (
        "SELECT person_id FROM interview ORDER BY rowid",
        "SELECT id FROM person ORDER BY rowid",
    ),
    "postgresql": (
        "SELECT person_id FROM interview ORDER BY ctid",
        "SELECT person_id FROM interview ORDER BY xmin::text::bigint",
        "SELECT id FROM person ORDER BY ctid",
        "SELECT id FROM person ORDER BY xmin::text::bigint",
    ),
    "both": (
        "SELECT person_id FROM interview ORDER BY submitted_at",
        "SELECT person_id FROM interview ORDER BY started_at",
        "SELECT person_id FROM address ORDER BY since",
        "SELECT person_id FROM consent ORDER BY id",
        "SELECT id FROM person ORDER BY seen_at",
        "SELECT id FROM person ORDER BY id",
        "SELECT person_id FROM delivery WHERE person_id > 0 ORDER BY id",
    ),
}
# Every order in which ballots stand somewhere.
BALLOTS_BY = {
    "sqlite": ("SELECT answers FROM ballot", "SELECT answers FROM ballot ORDER BY tag"),
    "postgresql": (
        "SELECT answers::text FROM ballot ORDER BY ctid",
        "SELECT answers::text FROM ballot ORDER BY xmin::text::bigint, ctid",
        "SELECT answers::text FROM ballot ORDER BY tag",
    ),
}


def attacks(village: Village, story: Story) -> list[Attack]:
    store = village.database.dialect
    people = {"order of arrival": story.arrivals}
    people |= {query: ordered(village, query) for query in (*PEOPLE_BY[store], *PEOPLE_BY["both"])}
    own = list(story.said.values())
    lying: dict[str, list[bytes]] = {
        query: [next(one for one in own if one in each.encode()) for each in ordered(village, query)]
        for query in BALLOTS_BY[store]
    }
    for path, places in offsets(files_of(village.database), own).items():
        lying[f"bytes of {path.name}"] = [word for _, word in places]
    return [
        Attack(f"{who} × {where}", numbers, words) for who, numbers in people.items() for where, words in lying.items()
    ]


@pytest.fixture
async def story(village: Village) -> Story:
    return await live(village, PEOPLE)


@pytest.mark.slow
@pytest.mark.own_server
async def test_nothing_that_is_left_after_a_close_links_a_ballot_to_its_person(village: Village, story: Story) -> None:
    """Row order, rowid, ctid, xmin, the bytes of files and write-ahead logs, inbox, ledger, logs, backups, times."""
    own, old = list(story.said.values()), [ballot_tag(story.secret, person) for person in story.arrivals]
    # While the round is open: no answer in any byte of the store, and so in no backup of it.
    assert offsets(files_of(village.database), [*own, "đường lầy".encode()]) == {}
    copies = [_copy(village)]
    assert village.close(story.key) == PEOPLE
    with village.database.transaction() as connection:
        blur_timestamps(connection, datetime.now(UTC) + timedelta(minutes=3))
    copies.append(_copy(village))

    lying = offsets(copies, own)
    backups = [Attack("a backup", story.arrivals, [word for _, word in lying.get(copy, [])]) for copy in copies]
    assert found_by_chance([*attacks(village, story), *backups], story.said) == []
    assert offsets([copies[0]], own) == {} and offsets([copies[1]], old) == {}
    assert not [tag for tag in village.rows(Ballot) if tag.tag in old]

    # What hints at an answer without naming a ballot: how many steps and how long somebody took.
    replies = {row.person_id for row in village.rows(Delivery) if row.kind == "reply"}
    assert replies == {0}, "the ledger counts each person's steps"
    events = ordered(village, "SELECT DISTINCT received_at FROM inbox")
    assert len(events) <= 2 and not [each for each in ordered(village, "SELECT address FROM inbox") if each]
    assert _hints(village, story) == []

    logged = repr(story.logs)
    assert not [word for word in (*(each.decode() for each in own), *map(str, story.arrivals)) if word in logged]


def _copy(village: Village) -> Path:
    """A backup: SQLite's own, or what a dump of PostgreSQL holds, row by row as they lie."""
    path = village.folder / f"backup-{random.random()}"
    if village.database.dialect == "sqlite":
        source, target = sqlite3.connect(str(village.database.engine.url.database)), sqlite3.connect(path)
        source.backup(target)
        source.close()
        target.close()
        return path
    with village.database.engine.connect() as connection, path.open("wb") as file:
        raw: Any = connection.connection.driver_connection
        for table in ("person", "address", "consent", "interview", "ballot", "receipt", "tally", "inbox", "delivery"):
            with raw.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for chunk in copy:
                    file.write(chunk)
    return path


def _hints(village: Village, story: Story) -> list[str]:
    """Figures of each person's that go with being unhappy more than chance lets them."""
    lasted = {
        row.person_id: (row.submitted_at - row.started_at).total_seconds()
        for row in village.database.read_now(
            lambda connection: connection.execute(
                select(Interview.person_id, Interview.started_at, Interview.submitted_at)
            ).all()
        )
    }
    figures = {"time taken": lasted}
    if village.database.dialect == "postgresql":  # events between one person's last write and the next one's
        figures["transactions"] = _gaps(
            ordered(village, "SELECT person_id FROM interview ORDER BY xmin::text::bigint"),
            ordered(village, "SELECT xmin::text::bigint FROM interview ORDER BY 1"),
        )
    hints = []
    for name, values in figures.items():
        pairs = [(values[person], story.unhappy[person]) for person in story.arrivals if person in values]
        if len({value for value, _ in pairs}) > 1:
            told, unhappy = zip(*pairs, strict=True)
            correlation = scipy.stats.pearsonr(told, [float(each) for each in unhappy]).statistic
            if abs(correlation) * len(pairs) ** 0.5 > 4:
                hints.append(f"{name}: {correlation:.2f}")
    return hints


def _gaps(people: list[int], moments: list[int]) -> dict[int, float]:
    return {person: after - before for person, before, after in zip(people[1:], moments, moments[1:], strict=False)}


def test_the_attacks_find_what_is_there_to_be_found() -> None:
    """Against a store that keeps the order of arrival they link everybody."""
    truth = {person: str(person).encode() for person in range(PEOPLE)}
    naive = Attack("row numbers", list(truth), list(truth.values()))
    assert len(found_by_chance([naive], truth)) == 2
    later = Attack("a few dropped", list(truth), list(truth.values())[3:])
    assert found_by_chance([later], truth) == ["a few dropped: the orders are alike, 1.00"]
    mixed = list(truth.values())
    random.Random(3).shuffle(mixed)
    assert found_by_chance([Attack("shuffled", list(truth), mixed)], truth) == []
