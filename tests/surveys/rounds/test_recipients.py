"""What became of every single message; sending again where nobody knows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from village import Village

from storage.tables import Delivery, Person
from surveys.errors import SurveyError
from surveys.rounds import lifecycle
from surveys.rounds.recipients import recipients, resend, uncertain


@pytest.fixture
def sent(village: Village) -> Any:
    """A round whose four invitations ended differently."""
    village.settle("1", "2", "3", "4")
    row = village.round("Đợt")
    ends = {
        "1": ("sent", ""),
        "2": ("unreachable", "blocked"),
        "3": ("uncertain", "timeout"),
        "4": ("uncertain", "cut"),
    }
    with village.database.transaction() as connection:
        for address, (state, reason) in ends.items():
            values = {"state": state, "reason": reason, "attempts": 1, "settled_at": datetime.now(UTC)}
            connection.execute(update(Delivery).where(Delivery.address == address).values(**values))
    return row


def test_every_recipient_has_a_state_and_a_reason_and_no_address(village: Village, sent: Any) -> None:
    rows = village.database.read_now(lambda connection: recipients(connection, sent.id))
    assert sorted((row.state, row.reason) for row in rows) == [
        ("sent", ""), ("uncertain", "cut"), ("uncertain", "timeout"), ("unreachable", "blocked")
    ]  # fmt: skip
    assert all(row.unit == "31582" and row.settled_at for row in rows) and "address" not in rows[0].to_json()
    only = village.database.read_now(lambda connection: recipients(connection, sent.id, ["unreachable"]))
    assert [row.state for row in only] == ["unreachable"]


def test_only_those_of_whom_nobody_knows_get_a_second_copy_and_nobody_a_third(village: Village, sent: Any) -> None:
    with village.database.transaction() as connection:
        assert resend(connection, sent.id, datetime.now(UTC)) == 2
        assert uncertain(connection, sent.id) == []
    assert sorted(row.state for row in village.rows(Delivery)) == ["pending", "pending", "sent", "unreachable"]
    with village.database.transaction() as connection:
        connection.execute(update(Delivery).where(Delivery.state == "pending").values(state="uncertain", attempts=2))
        with pytest.raises(SurveyError, match="không có ai"):
            resend(connection, sent.id, datetime.now(UTC))


def test_who_stopped_meanwhile_is_left_in_peace(village: Village, sent: Any) -> None:
    with village.database.transaction() as connection:
        connection.execute(update(Person).values(stopped=True))
        assert uncertain(connection, sent.id) == []


def test_a_paused_round_sends_nothing_again(village: Village, sent: Any) -> None:
    with village.database.transaction() as connection:
        lifecycle.pause(connection, sent.id, datetime.now(UTC))
        with pytest.raises(SurveyError, match="không đang gửi"):
            resend(connection, sent.id, datetime.now(UTC))
