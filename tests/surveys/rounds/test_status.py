"""How rounds stand: people and coverage, never an answer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import Ballot, Delivery, Reminder, Round
from surveys.rounds.lifecycle import remind
from surveys.rounds.quiet_hours import QuietHours
from surveys.rounds.send_policy import Sending
from surveys.rounds.status import list_rounds, status


async def test_it_counts_people_by_what_became_of_their_invitation(village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 8)))
    row = village.round("Đợt")
    states = ("sent", "sent", "pending", "claimed", "unreachable", "rejected", "uncertain")
    with village.database.transaction() as connection:
        for number, state in enumerate(states, 1):
            connection.execute(update(Delivery).where(Delivery.id == number).values(state=state))
    people = village.database.read_now(lambda connection: status(connection, row.code)).to_json()["people"]
    assert {name: people[name] for name in ("invited", "sent", "pending", "unreachable", "rejected", "uncertain")} == {
        "invited": 7, "sent": 2, "pending": 2, "unreachable": 1, "rejected": 1, "uncertain": 1
    }  # fmt: skip


def test_it_says_in_our_words_why_messages_did_not_arrive_and_how_reminders_went(village: Village) -> None:
    village.settle("1", "2", "3", "4")
    row = village.round("Đợt")
    ends = {
        "1": ("sent", ""), "2": ("unreachable", "Forbidden: bot was blocked by the user"),
        "3": ("unreachable", "Forbidden: user is deactivated"), "4": ("uncertain", ""),
    }  # fmt: skip
    due = row.closes_at - timedelta(hours=1)
    with village.database.transaction() as connection:
        for address, (state, reason) in ends.items():
            values = {"state": state, "reason": reason}
            connection.execute(update(Delivery).where(Delivery.address == address).values(**values))
        connection.execute(insert(Reminder).values(round_id=row.id, number=2, due_at=due))
        assert remind(connection, row.id, datetime.now(UTC)) == 4
    now = village.database.read_now(lambda connection: status(connection, row.id)).to_json()
    assert now["people"]["why"] == {"blocked": 1, "deleted": 1, "no_word": 1}
    assert sum(now["people"]["reasons"].values()) == 2
    [owed] = now["reminders"]["owed"]
    assert (owed["invited"], owed["pending"], owed["sent"], owed["why"]) == (4, 4, 0, {})
    assert now["reminders"]["planned"] == [due.isoformat()]


def test_in_quiet_hours_it_says_when_sending_goes_on(village: Village) -> None:
    village.settle("1")
    row = village.round("Đợt")
    night = datetime(2099, 1, 1, 16, tzinfo=UTC)  # 23:00 in Vietnam
    with village.database.transaction() as connection:
        connection.execute(update(Round).values(closes_at=night + timedelta(days=3)))
        now = status(connection, row.id, Sending(quiet=QuietHours()), night).to_json()
        day = status(connection, row.id, Sending(quiet=QuietHours()), night + timedelta(hours=9)).to_json()
    assert datetime.fromisoformat(now["quiet_until"]) == datetime(2099, 1, 2, tzinfo=UTC)
    assert now["eta_seconds"] >= 8 * 3600
    assert day["quiet_until"] is None and day["eta_seconds"] < 60


async def test_it_counts_ballots_begun_and_handed_in_by_unit(village: Village) -> None:
    row = village.round("Đợt", units=[THUAN_HOA, AN_THANH])
    for address, commune in (("1", "Xã Thuận Hòa"), ("2", "Xã Thuận Hòa"), ("3", "Xã An Thạnh")):
        mai = village.resident(address)
        await mai.starts(row.code)
        await mai.taps("Đồng ý", commune, "Ấp 1 (mẫu)", "Hài lòng")
        if address != "2":
            await mai.taps("Bỏ qua")
            await mai.says("2")
            await mai.taps("Bỏ qua", "Hài lòng")
    now = village.database.read_now(lambda connection: status(connection, row.id)).to_json()
    assert (now["ballots"]["started"], now["ballots"]["submitted"]) == (3, 2)
    assert now["ballots"]["by_mode"] == {"self": 2, "assisted": 0, "kiosk": 0, "paper": 0}
    ballots = {(unit["unit"], unit["name"]): unit["ballots"] for unit in now["units"] if unit["ballots"]}
    assert sorted(ballots.values()) == [1, 1, 1, 1]
    assert all(0 < unit["coverage"] < 1 for unit in now["units"] if unit["ballots"])


def test_paper_ballots_are_among_those_handed_in(village: Village) -> None:
    row = village.round("Đợt")
    paper = {"round_id": row.id, "unit_id": village.unit(THUAN_HOA), "mode": "paper", "answers": {}}
    with village.database.transaction() as connection:
        connection.execute(
            insert(Ballot), [paper | {"tag": bytes([number] * 16), "submitted": True} for number in (1, 2)]
        )
    ballots = village.database.read_now(lambda connection: status(connection, row.id)).to_json()["ballots"]
    assert (ballots["started"], ballots["submitted"], ballots["by_mode"]["paper"]) == (2, 2, 2)


async def test_it_never_says_an_answer(village: Village) -> None:
    row = village.round()
    await village.resident("1").finishes(row.code, road="Chưa hài lòng")
    shown = str(village.database.read_now(lambda connection: status(connection, row.id)).to_json())
    assert "khong" not in shown and "duong" not in shown and "đường hư" not in shown


async def test_rounds_are_listed_newest_first(village: Village) -> None:
    village.draft("Đợt một")
    village.round("Đợt hai")
    rows = village.database.read_now(list_rounds)
    assert [(row.name, row.state) for row in rows] == [("Đợt hai", "open"), ("Đợt một", "draft")]
