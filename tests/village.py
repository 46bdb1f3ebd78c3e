"""Two communes with open rounds on a real database, and residents who talk to the program through its inbox."""

import asyncio
import secrets
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select, update

from bot.channels.console import ConsoleChannel
from bot.channels.raw import Raw
from bot.channels.web import WebChannel
from bot.inbox.inbox import Inbox
from faq.content.entries import load_entries, load_none_examples
from faq.library import Library
from faq.search.index import Index
from handlers.fitting import plan
from handlers.messages import Capabilities, Choice, Inbound, Message, Part, Unreadable
from handlers.shared import SharedState
from places.register.households import Known
from places.register.issuing import Issued, issue
from places.sample import load_sample
from storage.database import Database
from storage.schema import upgrade
from storage.tables import Address, Ballot, Base, Delivery, Event, Household, Person, Round
from surveys.closing.closing import close_for_good
from surveys.forms.form import Form, Option, Question
from surveys.organisation import Organisation
from surveys.rounds.rounds import create_round, find_round, open_round
from surveys.rounds.send_policy import Sending
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.cipher import SEALED, Cipher
from surveys.secrecy.vault import Vault
from surveys.unit_names import find_units

SEALS = (Ballot, Delivery, Event)  # tables that hold something under seal
THUAN_HOA, AN_THANH = "31582", "31615"
TOPICS = (
    *("residence-registration", "residence-confirmation", "birth-registration", "marriage-registration", "id-card"),
    *("qr-payment", "scam-victim", "vneid-register-level2", "vneid-forgot-password", "free-wifi", "feedback-complaint"),
)
YES_NO = (
    Option("co", {"vi": "Hài lòng", "en": "Satisfied"}, True),
    Option("khong", {"vi": "Chưa hài lòng", "en": "Not satisfied"}, False),
)
WISHES = (
    Option("den", {"vi": "Đèn đường", "en": "Street lamps"}),
    Option("nuoc", {"vi": "Nước sạch", "en": "Clean water"}),
    Option("cho", {"vi": "Chợ", "en": "A market"}),
)
FORM = Form(
    name="phieu-thu",
    title={"vi": "Phiếu thử"},
    languages=("vi", "en"),
    questions=(
        Question(
            "duong",
            "select_one",
            {"vi": "Đường sá thế nào?", "en": "How are the roads?"},
            required=True,
            options=YES_NO,
            role="content",
        ),
        Question("can", "select_multiple", {"vi": "Xã cần gì trước?"}, options=WISHES),
        Question(
            "nguoi",
            "integer",
            {"vi": "Nhà mấy người?"},
            required=True,
            constraint=". >= 1 and . <= 30",
            constraint_message={"vi": "Từ 1 đến 30 người thôi nghen."},
        ),
        Question("ngay", "date", {"vi": "Ngày dọn về đây?"}),
        Question("ly_do", "text", {"vi": "Vì sao chưa hài lòng?"}, relevant="$duong = 'khong'", role="reason"),
        Question(
            "chung",
            "select_one",
            {"vi": "Nói chung có hài lòng không?"},
            required=True,
            options=YES_NO,
            role="overall",
        ),
    ),
)


class PhoneChannel:
    """A messaging app with buttons, in memory: understands what residents do, keeps what was sent."""

    name = "telegram"
    capabilities = Capabilities(text_limit=4096, button_limit=100, label_limit=64, edit=True)

    def __init__(self) -> None:
        self.sent: list[tuple[str, Part]] = []
        self.troubles: list[Exception] = []  # what the next sends raise

    def read(self, raw: Any) -> Inbound:
        if not isinstance(raw, dict) or "kind" not in raw:
            raise Unreadable("nonsense")
        return Inbound(
            channel=self.name,
            address=raw["address"],
            event_key=raw["key"],
            kind=raw["kind"],
            occurred_at=datetime.fromisoformat(raw["at"]) if "at" in raw else datetime.now(UTC),
            text=raw.get("text", ""),
            choice=raw.get("choice", ""),
            start_payload=raw.get("start", ""),
            language=raw.get("language", ""),
            message_ref=raw.get("ref", ""),
            silent=raw.get("silent", False),
            edited=raw.get("edited", False),
            borrowed=raw.get("borrowed", False),
            pictured=raw.get("pictured", False),
            replies_to=raw.get("replies_to", ""),
        )

    async def send(self, address: str, part: Part) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((address, part))
        return str(len(self.sent))


# "zalo" is an app without a phone here: somebody may have written from it.
ABLE = {each.name: each.capabilities for each in (PhoneChannel, ConsoleChannel, WebChannel)}
ABLE["zalo"] = PhoneChannel.capabilities


