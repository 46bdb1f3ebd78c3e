"""Messages out, against a strict Telegram: sent once, or said to be uncertain."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert
from village import Village, until

import bot.delivery.ledger
import bot.delivery.loop
from bot.channels.raw import Raw
from bot.channels.telegram.channel import TelegramChannel
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from handlers.messages import Moved, Part, Picture, Rejected, RetryLater, Unknown
from standin import Fault, Limit, TelegramStandIn
from storage.tables import Address, Person
from storage.tables import Delivery as Row

pytestmark = pytest.mark.both_stores


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin
        assert standin.violations == []


@contextlib.asynccontextmanager
async def delivering(village: Village, channel: Any, rate: float = 1000) -> AsyncIterator[Delivery]:
    delivery = Delivery(village.database, village.shared, channel, Limiter(rate))
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def channel(telegram: TelegramStandIn) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(telegram.token, telegram.base_url)
    await channel.open()
    yield channel
    await channel.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries of replies after milliseconds: what is retried is the test's matter, not when."""
    real = bot.delivery.ledger.timedelta
    monkeypatch.setattr(bot.delivery.ledger, "timedelta", lambda seconds: real(seconds=min(seconds, 0.02)))
    monkeypatch.setattr(bot.delivery.loop, "TICK", 0.05)


def owe_reply(village: Village, address: str, text: str = "Chào bà con", **message: Any) -> None:
    from datetime import UTC, datetime

    from handlers.messages import Message

    row = {
        "round_id": None, "kind": "reply", "person_id": int(address) + 7_000_000, "channel": "telegram",
        "address": address, "urgency": 0, "payload": Message(text, **message).to_dict(), "state": "pending",
        "reason": "", "attempts": 0, "due_at": datetime.now(UTC), "owner": "",
    }  # fmt: skip
    with village.database.transaction() as connection:
        connection.execute(insert(Row), [row])


def states(village: Village) -> list[str]:
    return [row.state for row in village.rows(Row)]


def settled(village: Village) -> bool:
    return not {"pending", "claimed"} & set(states(village))


