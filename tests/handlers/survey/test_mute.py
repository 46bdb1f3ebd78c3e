"""“Im lặng đến đợt sau”: no more reminders of this round, in one tap."""

from datetime import UTC, datetime
from typing import Any

import pytest
from village import Resident, Village

from handlers.survey.messages import invitation
from storage.tables import Delivery, Muted, Person
from surveys.rounds import lifecycle


def invited(village: Village, address: str, row: Any) -> Resident:
    """Somebody who looks at the invitation to a round."""
    village.database.read_now(village.shared.refresh)
    mai = village.resident(address)
    mai.heard.append(invitation(village.shared, "telegram", address, "vi", village.shared.rounds[row.id]))
    return mai


def reminded(village: Village, row: Any) -> int:
    with village.database.transaction() as connection:
        return lifecycle.remind(connection, row.id, datetime.now(UTC))


async def test_who_is_quiet_gets_no_reminder_and_the_next_round_invites_them_again(village: Village) -> None:
    village.settle("1", "2")
    row = village.round("Đợt một")
    mai = invited(village, "1", row)
    await mai.taps("Im lặng đến đợt sau")
    assert "không nhắc “Đợt một” nữa" in mai.last.text
    assert reminded(village, row) == 1
    assert village.open(village.draft("Đợt hai").id) == 2


async def test_a_reminder_that_already_waits_is_cancelled(village: Village) -> None:
    village.settle("1")
    row = village.round()
    assert reminded(village, row) == 1
    await invited(village, "1", row).taps("Im lặng đến đợt sau")
    [reminder] = [each for each in village.rows(Delivery) if each.kind == "reminder-1"]
    assert (reminder.state, reminder.reason) == ("cancelled", "muted")


@pytest.mark.both_stores
async def test_being_quiet_is_no_stop_and_no_refusal_to_answer(village: Village) -> None:
    village.settle("1")
    mai = invited(village, "1", village.round())
    await mai.taps("Im lặng đến đợt sau")
    assert not village.rows(Person)[0].stopped
    await mai.taps("Trả lời ngay")
    assert mai.last.title == "Đường sá thế nào?"


async def test_tapping_twice_is_once(village: Village) -> None:
    village.settle("1")
    mai = invited(village, "1", village.round())
    quiet = mai.button("Im lặng đến đợt sau").token
    await mai.presses(quiet)
    await mai.presses(quiet)
    assert len(village.rows(Muted)) == 1


async def test_the_button_of_a_round_that_is_over_says_so(village: Village) -> None:
    village.settle("1")
    row = village.round()
    mai = invited(village, "1", row)
    village.close(row.id)
    await mai.taps("Im lặng đến đợt sau")
    assert village.rows(Muted) == [] and mai.labels == ["Danh mục"]


async def test_a_stop_on_an_invitation_is_one_tap_and_any_word_brings_them_back(village: Village) -> None:
    village.settle("1")
    row = village.round()
    mai = invited(village, "1", row)
    await mai.taps("Ngừng nhận tin")
    assert village.rows(Person)[0].stopped and reminded(village, row) == 0
    await mai.says("chào")
    assert not village.rows(Person)[0].stopped and reminded(village, row) == 1
