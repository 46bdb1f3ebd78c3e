"""The ways of a round between its making and its publication."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from places.sample import load_sample
from storage.database import Database
from storage.tables import Address, Ballot, Delivery, Interview, Person, Reminder, Round
from surveys.closing.closing import close_for_good
from surveys.errors import SurveyError
from surveys.forms.xlsform import read_form, shipped_forms
from surveys.rounds import lifecycle
from surveys.rounds.rounds import create_round, find_round, open_round
from surveys.rules.rule_sets import read_rule
from surveys.secrecy.vault import Vault
from surveys.unit_names import find_units

pytestmark = pytest.mark.both_stores

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "secrets")


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    with database.transaction() as connection:
        load_sample(connection)
        [commune] = find_units(connection, ["31582"])
        for number in range(1, 6):
            connection.execute(
                insert(Person).values(
                    id=number,
                    language="vi",
                    consent=True,
                    unit_id=commune,
                    hamlet_asked=True,
                    stopped=number == 5,
                    shown=[],
                    created_at=NOW,
                    seen_at=NOW,
                )
            )
            connection.execute(
                insert(Address).values(
                    channel="telegram", address=str(100 + number), person_id=number, reachable=True, since=NOW
                )
            )
    yield database
    database.close()


def draft(connection, opens=NOW, closes=NOW + 48 * HOUR) -> int:
    return create_round(
        connection,
        name="Đợt thử",
        form=read_form(shipped_forms()["ntm-hai-long"]),
        rule=read_rule("xa-nang-cao-chua-xac-nhan"),
        units=find_units(connection, ["31582"]),
        opens=opens,
        closes=closes,
        counts="person",
        now=NOW,
    )


def states(connection, kind="invite") -> dict[str, int]:
    rows = select(Delivery.state, func.count()).where(Delivery.kind == kind).group_by(Delivery.state)
    return {state: number for state, number in connection.execute(rows)}


def test_a_scheduled_round_opens_once_at_its_time_and_invites(database, vault):
    with database.transaction() as connection:
        key = draft(connection, opens=NOW + HOUR)
        lifecycle.schedule(connection, key, NOW)
        assert lifecycle.wake(connection, vault, NOW) == []
        assert lifecycle.wake(connection, vault, NOW + HOUR) == [f"opened {key}"]
        assert lifecycle.wake(connection, vault, NOW + 2 * HOUR) == []
        assert find_round(connection, key).state == "open"
        assert states(connection) == {"pending": 4}  # the fifth person has stopped


def test_a_process_that_was_down_past_the_closing_time_opens_nothing_and_leaves_a_draft(database, vault):
    with database.transaction() as connection:
        key = draft(connection, opens=NOW + HOUR, closes=NOW + 2 * HOUR)
        lifecycle.schedule(connection, key, NOW)
        assert lifecycle.wake(connection, vault, NOW + 3 * HOUR) == [f"missed {key}"]
        assert find_round(connection, key).state == "draft"
        assert lifecycle.wake(connection, vault, NOW + 3 * HOUR) == []


def test_pausing_holds_what_was_not_sent_and_resuming_sends_it(database, vault):
    with database.transaction() as connection:
        key = draft(connection)
        assert open_round(connection, vault, key, NOW) == 4
        connection.execute(update(Delivery).where(Delivery.person_id == 1).values(state="sent"))
        lifecycle.pause(connection, key, NOW)
        assert states(connection) == {"sent": 1, "held": 3}
        with pytest.raises(SurveyError, match="không tạm dừng được"):
            lifecycle.pause(connection, key, NOW)
        lifecycle.resume(connection, key)
        assert states(connection) == {"sent": 1, "pending": 3}
        with pytest.raises(SurveyError, match="không đang tạm dừng"):
            lifecycle.resume(connection, key)


def test_a_reminder_goes_to_those_who_have_not_finished_and_twice_at_most(database, vault):
    with database.transaction() as connection:
        key = draft(connection)
        with pytest.raises(SurveyError, match="không đang mở"):
            lifecycle.remind(connection, key, NOW)
        open_round(connection, vault, key, NOW)
        [commune] = find_units(connection, ["31582"])
        for person, state in ((1, "submitted"), (2, "started")):
            connection.execute(
                insert(Interview).values(
                    person_id=person, round_id=key, unit_id=commune, state=state, mode="self", cursor="", started_at=NOW
                )
            )
        assert lifecycle.remind(connection, key, NOW + HOUR) == 3
        assert lifecycle.remind(connection, key, NOW + 2 * HOUR) == 3
        with pytest.raises(SurveyError, match="2 lần"):
            lifecycle.remind(connection, key, NOW + 3 * HOUR)


def test_planned_reminders_are_sent_once_each_when_they_are_due(database, vault):
    with database.transaction() as connection:
        key = draft(connection)
        lifecycle.plan_reminders(connection, key, [NOW + 24 * HOUR])
        open_round(connection, vault, key, NOW)
        assert lifecycle.wake(connection, vault, NOW + HOUR) == []
        assert lifecycle.wake(connection, vault, NOW + 25 * HOUR) == [f"reminded {key}"]
        assert lifecycle.wake(connection, vault, NOW + 26 * HOUR) == []
        assert states(connection, "reminder-1") == {"pending": 4}


def test_a_reminder_outside_the_round_is_refused(database):
    with database.transaction() as connection:
        key = draft(connection)
        with pytest.raises(SurveyError, match="giữa giờ mở và giờ đóng"):
            lifecycle.plan_reminders(connection, key, [NOW + 72 * HOUR])


def test_a_cancelled_round_keeps_no_ballot_and_sends_nothing_more(database, vault):
    with database.transaction() as connection:
        key = draft(connection)
        open_round(connection, vault, key, NOW)
        connection.execute(
            insert(Ballot).values(round_id=key, tag=b"1" * 16, unit_id=1, mode="self", submitted=True, answers={})
        )
        lifecycle.cancel(connection, key, NOW)
        assert states(connection) == {"cancelled": 4}
        assert connection.execute(select(func.count()).select_from(Ballot)).scalar_one() == 0
        with pytest.raises(SurveyError, match="đã hủy"):
            lifecycle.cancel(connection, key, NOW)


def test_only_a_closed_round_can_be_published(database, vault):
    with database.transaction() as connection:
        key = draft(connection)
        with pytest.raises(SurveyError, match="còn là nháp"):
            lifecycle.publish(connection, key)
        connection.execute(update(Round).values(state="closed"))
        lifecycle.publish(connection, key)
        assert find_round(connection, key).state == "published"


# What may be done with a round in which state; everything else is refused with the reason, and changes nothing.
ALLOWED = {
    "draft": {"schedule", "open", "cancel"},
    "scheduled": {"open", "cancel"},
    "open": {"pause", "remind", "close", "cancel"},
    "first wave": {"pause", "continue", "close", "cancel"},
    "paused": {"resume", "remind", "close", "cancel"},
    "closing": {"close"},
    "closed": {"publish"},
    "published": set(),
    "cancelled": set(),
}
ORDERS = {
    "schedule": lambda connection, vault, key: lifecycle.schedule(connection, key, NOW),
    "open": lambda connection, vault, key: open_round(connection, vault, key, NOW),
    "pause": lambda connection, vault, key: lifecycle.pause(connection, key, NOW),
    "resume": lambda connection, vault, key: lifecycle.resume(connection, key),
    "continue": lambda connection, vault, key: lifecycle.continue_(connection, key),
    "remind": lambda connection, vault, key: lifecycle.remind(connection, key, NOW),
    "publish": lambda connection, vault, key: lifecycle.publish(connection, key),
    "cancel": lambda connection, vault, key: lifecycle.cancel(connection, key, NOW),
}


TABLES = [table.__table__ for table in (Round, Delivery, Reminder, Ballot, Interview)]


def everything(connection: Connection) -> list[Any]:
    return [connection.execute(select(table).order_by(*table.primary_key)).all() for table in TABLES]


def bring(connection: Connection, vault: Vault, key: int, state: str) -> None:
    """A draft into that state, by the ways that lead there."""
    if state == "scheduled":
        lifecycle.schedule(connection, key, NOW)
    elif state == "cancelled":
        lifecycle.cancel(connection, key, NOW)
    elif state != "draft":
        open_round(connection, vault, key, NOW, first_wave=0.5 if state == "first wave" else 0.0)
        if state == "paused":
            lifecycle.pause(connection, key, NOW)
        elif state in ("closing", "closed", "published"):
            connection.execute(update(Round).where(Round.id == key).values(state=state, closed_at=NOW))


@pytest.mark.parametrize("state", ALLOWED)
def test_in_each_state_the_wrong_orders_are_refused_and_change_nothing(database, vault, state):
    with database.transaction() as connection:
        key = draft(connection, opens=NOW + HOUR)
        bring(connection, vault, key, state)
        before = everything(connection)
        for name, order in ORDERS.items():
            attempt = connection.begin_nested()
            if name in ALLOWED[state]:
                order(connection, vault, key)
                assert everything(connection) != before, name
            else:
                with pytest.raises(SurveyError, match="đợt “Đợt thử” "):
                    order(connection, vault, key)
                assert everything(connection) == before, name
            attempt.rollback()
    if "close" not in ALLOWED[state]:
        with pytest.raises(SurveyError, match="không đóng được"):
            close_for_good(database, vault, key, by="Mai", witness="Lan")
        assert database.read_now(everything) == before
