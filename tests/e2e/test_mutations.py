"""20,000 spoiled updates: the program stays up, puts them aside, answers everybody else, and logs nothing of them."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import pytest
from mutations import CANARY, CHAT_TYPES, Json, mutated, noise, person, valid
from program import WEBHOOK_SECRET, Program
from residents import CODES, Resident

from standin import TelegramStandIn
from storage.tables import Delivery, Event

SEED = 84
CHUNK = 500  # spoiled updates between two valid ones
SECRET = "X-Telegram-Bot-Api-Secret-Token"
REASON = re.compile(r"[A-Z][A-Za-z]+|[a-z][a-z ]{1,40}")  # a class of error, or words of ours
STATES = {"sent", "unreachable", "rejected"}


@pytest.mark.parametrize(
    ("store", "polled", "posted"), [("sqlite", 18_000, 2_000), ("postgresql", 1_500, 300)], ids="{}".format
)
async def test_spoiled_updates_are_put_aside_and_everybody_else_is_answered(
    store: str, polled: int, posted: int, request: pytest.FixtureRequest, tmp_path: Path
):
    url = f"sqlite:///{tmp_path}/langnghe.db" if store == "sqlite" else request.getfixturevalue("postgres_url")
    chance, begun = random.Random(SEED), time.monotonic()
    async with TelegramStandIn() as telegram:
        program = Program(tmp_path, url, telegram)
        await program.set_up_here()
        codes = program.round_codes()
        async with program.running():
            pid = program.pid
            living = [asyncio.create_task(newcomer(telegram, codes, number).live()) for number in range(6)]
            good, bad = await push_all(telegram, chance, polled)
            await telegram.idle(150)
            await asyncio.gather(*living)
            await program.all_settled()
            await newcomer(telegram, codes, 6).live()
            assert program.pid == pid, "the program was started again"
        check_states(program, good, bad)
        polling = time.monotonic() - begun

        program.use_webhook()
        async with program.running():
            pid = program.pid
            await post_all(program, chance, posted)
            await newcomer(telegram, codes, 7).live()
            await program.all_settled()
            assert program.pid == pid, "the program was started again"
        check_states(program, good, bad)
        assert telegram.violations == []
    check_log(program, telegram)
    states = Counter(row.state for row in program.rows(Event.state))
    took = time.monotonic() - begun
    print(f"{store}: {polled} polled in {polling:.1f} s, {posted} posted, {dict(states)}, {took:.1f} s in all")
    assert states["quarantined"] > (polled + posted) / 4, "the updates were hardly spoiled"


def newcomer(telegram: TelegramStandIn, codes: dict[str, str], number: int) -> Resident:
    """A resident in good order, who must not notice anything."""
    commune = sorted(CODES)[number % 2]
    phone = telegram.phone(600_000_000 + number)
    return Resident(
        phone=phone,
        chance=random.Random(number),
        commune=commune,
        link=codes[commune],
        detours=0.2,
        thinking=0.02,
        waits=150,  # behind thousands of updates
    )


def unreadable(chance: random.Random) -> list[Json]:
    """Updates that nobody can understand, whatever else is in them."""
    user = person(chance)
    chat = {"id": user["id"], "type": "private"}
    message = {"message_id": 1, "from": user, "chat": chat, "date": 1_790_000_000, "text": CANARY}
    query = {"id": "1", "from": user, "chat_instance": "1", "data": CANARY[:9]}
    ids: Iterable[object] = ("800000001", -5, 2**60, None, 1.5, [1], {})
    return [
        {},
        *({kind: broken} for kind in ("message", "callback_query") for broken in (None, [], "x", 5, {}, [CANARY])),
        {"message": {key: value for key, value in message.items() if key != "chat"}},
        {"message": {key: value for key, value in message.items() if key != "date"}},
        *({"message": {**message, "chat": {**chat, "type": kind}}} for kind in CHAT_TYPES),
        *({"message": {**message, "chat": {**chat, "id": number}}} for number in ids if number != -5),
        *({"message": {**message, "date": date}} for date in (CANARY, 10**20, [], None)),
        {"callback_query": {**query, "message": None}},
        {"callback_query": {**query, "message": [message]}},
        {"callback_query": {**query, "message": {**message, "chat": CANARY}}},
    ]


async def push_all(telegram: TelegramStandIn, chance: random.Random, count: int) -> tuple[set[str], set[str]]:
    """Queue so many spoiled updates with valid ones between; returns the numbers of the valid and the unreadable."""
    good: set[str] = set()
    bad = {str(await telegram.push(update)) for update in unreadable(chance)} - {"None"}
    pushed = 0
    while pushed < count:
        pushed += await telegram.push(mutated(chance)) is not None
        if pushed % CHUNK == 0:
            good.add(str(await telegram.push(valid(chance))))
            await asyncio.sleep(0.01)  # the program works meanwhile
    return good, bad


async def post_all(program: Program, chance: random.Random, count: int) -> None:
    """Post noise to the webhook: taken, or Telegram would send it for ever; never without the secret."""
    bodies = [noise(chance, 2_000_000_000 + number) for number in range(count)]
    waiting = asyncio.Semaphore(20)
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes, secret: str) -> int:
            async with waiting, session.post(program.webhook_url, data=body, headers={SECRET: secret}) as response:
                return response.status

        statuses = await asyncio.gather(*(post(body, WEBHOOK_SECRET) for body in bodies))
        refused = await asyncio.gather(*(post(body, "sai") for body in bodies[:50]))
    wrong = [(status, body[:200]) for status, body in zip(statuses, bodies, strict=True) if status != 200]
    assert not wrong, f"{len(wrong)} bodies were not taken: {wrong[:3]}; the log ends:\n{program.log[-2000:]}"
    assert set(refused) == {403}


def check_states(program: Program, good: set[str], bad: set[str]) -> None:
    """Done or put aside, emptied, and never a word of what was in it."""
    rows = program.rows(Event.event_key, Event.state, Event.reason, Event.payload)
    assert {row.state for row in rows} <= {"done", "quarantined"}
    assert all(row.payload is None for row in rows), "payloads were kept"
    told = Counter(row.reason for row in rows if row.state == "quarantined")
    assert all(REASON.fullmatch(reason) for reason in told), f"reasons with content: {told}"
    state = {row.event_key: row.state for row in rows}
    handled = [number for number in good if state.get(number) != "done"]
    assert not handled, f"{len(handled)} of {len(good)} valid updates were not handled"
    passed = [number for number in bad if state.get(number) != "quarantined"]
    assert not passed, (
        f"{len(passed)} of {len(bad)} unreadable updates were not put aside: {[state.get(n) for n in passed]}"
    )
    replies = Counter((row.state, row.reason) for row in program.rows(Delivery.state, Delivery.reason))
    assert {name for name, _ in replies} <= STATES, f"replies are {replies}"
    assert all(row.payload is None for row in program.rows(Delivery.payload))


def check_log(program: Program, telegram: TelegramStandIn) -> None:
    """No token, no chat id, no text of anybody, no traceback."""
    words = {
        telegram.token,
        telegram.token.partition(":")[2],
        WEBHOOK_SECRET,
        "chim s",
        CANARY.encode("unicode_escape").decode(),
    }
    chats = re.compile(r"(?<!\d)(8000\d{5}|6000\d{5})(?!\d)")
    leaks = [
        line[:300]
        for line in program.log.splitlines()
        if "Traceback" in line or chats.search(line) or any(word in line for word in words)
    ]
    assert not leaks, f"{len(leaks)} lines of the log tell too much: {leaks[:3]}"
