"""The delivery ledger: who may send what, and what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from village import Village

from bot.delivery.heartbeats import SILENT, beat, sign_off
from bot.delivery.ledger import CHAT_BURST, CHAT_PAUSE, LEASE, Claimed, Outcome, claim, record, recover
from handlers.messages import Message
from storage.tables import Delivery, Sender

NOW = datetime.now(UTC) - timedelta(minutes=5)


def owe(village: Village, *rows: dict[str, Any]) -> None:
    common = {
        "round_id": None, "kind": "reply", "person_id": 7, "channel": "telegram", "address": "1", "urgency": 0,
        "payload": Message("x").to_dict(), "state": "pending", "reason": "", "attempts": 0, "due_at": NOW, "owner": "",
    }  # fmt: skip
    with village.database.transaction() as connection:
        connection.execute(insert(Delivery), [{**common, **row} for row in rows])


def invite(address: str, **row: Any) -> dict[str, Any]:
    return {"kind": "invite", "round_id": 1, "person_id": int(address), "address": address, "urgency": 2, **row}


def take(village: Village, owner: str = "me", limit: int = 100, **how: Any) -> list[Claimed]:
    with village.database.transaction() as connection:
        beat(connection, owner, "telegram", datetime.now(UTC))
        return claim(connection, "telegram", owner, limit, **how)


def settle(village: Village, owner: str, *outcomes: Outcome) -> None:
    with village.database.transaction() as connection:
        record(connection, owner, outcomes, datetime.now(UTC))


def back(village: Village, **how: Any) -> int:
    with village.database.transaction() as connection:
        return recover(connection, datetime.now(UTC), **how)


def expire(village: Village) -> None:
    """Let the leases of all claims end."""
    with village.database.transaction() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(Delivery).where(Delivery.state == "claimed").values(lease_until=past))


def states(village: Village) -> list[str]:
    return [row.state for row in village.rows(Delivery)]


def test_replies_go_before_notices_and_broadcasts(village: Village) -> None:
    owe(village, invite("1"), invite("2"), {"address": "3", "urgency": 1}, {"address": "4"})
    assert [row.address for row in take(village, limit=2)] == ["4", "3"]
    assert [row.address for row in take(village)] == ["1", "2"]


def test_an_address_gets_one_message_at_a_time_in_order(village: Village) -> None:
    owe(village, {}, {}, {"address": "2"})
    first = take(village)
    assert [(row.id, row.address) for row in first] == [(1, "1"), (3, "2")]
    assert take(village) == []
    settle(village, "me", Outcome(1, "sent"))
    assert [row.id for row in take(village)] == [2]


def test_a_reply_that_has_to_wait_holds_back_those_behind_it(village: Village) -> None:
    owe(village, {}, {})
    take(village)
    settle(village, "me", Outcome(1, "pending", "later", 3600, unsent=True))
    assert take(village) == []


def test_what_is_not_due_yet_waits(village: Village) -> None:
    owe(village, {"due_at": datetime.now(UTC) + timedelta(hours=1)})
    assert take(village) == []


def test_in_quiet_hours_only_replies_are_taken(village: Village) -> None:
    owe(village, invite("1"), {"address": "2"})
    assert [row.address for row in take(village, replies_only=True)] == ["2"]


def test_nobody_else_can_take_a_claimed_message(village: Village) -> None:
    owe(village, *(invite(str(number)) for number in range(1, 11)))
    mine, theirs = take(village, "me", 6), take(village, "they", 6)
    assert len(mine) == 6 and len(theirs) == 4
    assert not {row.id for row in mine} & {row.id for row in theirs}


def test_another_channels_messages_are_left_alone(village: Village) -> None:
    owe(village, {"channel": "zalo"})
    assert take(village) == []


def test_a_settled_message_is_empty_and_says_why(village: Village) -> None:
    owe(village, {})
    take(village)
    settle(village, "me", Outcome(1, "unreachable", "Forbidden: bot was blocked"))
    [row] = village.rows(Delivery)
    assert (row.state, row.reason, row.payload, row.owner, row.lease_until) == (
        "unreachable", "Forbidden: bot was blocked", None, "", None
    )  # fmt: skip
    assert row.settled_at is not None and row.attempts == 1


def test_an_attempt_that_surely_sent_nothing_does_not_count(village: Village) -> None:
    owe(village, {}, {"address": "2"})
    take(village)
    settle(village, "me", Outcome(1, "pending", unsent=True), Outcome(2, "pending"))
    assert [row.attempts for row in village.rows(Delivery)] == [0, 1]
    assert village.rows(Delivery)[0].payload is not None


def test_only_the_owner_of_a_claim_may_record_it(village: Village) -> None:
    owe(village, {})
    take(village, "old")
    expire(village)
    back(village)
    settle(village, "old", Outcome(1, "sent"))
    assert states(village) == ["pending"]
    take(village, "new")
    settle(village, "old", Outcome(1, "rejected"))
    assert states(village) == ["claimed"]
    settle(village, "new", Outcome(1, "sent"))
    assert states(village) == ["sent"]
    settle(village, "new", Outcome(1, "rejected"))
    assert states(village) == ["sent"]


def test_a_lease_that_runs_is_respected(village: Village) -> None:
    owe(village, {}, invite("2"))
    take(village)
    assert back(village) == 0
    assert all(row.lease_until - datetime.now(UTC) > LEASE / 2 for row in village.rows(Delivery))
    assert states(village) == ["claimed", "claimed"]


def test_what_a_silent_process_had_claimed_is_taken_over_long_before_its_lease_ends(village: Village) -> None:
    owe(village, {}, invite("2"))
    take(village)
    with village.database.transaction() as connection:
        connection.execute(update(Sender).values(seen_at=datetime.now(UTC) - SILENT))
    assert back(village) == 2 and states(village) == ["pending", "uncertain"]


def test_a_process_that_was_only_silent_may_still_tell_what_became_of_it(village: Village) -> None:
    owe(village, invite("1"), invite("2"))
    take(village)
    expire(village)
    back(village)
    settle(village, "other", Outcome(1, "sent"))
    assert states(village) == ["uncertain", "uncertain"]
    settle(village, "me", Outcome(1, "sent"))
    assert states(village) == ["sent", "uncertain"]


def test_those_who_send_are_counted_until_they_leave(village: Village) -> None:
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        assert beat(connection, "me", "telegram", now) == 1
        assert beat(connection, "you", "telegram", now) == 2
        sign_off(connection, "you")
        assert beat(connection, "me", "telegram", now + SILENT) == 1


def test_a_chat_that_got_a_burst_waits_and_holds_up_nobody(village: Village) -> None:
    owe(village, *({} for _ in range(CHAT_BURST + 1)), {"address": "2"})
    now = datetime.now(UTC)
    with village.database.transaction() as connection:
        sent = update(Delivery).where(Delivery.id <= CHAT_BURST)
        connection.execute(sent.values(state="sent", settled_at=now))
    assert [row.address for row in take(village)] == ["2"]
    assert village.rows(Delivery)[CHAT_BURST].due_at == now + CHAT_PAUSE
    with village.database.transaction() as connection:
        past = now - CHAT_PAUSE
        connection.execute(sent.values(settled_at=past))
        connection.execute(update(Delivery).where(Delivery.id == CHAT_BURST + 1).values(due_at=past))
    assert [row.id for row in take(village)] == [CHAT_BURST + 1]


def test_after_a_crash_a_reply_goes_out_again_and_an_invitation_is_uncertain(village: Village) -> None:
    owe(village, {}, invite("2"))
    take(village)
    expire(village)
    assert back(village) == 2
    assert states(village) == ["pending", "uncertain"]
    reply, invitation = village.rows(Delivery)
    assert reply.payload is not None and invitation.reason == "process ended" and invitation.settled_at is not None
    assert [row.kind for row in take(village)] == ["reply"]


def test_a_channel_that_starts_leaves_alone_what_another_is_sending(village: Village) -> None:
    owe(village, {}, {"channel": "zalo"})
    take(village)
    with village.database.transaction() as connection:
        assert recover(connection, datetime.now(UTC), owners_gone=True, channel="zalo") == 0
    assert states(village) == ["claimed", "pending"]


def test_a_reply_is_never_sent_a_third_time(village: Village) -> None:
    owe(village, {})
    for expected in ("pending", "uncertain", "uncertain"):
        take(village)
        expire(village)
        back(village)
        assert states(village) == [expected]
    assert village.rows(Delivery)[0].attempts == 2


def test_a_process_that_is_alone_recovers_at_once(village: Village) -> None:
    owe(village, {}, invite("2"))
    take(village)
    assert back(village, owners_gone=True) == 2
    assert states(village) == ["pending", "uncertain"]


def test_a_person_is_owed_one_invitation_a_round(village: Village) -> None:
    owe(village, invite("1"))
    with pytest.raises(IntegrityError):
        owe(village, {**invite("1"), "address": "2"})
    owe(village, invite("1", kind="reminder-1"), invite("1", round_id=2), {"person_id": 1}, {"person_id": 1})
    assert len(states(village)) == 5


def test_a_closed_round_sends_nothing_more(village: Village) -> None:
    village.settle("1", "2", "3")
    row = village.round()
    [first] = take(village, limit=1)
    village.close(row.id)
    assert sorted(states(village)) == ["claimed", "expired", "expired"]
    settle(village, "me", Outcome(first.id, "sent"))
    assert take(village) == []


def test_recovering_leaves_finished_rows_as_they_are(village: Village) -> None:
    owe(village, *(invite(str(number)) for number in range(1, 5)))
    with village.database.transaction() as connection:
        for number, state in enumerate(("sent", "rejected", "unreachable", "expired"), 1):
            connection.execute(update(Delivery).where(Delivery.id == number).values(state=state))
    assert back(village, owners_gone=True) == 0
    assert states(village) == ["sent", "rejected", "unreachable", "expired"]
