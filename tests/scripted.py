"""A small conversation at the seam of the pages, in memory, and a site with data around it.

It behaves as the real one does towards pages: nothing before the first answer, one event a key, the question that
stands follows from what was answered.
"""

import secrets
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from argon2 import PasswordHasher
from sqlalchemy import Connection, insert, text

from bot.channels.web import WebChannel
from bot.clock import checkpoint
from handlers.messages import Choice, Message
from storage.database import Database
from storage.schema import head
from storage.tables import Address, Ballot, Base, FormVersion, Person, Round, RoundUnit, Staff, Unit
from storage.tables import Interview as InterviewRow
from surveys.forms.xlsform import read_form, shipped_forms
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import Vault
from web.site import UnknownCode, WebDependencies, build

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "mật khẩu dài và khó đoán"
CODE, OTHER_CODE = "thuanhoa26", "anthanh26"
CONTENT = ("quy_hoach", "duong_sa", "dien_nuoc", "truong_hoc", "y_te", "van_hoa", "moi_truong", "lam_an", "can_bo")
GOOD, BAD = "hai_long", "chua_hai_long"
HASH = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)  # fast, for tests

QUESTIONS = (
    Message(
        title="Bà con có hài lòng về đường giao thông của xã, ấp không?",
        text="",
        choices=(Choice("road-1", "Hài lòng"), Choice("road-0", "Không hài lòng")),
        progress=(1, 4),
    ),
    Message(
        title="Điều gì cần làm tốt hơn?",
        text="Có thể chọn nhiều ý.",
        note="Câu 2/4 · Bấm “Xong câu này” khi đã chọn đủ.",
        choices=(
            Choice("pick-light", "Đèn đường"),
            Choice("pick-water", "Nước sạch"),
            Choice("done", "Xong câu này"),
            Choice("back", "◀ Quay lại", aside=True),
        ),
        progress=(2, 4),
    ),
    Message(title="Nhà mình có mấy người?", text="", accepts="number", progress=(3, 4)),
    Message(
        title="Bà con muốn góp ý gì thêm?",
        text="",
        accepts="text",
        choices=(Choice("skip", "Bỏ qua", aside=True),),
        progress=(4, 4),
    ),
)
FAQ = Message(
    title="Đăng ký khai sinh trên mạng",
    text="1. Mở https://dichvucong.gov.vn và đăng nhập bằng VNeID.\n2. Chọn “Đăng ký khai sinh”.\n"
    "3. Điền tờ khai, đính kèm giấy chứng sinh rồi gửi.",
    note="Bài mẫu để thử trang.",
    choices=(Choice("useful", "Có ích"), Choice("useless", "Chưa đúng ý mình")),
)


@dataclass
class Respondent:
    answers: list[str] = field(default_factory=list)
    picked: set[str] = field(default_factory=set)
    code: str = ""


