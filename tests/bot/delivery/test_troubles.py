"""Much goes wrong at once: nobody is invited twice, and the ledger says of everybody what happened and why."""

import asyncio
import random

import pytest
from rings import SEED
from verdict import judge
from village import Village, until

from bot.channels.telegram.channel import TelegramChannel
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from standin import Fault, TelegramStandIn
from storage.tables import Address
from storage.tables import Delivery as Row

pytestmark = pytest.mark.both_stores

PEOPLE = range(1001, 1301)
FLOODED = 120  # messages from one 429 to the next


async def test_the_ledger_explains_everybody_when_much_goes_wrong(village: Village) -> None:
    chance = random.Random(SEED)
    blocked = frozenset(chance.sample(PEOPLE, len(PEOPLE) * 3 // 10))
    async with TelegramStandIn(chance=chance) as telegram:
        telegram.acquaint(PEOPLE)
        for person in blocked:
            telegram.state.chats[person].blocked = True
        for fault, probability in ((Fault.status(502), 0.1), (Fault.cut_before, 0.03), (Fault.cut_after, 0.03)):
            telegram.fail("sendMessage", fault, times=None, probability=probability)
        channel = TelegramChannel(telegram.token, telegram.base_url)
        await channel.open()
        village.settle(*map(str, PEOPLE))
        village.round()
        sending = asyncio.create_task(Delivery(village.database, village.shared, channel, Limiter(300)).run())
        floods = []
        for after in range(FLOODED, len(PEOPLE), FLOODED):
            await until(lambda after=after: telegram.calls["sendMessage"] >= after)
            floods.append(telegram.fail("sendMessage", Fault.status(429, retry_after=1)))
        await until(lambda: not {"pending", "claimed"} & {row.state for row in village.rows(Row)})
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await channel.close()
    rows = village.rows(Row)
    verdict = judge(telegram, rows, PEOPLE, blocked)
    assert verdict.wrongs == [], f"seed {SEED}: {verdict}"
    assert telegram.violations == []
    assert set(verdict.states) <= {"sent", "unreachable", "uncertain"}, f"seed {SEED}: {verdict}"
    tries = telegram.calls["sendMessage"] - sum(flood.hits for flood in floods)
    assert tries == len(PEOPLE), f"seed {SEED}: only what was surely not sent is tried again"
    known = {int(row.address) for row in village.rows(Address) if not row.reachable}
    assert known == {int(row.address) for row in rows if row.state == "unreachable"} <= blocked
