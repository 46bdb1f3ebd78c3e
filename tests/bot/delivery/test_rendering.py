"""What is written when it is sent: only if it is still wanted then."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update
from village import Village, until

from bot.delivery.ledger import Claimed, Outcome, claim, record
from bot.delivery.loop import Delivery
from bot.delivery.rate_limiter import Limiter
from bot.delivery.rendering import write
from handlers.messages import Message, Unreachable
from storage.tables import Delivery as Row
from storage.tables import Interview, Round
from surveys.local_time import VIETNAM
from surveys.rounds import lifecycle
from surveys.rounds.quiet_hours import NEVER, QuietHours

pytestmark = pytest.mark.both_stores


def written(village: Village) -> list[tuple[Claimed, Message | Outcome]]:
    """Claim everything that is due, and write it."""
    with village.database.transaction() as connection:
        now = datetime.now(UTC)
        return write(connection, village.shared, claim(connection, "telegram", "me", 100), now)


def states(village: Village) -> list[tuple[str, str, str]]:
    return sorted((row.kind, row.state, row.reason) for row in village.rows(Row))


@contextlib.asynccontextmanager
async def delivering(village: Village, quiet: QuietHours = NEVER) -> AsyncIterator[None]:
    task = asyncio.create_task(Delivery(village.database, village.shared, village.phone, Limiter(1000), quiet).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def submit(village: Village, person: int, round_id: int) -> None:
    with village.database.transaction() as connection:
        values = {"person_id": person, "round_id": round_id, "unit_id": village.unit("31582"), "cursor": ""}
        now = datetime.now(UTC)
        connection.execute(insert(Interview).values(**values, state="submitted", mode="self", started_at=now))


async def test_who_finished_after_the_reminder_was_owed_is_not_reminded(village: Village) -> None:
    village.settle("1", "2")
    row = village.round()
    with village.database.transaction() as connection:
        connection.execute(update(Row).values(state="sent", settled_at=datetime.now(UTC) - timedelta(hours=1)))
        assert lifecycle.remind(connection, row.id, datetime.now(UTC)) == 2
    submit(village, 7_000_001, row.id)
    async with delivering(village):
        await until(lambda: not {"pending", "claimed"} & {state for _, state, _ in states(village)})
    assert [address for address, _ in village.phone.sent] == ["2"]
    assert ("reminder-1", "cancelled", "already answered") in states(village)


def test_a_message_that_was_under_way_in_the_moment_of_the_pause_waits_with_the_others(village: Village) -> None:
    village.settle("1", "2")
    row = village.round()
    with village.database.transaction() as connection:
        [mine, _] = claim(connection, "telegram", "me", 2)
        lifecycle.pause(connection, row.id, datetime.now(UTC))
        record(connection, "me", [Outcome(mine.id, "pending", "not sent yet", 0, unsent=True)], datetime.now(UTC))
    assert written(village) == []
    assert ("invite", "held", "paused") in states(village)
    assert {each.attempts for each in village.rows(Row) if each.state == "held"} == {0}
    with village.database.transaction() as connection:
        lifecycle.resume(connection, row.id)
    assert len(written(village)) == 1


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_what_was_under_way_when_a_round_ended_says_how_it_ended(village: Village, state: str) -> None:
    village.settle("1")
    row = village.round()
    with village.database.transaction() as connection:
        [mine] = claim(connection, "telegram", "me", 1)
    village.overdue(row.id)
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(state=state))
        [(_, outcome)] = write(connection, village.shared, [mine], datetime.now(UTC))
    ends = {"open": ("expired", "round closed"), "cancelled": ("cancelled", "round cancelled")}
    assert isinstance(outcome, Outcome) and (outcome.id, outcome.state, outcome.reason) == (mine.id, *ends[state])


async def test_a_block_settles_everything_that_waits_for_that_chat(village: Village) -> None:
    village.settle("1", "2")
    village.round("Đợt một")
    village.round("Đợt hai")
    with village.database.transaction() as connection:
        connection.execute(update(Row).where(Row.address == "2").values(state="sent"))
    village.phone.troubles = [Unreachable("Forbidden: bot was blocked by the user")]
    async with delivering(village):
        await until(lambda: not {"pending", "claimed"} & {state for _, state, _ in states(village)})
    assert village.phone.troubles == [] and village.phone.sent == []  # one attempt, not two
    assert states(village).count(("invite", "unreachable", "Forbidden: bot was blocked by the user")) == 2


async def test_at_night_invitations_wait_and_replies_do_not(village: Village) -> None:
    village.settle("1", "2")
    village.round()
    now = datetime.now(VIETNAM)
    night = QuietHours((now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time())
    async with delivering(village, night):
        reply = {
            "kind": "reply", "person_id": 7_000_002, "channel": "telegram", "address": "2", "urgency": 0,
            "payload": Message("Chào").to_dict(), "state": "pending", "reason": "", "attempts": 0,
            "due_at": datetime.now(UTC), "owner": "",
        }  # fmt: skip
        with village.database.transaction() as connection:
            connection.execute(insert(Row).values(**reply))
        await until(lambda: ("reply", "sent", "") in states(village))
    assert [part.text for _, part in village.phone.sent] == ["Chào"]
    assert states(village).count(("invite", "pending", "")) == 2
    async with delivering(village):
        await until(lambda: states(village).count(("invite", "sent", "")) == 2)