class ScriptedConversation:
    """Consent, four questions, thanks; and one answer to whatever is asked in the chat."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.events: list[Any] = []  # every Inbound that was handled, in order
        self.bodies: list[bytes] = []
        self.fails = False
        self._keys: set[str] = set()
        self._people: dict[str, Respondent] = {}

    async def converse(self, channel: str, raws: Sequence[dict[str, Any]]) -> list[Message]:
        if self.fails:
            raise RuntimeError("a secret answer")
        replies: list[Message] = []
        for raw in raws:
            inbound = WebChannel().read(raw)
            if inbound.event_key not in self._keys:
                self._keys.add(inbound.event_key)
                self.events.append(inbound)
                replies = [self._handle(inbound)]
                await self.database.write(lambda connection, who=inbound.address: self._store(connection, who))
        return replies

    async def current(
        self, channel: str, address: str, code: str, language: str, at: int | None = None
    ) -> Message | None:
        if code not in ("", CODE, OTHER_CODE):
            raise UnknownCode
        return self._stand(self._people.get(address))

    async def accept(self, channel: str, body: bytes) -> None:
        if self.fails:
            raise RuntimeError("a secret answer")
        self.bodies.append(body)

    def _handle(self, inbound: Any) -> Message:
        person = self._people.setdefault(inbound.address, Respondent())
        if inbound.kind == "start":
            person.code = inbound.start_payload
        elif inbound.text and not person.code:
            return FAQ
        elif not self._advance(person, inbound):
            stands = self._stand(person)
            return replace(stands, text="Mình chưa hiểu. Bà con chọn lại giúp mình.")
        return self._stand(person)

    def _advance(self, person: Respondent, inbound: Any) -> bool:
        standing = self._stand(person)
        known = any(choice.token == inbound.choice for choice in standing.choices)
        if inbound.choice.startswith("pick-") and known:
            person.picked ^= {inbound.choice}
        elif inbound.choice == "back" and known:
            person.answers.pop()
        elif known or (inbound.text and standing.accepts and (standing.accepts == "text" or inbound.text.isdigit())):
            person.answers.append(inbound.choice or inbound.text)
        else:
            return False
        return True

    def _stand(self, person: Respondent | None) -> Message:
        if person is None or not person.answers:
            return Message(
                title="Xin chào bà con!",
                text="Mình là Lắng Nghe, máy trả lời tự động của xã.\n\n• Câu trả lời được giữ kín.\n"
                "• Không trả lời cũng không sao.\n\nBà con có đồng ý không?",
                choices=(Choice("yes", "Đồng ý"), Choice("no", "Không đồng ý")),
                scene="consent",
            )
        if len(person.answers) > len(QUESTIONS):
            return Message(title="Cảm ơn bà con, phiếu đã được ghi nhận!", text="Bà con đã trả lời xong.", scene="sent")
        question = QUESTIONS[len(person.answers) - 1]
        ticked = (replace(choice, selected=choice.token in person.picked) for choice in question.choices)
        return replace(question, choices=tuple(ticked))

    def _store(self, connection: Connection, address: str) -> None:
        person = self._people[address]
        if not person.code:
            return
        found = connection.execute(Address.__table__.select().where(Address.address == address)).first()
        if found is None:
            person_id = secrets.randbits(60)
            asked = {"round_id": 1, "person_id": person_id}
            kept = {"language": "vi", "shown": [], "hamlet_asked": False, "stopped": False}
            connection.execute(insert(Person).values(id=person_id, round_id=1, created_at=NOW, seen_at=NOW, **kept))
            where = {"channel": "web", "address": address, "reachable": True, "since": NOW}
            connection.execute(insert(Address).values(person_id=person_id, **where))
            begun = {"unit_id": 3, "state": "started", "mode": "self", "cursor": "", "started_at": NOW}
            connection.execute(insert(InterviewRow).values(**asked, **begun))
        if len(person.answers) > len(QUESTIONS):
            connection.execute(InterviewRow.__table__.update().values(state="submitted"))


def add_places_and_rounds(connection: Connection) -> None:
    """Two communes with hamlets, an open round in each, one closed and one published, three officials."""
    since = date(2025, 7, 1)
    form, rule = read_form(shipped_forms()["ntm-hai-long"]), read_rule("xa-nang-cao-chua-xac-nhan")
    units = [
        (1, "province", "92", "Cần Thơ", None, None),
        (2, "commune", "31582", "Xã Thuận Hòa", 1, 4810),
        (3, "hamlet", "31582", "Ấp Phước Lợi", 2, 412),
        (4, "hamlet", "31582", "Ấp Phước Thuận", 2, 386),
        (5, "hamlet", "31582", "Ấp Trà Quýt", 2, 298),
        (6, "commune", "31615", "Xã An Thạnh", 1, 5230),
        (7, "hamlet", "31615", "Ấp Nguyễn Công Minh", 6, 420),
    ]
    for number, level, code, name, parent, households in units:
        connection.execute(
            insert(Unit).values(
                id=number,
                level=level,
                code=code,
                name=name,
                parent_id=parent,
                valid_from=since,
                households=households,
                sample=True,
                office="",
                hours="",
                phone="",
                helpers="",
            )
        )
    connection.execute(
        insert(FormVersion).values(id=1, name=form.name, digest=form.digest, definition=form.to_dict(), imported_at=NOW)
    )
    rounds = [
        (1, "Hài lòng về xây dựng nông thôn mới, xã Thuận Hòa", CODE, "open", 2),
        (2, "Hài lòng về xây dựng nông thôn mới, xã An Thạnh", OTHER_CODE, "open", 6),
        (3, "Đợt 1 năm 2026, xã Thuận Hòa", "dot1", "closed", 2),
        (4, "Chuyển đổi số năm 2025, xã Thuận Hòa", "cds25", "published", 2),
        (5, "Đợt chưa mở", "nhap", "draft", 2),
    ]
    for number, name, code, state, unit in rounds:
        closes = NOW + timedelta(days=9) if state in ("open", "draft") else NOW - timedelta(days=number)
        connection.execute(
            insert(Round).values(
                id=number,
                name=name,
                code=code,
                form_id=1,
                rule=rule.id,
                rule_definition=rule.to_dict(),
                counts="household",
                state=state,
                sample=True,
                created_at=NOW,
                opens_at=closes - timedelta(days=14),
                closes_at=closes,
            )
        )
        connection.execute(insert(RoundUnit).values(round_id=number, unit_id=unit))
    officials = [("thuan.hoa", "official", 2), ("phuoc.loi", "helper", 3), ("an.thanh", "staff", 6)]
    for name, role, unit in officials:
        connection.execute(insert(Staff).values(name=name, role=role, unit_id=unit, password=HASH, created_at=NOW))


def add_ballots(connection: Connection) -> None:
    """Ballots that came so far, by hamlet; and, of the rounds that are over, of whoever named none: of 4,329 one is
    not satisfied with everything, and enough with the roads for the mean to lie just at its mark."""
    came = [(1, {3: 203, 4: 118, 5: 241}), (2, {7: 77})]
    rows = [(number, unit, {}) for number, units in came for unit, ballots in units.items() for _ in range(ballots)]
    for number in (3, 4):
        rows += [(number, 2, answers(place)) for place in range(4329)]
    values = [
        {"round_id": number, "tag": tag.to_bytes(16), "unit_id": unit, "mode": "self", "submitted": True,
         "answers": said}
        for tag, (number, unit, said) in enumerate(rows)
    ]  # fmt: skip
    connection.execute(insert(Ballot), values)


def answers(place: int) -> dict[str, str]:
    """What the resident in this place of the line says."""
    said = dict.fromkeys((*CONTENT, "an_ninh", "chung"), GOOD)
    if place >= 2165:
        said["duong_sa"] = BAD
    return said if place else {**said, "chung": BAD}


@cache
def filled() -> bytes:
    """The database of a scripted site, as a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.db"
        database = Database(f"sqlite:///{path}")
        Base.metadata.create_all(database.engine)
        with database.transaction() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})
            add_places_and_rounds(connection)
            add_ballots(connection)
        database.read_now(checkpoint)
        database.close()
        return path.read_bytes()


@contextmanager
def scripted_site(folder: Path, **changes: Any) -> Iterator[tuple[WebDependencies, ScriptedConversation]]:
    """A site on a database of its own."""
    path = folder / "pages.db"
    path.write_bytes(filled())
    database = Database(f"sqlite:///{path}")
    conversation = ScriptedConversation(database)
    site = WebDependencies(conversation, database, Vault(folder / "secrets"))
    try:
        yield replace(site, **changes), conversation
    finally:
        database.close()


@contextmanager
def serving(site: WebDependencies) -> Iterator[str]:
    """The site on a free port; yields its address."""
    server = uvicorn.Server(
        uvicorn.Config(build(site), port=0, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