class Village:
    """The program around one database."""

    def __init__(self, url: str, folder: Path, index: Index | None = None) -> None:
        self.url = url
        self.folder = folder
        self.database = Database(url)
        self.vault = Vault(folder / "secrets")
        self.shared = SharedState(
            self.vault,
            Organisation("UBND xã thử", "nhà văn hóa ấp", "một năm"),
            library=Library(index),
            sending=Sending(windows={name: able.window for name, able in ABLE.items() if able.can_push}),
            capabilities=ABLE,
        )
        self.phone = PhoneChannel()
        self.inbox = self.another_inbox()

    def another_inbox(self, database: Database | None = None, shared: SharedState | None = None) -> Inbox:
        channels = {"telegram": self.phone, "console": ConsoleChannel(), "web": WebChannel()}
        return Inbox(database or self.database, shared or self.shared, channels)

    def draft(
        self,
        name: str,
        *,
        units: Sequence[str] = (THUAN_HOA,),
        form: Form = FORM,
        days: float = 30,
        counts: str = "person",
        self_declared: bool = False,
    ) -> Any:
        """A new draft round's row."""
        now = datetime.now(UTC)
        with self.database.transaction() as connection:
            number = create_round(
                connection,
                name=name,
                form=form,
                rule=read_rule("xa-nang-cao-chua-xac-nhan"),
                units=find_units(connection, units),
                opens=now,
                closes=now + timedelta(days=days),
                counts=counts,
                now=now,
                self_declared=self_declared,
            )
            return find_round(connection, number)

    def households(self, *numbers: str, hamlet: str = f"{THUAN_HOA}/Ấp 1 (mẫu)") -> list[Issued]:
        """Households of a hamlet, each with the code on its card."""
        unit, now = self.unit(hamlet), datetime.now(UTC)
        rows = [
            {"id": secrets.randbits(62), "unit_id": unit, "number": number, "note": "", "sample": False}
            for number in numbers
        ]
        with self.database.transaction() as connection:
            connection.execute(insert(Household), rows)
            known = [Known(row["id"], unit, row["number"]) for row in rows]
            return issue(connection, self.shared.key, known, "card", now)

    def open(self, key: str | int) -> int:
        """Open a round; returns the number of invitations."""
        with self.database.transaction() as connection:
            return open_round(connection, self.vault, key, datetime.now(UTC), windows=self.shared.sending.windows)

    def round(self, name: str = "Đợt thử", **values: Any) -> Any:
        """An open round's row."""
        row = self.draft(name, **values)
        self.open(row.id)
        return row

    def close(self, key: str | int) -> int:
        """Close a round for good; returns the number of ballots."""
        return int(close_for_good(self.database, self.vault, key, by="Nguyễn Văn Một", witness="Trần Thị Hai").ballots)

    def overdue(self, key: int) -> None:
        """Let a round's closing time pass."""
        with self.database.transaction() as connection:
            past = datetime.now(UTC) - timedelta(minutes=1)
            connection.execute(update(Round).where(Round.id == key).values(closes_at=past))

    def unit(self, name: str) -> int:
        return self.database.read_now(lambda connection: find_units(connection, [name])[0])

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table, in the order of their keys, with what is sealed in the clear."""
        columns = table.__table__
        rows = list(
            self.database.read_now(
                lambda connection: connection.execute(select(columns).order_by(*columns.primary_key)).all()
            )
        )
        return [self._unsealed(table.__tablename__, row) for row in rows] if table in SEALS else rows

    def _unsealed(self, table: str, row: Any) -> SimpleNamespace:
        values = dict(row._mapping)
        if SEALED in values.get("answers", ()):
            code = next(each.code for each in self.rows(Round) if each.id == row.round_id)
            values["answers"] = Cipher(self.vault.round_secret(code)).decrypt(row.tag, row.answers)
        if values.get("payload"):
            values["payload"] = self.shared.message_cipher.decrypt(table.encode(), row.payload)
        return SimpleNamespace(**values)

    def resident(self, address: str = "1001", channel: str = "telegram", language: str = "vi") -> "Resident":
        return Resident(self, address, channel, language)

    def settle(self, *addresses: str, unit: str = THUAN_HOA, **person: Any) -> None:
        """People who agreed long ago and live in a commune, one with each address."""
        home, now = self.unit(unit), datetime.now(UTC)
        people = [
            {
                "id": int(address) + 7_000_000,
                "language": "vi",
                "consent": True,
                "unit_id": home,
                "hamlet_asked": True,
                "stopped": False,
                "shown": [],
                "created_at": now,
                "seen_at": now,
                **person,
            }
            for address in addresses
        ]
        where = [
            {"channel": "telegram", "address": address, "person_id": row["id"], "reachable": True, "since": now}
            for address, row in zip(addresses, people, strict=True)
        ]
        with self.database.transaction() as connection:
            connection.execute(insert(Person), people)
            connection.execute(insert(Address), where)


@dataclass
class Resident:
    """Somebody who writes, taps what is on offer, and remembers what was answered."""

    village: Village
    address: str
    channel: str
    language: str
    heard: list[Message] = field(default_factory=list)
    inbox: Inbox | None = None  # the village's own, unless another machine of it is meant

    @property
    def last(self) -> Message:
        return self.heard[-1]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.last.choices]

    @property
    def read(self) -> str:
        """Everything the last answer shows, as text."""
        parts = plan(self.last, self.village.inbox._channels[self.channel].capabilities)
        shown = [piece for part in parts for piece in (part.title, part.text, part.note) if piece]
        return "\n".join([*shown, *(f"[{choice.label}]" for choice in parts[-1].buttons)])

    async def does(self, key: str = "", **what: Any) -> Message:
        raw = {
            "key": key or uuid.uuid4().hex,
            "address": self.address,
            "language": self.language,
            "at": datetime.now(UTC).isoformat(),
            **what,
        }
        self.heard += await (self.inbox or self.village.inbox).converse(
            self.channel, [Raw(raw["key"], self.address, raw)]
        )
        return self.last

    async def says(self, text: str) -> Message:
        return await self.does(kind="text", text=text)

    async def starts(self, payload: str = "") -> Message:
        if self.channel == "console":
            return await self.says(f"/start {payload}")
        return await self.does(kind="start", start=payload)

    async def stops(self) -> Message:
        return await self.does(kind="stop", text="/stop")

    def button(self, label: str) -> Choice:
        return next(choice for choice in self.last.choices if choice.label == label)

    async def taps(self, *labels: str) -> Message:
        for label in labels:
            await self.presses(self.button(label).token)
        return self.last

    async def presses(self, token: str) -> Message:
        return await self.does(kind="choice", choice=token, ref="m1")

    async def enters(self, code: str, hamlet: str = "Ấp 1 (mẫu)") -> Message:
        """Follow a round's link, agree, say where they live: the first question."""
        await self.starts(code)
        return await self.taps("Đồng ý", hamlet)

    async def finishes(self, code: str, *, road: str = "Hài lòng", overall: str = "Hài lòng") -> Message:
        """Answer the whole of `FORM`."""
        await self.enters(code)
        await self.taps(road, "Đèn đường", "Xong câu này")
        await self.says("4")
        await self.taps("Bỏ qua")
        if road != "Hài lòng":
            await self.says("đường hư")
        return await self.taps(overall)