async def test_an_invitation_reaches_everybody_once_with_its_buttons(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    numbers = [str(500 + number) for number in range(20)]
    telegram.acquaint(map(int, numbers))
    village.settle(*numbers)
    village.round("Đợt mời")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert sorted(sent.chat_id for sent in telegram.ledger) == sorted(map(int, numbers))
    assert all(sent.labels == ["Trả lời ngay", "Im lặng đến đợt sau", "Ngừng nhận tin"] for sent in telegram.ledger)
    assert all("Đợt mời" in sent.text for sent in telegram.ledger)
    assert set(states(village)) == {"sent"} and {row.payload for row in village.rows(Row)} == {None}


async def test_each_person_is_invited_in_their_language(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    telegram.acquaint([501, 502])
    village.settle("501", language="en")
    village.settle("502", language="km")
    village.round()
    async with delivering(village, channel):
        await until(lambda: settled(village))
    labels = {sent.chat_id: sent.labels[0] for sent in telegram.ledger}
    say = village.shared.catalogue.say
    assert labels == {501: say("en", "invite.begin"), 502: say("km", "invite.begin")}


async def test_a_block_makes_the_address_unreachable_and_a_later_word_makes_it_reachable(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    phone = telegram.phone(501, written=True)
    phone.block()
    village.settle("501")
    village.round("Đợt một")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    [row] = village.rows(Row)
    assert row.state == "unreachable" and "blocked" in row.reason
    assert [address.reachable for address in village.rows(Address)] == [False]
    assert village.open(village.draft("Đợt hai").id) == 0
    await village.resident("501").starts()
    assert [address.reachable for address in village.rows(Address)] == [True]
    assert village.open(village.draft("Đợt ba").id) == 1


async def test_a_deleted_account_is_unreachable(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    telegram.phone(501, written=True).deactivate()
    village.settle("501")
    village.round()
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert states(village) == ["unreachable"]


async def test_retry_after_is_obeyed_by_everybody_and_nothing_is_lost(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    numbers = [str(500 + number) for number in range(4)]
    telegram.acquaint(map(int, numbers))
    village.settle(*numbers)
    telegram.fail("sendMessage", Fault.status(429, retry_after=1))
    village.round()
    begun = time.monotonic()
    async with delivering(village, channel, rate=20):
        await until(lambda: settled(village))
    assert time.monotonic() - begun >= 1
    assert sorted(sent.chat_id for sent in telegram.ledger) == sorted(map(int, numbers))
    assert [row.attempts for row in village.rows(Row)] == [1, 1, 1, 1]


async def test_at_the_production_rate_nothing_is_turned_away(village: Village) -> None:
    if village.database.dialect == "sqlite":
        numbers = [str(500 + number) for number in range(45)]
        async with TelegramStandIn(limit=Limit(36)) as telegram:  # a busy machine brings some late, in a heap
            telegram.acquaint(map(int, numbers))
            channel = TelegramChannel(telegram.token, telegram.base_url)
            await channel.open()
            village.settle(*numbers)
            village.round()
            async with delivering(village, channel, rate=20):  # well below: a busy machine delays what was even
                await until(lambda: settled(village))
            await channel.close()
            assert telegram.floods == 0 and len(telegram.ledger) == 45


@pytest.mark.parametrize(("fault", "received"), [(Fault.cut_before, 0), (Fault.cut_after, 1)])
async def test_an_invitation_whose_connection_was_cut_is_uncertain_and_never_sent_again(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None, fault: Fault, received: int
) -> None:
    telegram.acquaint([501])
    village.settle("501")
    telegram.fail("sendMessage", fault)
    village.round()
    for _ in range(2):
        async with delivering(village, channel):
            await until(lambda: settled(village))
            await asyncio.sleep(0.1)
    assert states(village) == ["uncertain"] and len(telegram.ledger) == received


async def test_a_telegram_out_of_reach_loses_nothing_and_sends_nothing_twice(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None
) -> None:
    telegram.acquaint([501])
    village.settle("501")
    async with telegram.outage(), delivering(village, channel):
        village.round()
        await until(lambda: village.rows(Row)[0].reason == "not sent yet")
        assert village.rows(Row)[0].attempts in (0, 1)
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert [(row.state, row.reason) for row in village.rows(Row)] == [("sent", "")]
    assert [sent.chat_id for sent in telegram.ledger] == [501]


async def test_a_reply_whose_answer_was_lost_goes_out_at_most_once_more(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None
) -> None:
    telegram.acquaint([501])
    telegram.fail("sendMessage", Fault.cut_after)
    owe_reply(village, "501")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert states(village) == ["sent"] and len(telegram.ledger) == 2
    telegram.fail("sendMessage", Fault.cut_after, times=None)
    owe_reply(village, "501")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert states(village) == ["sent", "uncertain"] and len(telegram.ledger) == 4


@pytest.mark.parametrize("fault", [Fault.status(500), Fault.status(502), Fault.garbage, Fault.cut_before])
async def test_a_reply_after_an_unclear_answer_arrives(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None, fault: Fault
) -> None:
    telegram.acquaint([501])
    telegram.fail("sendMessage", fault)
    owe_reply(village, "501")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert states(village) == ["sent"] and len(telegram.ledger) == 1


@pytest.mark.parametrize("fault", [Fault.status(500), Fault.garbage, Fault.garbage_after])
async def test_an_invitation_after_an_unclear_answer_is_listed_as_uncertain(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None, fault: Fault
) -> None:
    telegram.acquaint([501])
    village.settle("501")
    telegram.fail("sendMessage", fault)
    village.round()
    async with delivering(village, channel):
        await until(lambda: settled(village))
        await asyncio.sleep(0.1)
    assert states(village) == ["uncertain"] and len(telegram.ledger) <= 1


async def test_an_edit_is_one_message_and_an_edit_without_change_is_a_success(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel, quick: None
) -> None:
    phone = telegram.phone(501, written=True)
    owe_reply(village, "501", "Câu một")
    async with delivering(village, channel):
        await until(lambda: settled(village))
        number = str(phone.last.message_id)
        owe_reply(village, "501", "Câu hai", replaces=number)
        owe_reply(village, "501", "Câu hai", replaces=number)
        await until(lambda: settled(village))
    assert states(village) == ["sent"] * 3
    assert [shown.text for shown in phone.messages] == ["Câu hai"]


async def test_a_message_to_edit_that_is_gone_is_sent_anew(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    phone = telegram.phone(501, written=True)
    owe_reply(village, "501", "Câu hai", replaces="987654")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert states(village) == ["sent"] and [shown.text for shown in phone.messages] == ["Câu hai"]


async def test_what_people_wrote_is_escaped(
    village: Village, telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    phone = telegram.phone(501, written=True)
    owe_reply(village, "501", "a <b>đậm</b> & <script>", title="<i>", note="</b>&amp;")
    async with delivering(village, channel):
        await until(lambda: settled(village))
    assert phone.last.text == "<i>\n\na <b>đậm</b> & <script>\n\n</b>&amp;"


async def test_a_page_gets_no_invitation_and_a_person_with_several_addresses_one(village: Village) -> None:
    village.settle("501", "502")
    home, now = 7_000_501, village.rows(Person)[0].created_at
    with village.database.transaction() as connection:
        for where, address in (("web", "cookie"), ("telegram", "777")):
            row = {"channel": where, "address": address, "person_id": home, "reachable": True, "since": now}
            connection.execute(insert(Address), [row])
        row = {"channel": "web", "address": "c2", "person_id": home + 1, "reachable": True, "since": now}
        connection.execute(insert(Address), [row])
    assert village.open(village.draft("Đợt").id) == 2
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    assert sorted(address for address, _ in village.phone.sent) == ["501", "502"]


async def test_who_only_ever_came_by_a_page_is_not_invited(village: Village) -> None:
    page = village.resident("cookie", channel="web")
    at = {"at": "2026-11-23T00:00:00Z"}
    await page.does(start="u_31582", **at)
    await page.does(choice=page.button("Đồng ý").token, **at)
    await page.does(choice=page.button("Ấp 1 (mẫu)").token, **at)
    assert village.open(village.draft("Đợt").id) == 0


async def test_replies_overtake_a_broadcast_under_way(village: Village) -> None:
    village.settle(*(str(number) for number in range(100, 160)))
    village.round()
    async with delivering(village, village.phone, rate=60) as delivery:
        await until(lambda: len(village.phone.sent) >= 5)
        owe_reply(village, "999", "Trả lời")
        delivery.wake()
        await until(lambda: any(address == "999" for address, _ in village.phone.sent))
        place = [address for address, _ in village.phone.sent].index("999")
        assert place < 40
        await until(lambda: settled(village))


async def test_the_conversation_and_its_replies_go_hand_in_hand(village: Village) -> None:
    async with delivering(village, village.phone):
        await village.inbox.accept(
            "telegram", [Raw("a", "1", {"key": "a", "address": "1", "kind": "start"})]
        )  # fmt: skip
        await village.inbox.work("telegram")
        await until(lambda: len(village.phone.sent) == 1)
    [(address, part)] = village.phone.sent
    assert address == "1" and [button.label for button in part.buttons][:2] == ["Đồng ý", "Không đồng ý"]


async def test_a_message_that_the_platform_refuses_is_not_tried_again(village: Village) -> None:
    village.phone.troubles = [Rejected("Bad Request: message is too long")]
    owe_reply(village, "1")
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    [row] = village.rows(Row)
    assert (row.state, row.reason) == ("rejected", "Bad Request: message is too long") and village.phone.sent == []


async def test_an_error_of_our_own_never_sends_an_invitation_twice(village: Village) -> None:
    village.settle("1")
    village.phone.troubles = [KeyError("bug")]
    village.round()
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    assert states(village) == ["uncertain"]


async def test_a_message_sent_in_part_goes_out_again_at_most_once(village: Village, quick: None) -> None:
    class Stumbling(type(village.phone)):  # type: ignore[misc]
        async def send(self, address: str, part: Any) -> str:
            if self.sent and len(self.sent) % 2:
                self.sent.append((address, "stumbled"))
                raise RetryLater(0.01)
            return str(await super().send(address, part))

    phone = Stumbling()
    owe_reply(village, "1", "x " * 4000)
    async with delivering(village, phone):
        await until(lambda: settled(village))
    assert states(village) == ["uncertain"] and len([part for _, part in phone.sent if part != "stumbled"]) == 2


async def test_a_database_that_stumbles_while_an_invitation_is_written_costs_nothing(
    village: Village, quick: None
) -> None:
    from sqlalchemy.exc import OperationalError

    village.settle("1")
    village.round()
    stumbles = 1

    def refuse(connection: Connection, statement: Any, *rest: Any) -> None:
        nonlocal stumbles
        if stumbles and "round.closes_at" in str(statement):
            stumbles -= 1
            raise OperationalError("SELECT", {}, Exception("gone"))

    event.listen(village.database.engine, "before_execute", refuse)
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    event.remove(village.database.engine, "before_execute", refuse)
    assert stumbles == 0 and states(village) == ["sent"] and len(village.phone.sent) == 1


async def test_a_pause_gives_claimed_messages_back_at_once(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 11)))
    village.round()
    limiter = Limiter(50)
    delivery = Delivery(village.database, village.shared, village.phone, limiter)
    task = asyncio.create_task(delivery.run())
    await until(lambda: village.phone.sent)
    limiter.pause(0.6, asyncio.get_running_loop().time())
    sent = len(village.phone.sent)
    await until(lambda: {row.state for row in village.rows(Row)} == {"sent", "pending"})
    assert len(village.phone.sent) == sent
    await until(lambda: settled(village))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert set(states(village)) == {"sent"} and len(village.phone.sent) == 10
    assert {row.attempts for row in village.rows(Row)} == {1}


async def test_a_flooded_chat_waits_alone_two_make_everybody_wait(village: Village) -> None:
    for number in ("1", "2", "3"):  # they got something a moment ago: the flood may be their own
        owe_reply(village, number)
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    village.phone.sent.clear()
    village.phone.troubles = [RetryLater(0.7, flooded=True)]
    owe_reply(village, "1", "đợi")
    async with delivering(village, village.phone) as delivery:
        await until(lambda: not village.phone.troubles)
        owe_reply(village, "1", "sau")
        owe_reply(village, "2")
        delivery.wake()
        await until(lambda: village.phone.sent)
        assert [address for address, _ in village.phone.sent] == ["2"]
        await until(lambda: settled(village))
        assert [part.text for address, part in village.phone.sent if address == "1"] == ["đợi", "sau"]
        village.phone.sent.clear()
        village.phone.troubles = [RetryLater(0.7, flooded=True), RetryLater(0.7, flooded=True)]
        begun = time.monotonic()
        owe_reply(village, "1")
        owe_reply(village, "2")
        delivery.wake()
        await until(lambda: not village.phone.troubles)
        owe_reply(village, "3")
        delivery.wake()
        await until(lambda: settled(village))
        assert len(village.phone.sent) == 3 and time.monotonic() - begun > 0.5


async def test_a_pause_holds_the_other_workers_too(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 41)))
    village.phone.troubles = [RetryLater(1.2, flooded=True)]  # to a chat that got nothing lately: it means everybody
    other = type(village.phone)()
    async with delivering(village, village.phone, rate=20):
        begun = time.monotonic()
        village.round()
        await until(lambda: not village.phone.troubles)
        await asyncio.sleep(0.2)
        sent = len(village.phone.sent)
        async with delivering(village, other, rate=20):
            await until(lambda: other.sent)
            assert time.monotonic() - begun > 1 and len(village.phone.sent) <= sent + 2


async def test_a_chat_gets_a_burst_and_then_one_message_a_second(village: Village) -> None:
    for number in range(bot.delivery.ledger.CHAT_BURST + 2):
        owe_reply(village, "1", str(number))
    owe_reply(village, "2")

    def sent() -> list[str]:
        return [address for address, _ in village.phone.sent]

    async with delivering(village, village.phone):
        await until(lambda: sent().count("1") == bot.delivery.ledger.CHAT_BURST + 2)
    assert sent().index("2") < bot.delivery.ledger.CHAT_BURST + 1, "a neighbour waited"
    *burst, first, second = (row.settled_at for row in village.rows(Row) if row.address == "1")
    assert min(first - burst[-1], second - first) >= bot.delivery.ledger.CHAT_PAUSE


async def test_a_chat_that_moved_gets_its_message_once_at_its_new_address(village: Village) -> None:
    village.settle("501")
    village.phone.troubles = [Moved("-100501")]
    village.round()
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    assert [address for address, _ in village.phone.sent] == ["-100501"]
    assert [(row.state, row.address, row.attempts) for row in village.rows(Row)] == [("sent", "-100501", 1)]
    assert [row.address for row in village.rows(Address)] == ["-100501"]


async def test_stopping_in_mid_broadcast_leaves_no_message_in_doubt(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.delivery.loop, "CLAIM_TIMEOUT", 0.2)
    village.settle(*(str(number) for number in range(1, 61)))
    village.round()
    async with delivering(village, village.phone, rate=100):
        await until(lambda: len(village.phone.sent) >= 5)
    assert set(states(village)) == {"sent", "pending"}
    assert states(village).count("sent") == len(village.phone.sent)
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    addresses = [address for address, _ in village.phone.sent]
    assert len(addresses) == len(set(addresses)) == 60


async def test_an_unclear_reply_is_uncertain_after_its_second_copy(village: Village, quick: None) -> None:
    village.phone.troubles = [Unknown("ReadTimeout"), Unknown("ReadTimeout"), Unknown("ReadTimeout")]
    owe_reply(village, "1")
    async with delivering(village, village.phone):
        await until(lambda: settled(village))
    assert states(village) == ["uncertain"] and len(village.phone.troubles) == 1


async def test_a_claim_cut_off_by_a_stop_is_given_back(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.settle(*(str(number) for number in range(1, 11)))
    village.round()
    real, claiming = bot.delivery.loop.claim, threading.Event()

    def slow(*arguments: Any, **how: Any) -> Any:
        claiming.set()
        time.sleep(0.2)
        return real(*arguments, **how)

    monkeypatch.setattr(bot.delivery.loop, "claim", slow)
    async with delivering(village, village.phone):
        await until(claiming.is_set)
    assert village.phone.sent == [] and {(row.state, row.attempts) for row in village.rows(Row)} == {("pending", 0)}


async def test_only_a_broadcast_is_paid_for_and_only_when_that_is_set(
    village: Village, telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.telegram.channel import _Bot

    telegram.acquaint([501])
    asked: list[dict[str, Any]] = []
    real = _Bot.call

    async def call(self: _Bot, method: str, fields: dict[str, Any]) -> Any:
        asked.append(fields)
        return await real(self, method, fields)

    monkeypatch.setattr(_Bot, "call", call)
    for paid in (False, True):
        channel = TelegramChannel(telegram.token, telegram.base_url, paid_broadcast=paid)
        await channel.open()
        for urgency in ("reply", "broadcast"):
            await channel.send("501", Part("Chào bà con", urgency=urgency))
        await channel.close()
    assert [fields.get("allow_paid_broadcast") for fields in asked] == [None, None, None, True]


async def test_a_round_whose_secret_lies_elsewhere_is_left_to_others(village: Village) -> None:
    village.settle("1")
    row = village.round()
    for file in (village.folder / "secrets").rglob(f"*{row.code}*"):
        file.unlink()
    stranger = type(village.shared)(type(village.vault)(village.folder / "secrets"), village.shared.organisation)
    delivery = Delivery(village.database, stranger, village.phone, Limiter(1000))
    task = asyncio.create_task(delivery.run())
    await until(lambda: village.rows(Row)[0].reason == "secret missing")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert states(village) == ["pending"] and village.phone.sent == []


async def test_a_sketch_stands_above_its_text_where_telegram_can_fetch_it(
    village: Village, telegram: TelegramStandIn
) -> None:
    phone = telegram.phone(501, written=True)
    channel = TelegramChannel(telegram.token, telegram.base_url, pictures="https://xa.test/pictures")
    await channel.open()
    owe_reply(village, "501", "Bước 1", picture=Picture("pay-by-qr-1", "Điện thoại"))
    async with delivering(village, channel):
        await until(lambda: settled(village))
    await channel.close()
    assert states(village) == ["sent"] and phone.last.text == "Bước 1"
    sketch = Part("Bước 1", picture=Picture("pay-by-qr-1", "Điện thoại"))
    assert channel._preview(sketch)["url"] == "https://xa.test/pictures/pay-by-qr-1.png"
    assert channel._preview(Part("Bước 2")) == {"is_disabled": True}
