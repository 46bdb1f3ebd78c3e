"""What people build instead: a python-telegram-bot `Application`, SQLAlchemy's async ORM, one commit an update.

It does the least that answers a press: parse the update, read the person, read what they answered, write the
answer, edit the question. It has no inbox (a crash loses what is under way), no dedupe (a press delivered twice
fails), no order for one person, no ledger (a reply that fails is gone), no consent, no places, no secrecy: its
answers name the person. Durability is the same: SQLite with WAL and synchronous=FULL. Its request is a stub that
answers at once, unless replies go to the stand-in over the stock httpx transport.
"""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler
from telegram.request import BaseRequest

from benchmarks.presses import BOT, FORM, OLD_MESSAGE, Press, questions, updates
from benchmarks.standin_process import StandIn
from storage.database import async_url
from surveys.forms.xlsform import read_form, shipped_forms

AT_ONCE = 64  # updates under way, as `concurrent_updates(64)` gives


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "usual_person"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str]


class Answer(Base):
    # A row an answer: of a ballot in one row, 2 % of the answers were lost to presses of one person side by side.
    __tablename__ = "usual_answer"
    person_id: Mapped[int] = mapped_column(ForeignKey("usual_person.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    option: Mapped[str]


class _Stub(BaseRequest):
    """Answers at once what Telegram would."""

    read_timeout = 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        return 200, _ME if url.endswith("/getMe") else _EDITED


_ME = json.dumps({"ok": True, "result": BOT}).encode()
_EDITED = json.dumps(
    {
        "ok": True,
        "result": {"message_id": OLD_MESSAGE, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "…"},
    }
).encode()

Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]


def run(address: str, pressed: Sequence[Press], telegram: StandIn | None) -> float:
    """Seconds from the first update to the last answer stored and reply sent, to the stub or to `telegram`."""
    return asyncio.run(_run(address, pressed, telegram))


def do_nothing(pressed: Sequence[Press]) -> float:
    """Seconds that parsing and routing alone take."""

    async def nothing(update: Update, context: Any) -> None: ...

    async def go() -> float:
        return await _process(pressed, nothing, None)

    return asyncio.run(go())


async def _run(address: str, pressed: Sequence[Press], telegram: StandIn | None) -> float:
    engine = create_async_engine(async_url(address))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    await _meet(engine, sorted({press.person for press in pressed}))
    asked = [question for _, question in questions(read_form(shipped_forms()[FORM]))]

    async def answer(update: Update, context: Any) -> None:
        query = update.callback_query
        assert query is not None and query.data is not None
        name, option = query.data.split(":")
        async with sessions() as session:
            person = await session.get_one(Person, query.from_user.id)
            ballot = select(Answer.question).where(Answer.person_id == person.id, Answer.round_id == 1)
            answered = {name, *await session.scalars(ballot)}
            session.add(Answer(person_id=person.id, round_id=1, question=name, option=option))
            await session.commit()
        left = ((number, each) for number, each in enumerate(asked, 1) if each.name not in answered)
        number, question = next(left, (0, None))
        if question is None:
            await query.edit_message_text("<b>Cảm ơn bà con!</b>", parse_mode="HTML")
            return
        buttons = [
            InlineKeyboardButton(each.label["vi"], callback_data=f"{question.name}:{each.name}")
            for each in question.options
        ]
        await query.edit_message_text(
            f"<b>{question.label['vi']}</b>\n\n<i>Câu {number}/{len(asked)}</i>",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup([buttons]),
        )

    seconds = await _process(pressed, answer, telegram)
    async with sessions() as session:
        stored = await session.scalar(select(func.count()).select_from(Answer))
    await engine.dispose()
    if stored != len(pressed):
        raise RuntimeError(f"{len(pressed)} events gave {stored} answers")
    return seconds


async def _process(pressed: Sequence[Press], handler: Handler, telegram: StandIn | None) -> float:
    builder = Application.builder().updater(None).concurrent_updates(AT_ONCE)
    if telegram is None:
        builder = builder.token("7000000001:bench").request(_Stub())
    else:
        builder = builder.token(telegram.token).base_url(telegram.base_url)
    application = builder.build()
    application.add_handler(CallbackQueryHandler(handler))
    form = read_form(shipped_forms()[FORM])

    def token(press: Press) -> str:
        question = form.questions[press.index]
        return f"{question.name}:{question.options[press.option].name}"

    events = list(updates(form, pressed, token))
    gate = asyncio.Semaphore(AT_ONCE)

    async def process(raw: dict[str, Any]) -> None:
        async with gate:
            await application.process_update(Update.de_json(raw, application.bot))

    async with application:
        begun = time.perf_counter()
        await asyncio.gather(*map(process, events))
        return time.perf_counter() - begun


async def _meet(engine: AsyncEngine, people: Sequence[int]) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(insert(Person), [{"id": one, "language": "vi"} for one in people])


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