def answers(village: Village) -> list[dict[str, Any]]:
    """What lies in the ballots."""
    return [row.answers for row in village.rows(Ballot)]


async def until(reached: Any, timeout: float = 10.0) -> None:  # noqa: ASYNC109 (a test's own limit)
    """Wait until a condition holds."""
    async with asyncio.timeout(timeout):
        while not reached():  # noqa: ASYNC110 (what is waited for is in the database)
            await asyncio.sleep(0.01)


# Fixtures: a database is migrated and filled once a process.


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "village.db"
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def filled_postgres(postgres: str) -> str:
    """A URL of its own: `filled_url` empties everything but the units before each test."""
    name = f"filled{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    head, _, query = postgres.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    _fill(url)
    return url


def _fill(url: str) -> None:
    upgrade(url)
    database = Database(url)
    with database.transaction() as connection:
        load_sample(connection)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the sample units, on each store in turn."""
    if request.param == "sqlite":
        path = tmp_path / "village.db"
        shutil.copy(request.getfixturevalue("filled_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("filled_postgres")
    emptied = [table.name for table in Base.metadata.sorted_tables if table.name not in ("unit", "former_unit")]
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {', '.join(emptied)} RESTART IDENTITY")
    yield url


@pytest.fixture(scope="session")
def few_topics() -> Index:
    """A search that knows some topics, and what is of no topic: built in seconds."""
    entries = [entry for entry in load_entries() if entry.id in TOPICS]
    return Index.build(entries, load_none_examples()[::2])


@pytest.fixture
def one_village(filled_sqlite: Path, tmp_path: Path, few_topics: Index) -> Iterator[Village]:
    """On SQLite alone, where the store makes no difference."""
    shutil.copy(filled_sqlite, tmp_path / "village.db")
    village = Village(f"sqlite:///{tmp_path / 'village.db'}", tmp_path, few_topics)
    yield village
    village.database.close()


@pytest.fixture
def village(filled_url: str, tmp_path: Path, few_topics: Index) -> Iterator[Village]:
    village = Village(filled_url, tmp_path, few_topics)
    yield village
    village.database.close()
