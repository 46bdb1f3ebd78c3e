"""What is left of an update after trimming says the same as the whole."""

from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.raw_events import as_raws
from handlers.messages import Unreadable

CHANNEL = TelegramChannel("7000000001:test")


def press(**changes: Any) -> dict[str, Any]:
    person = {"id": 5, "is_bot": False, "first_name": "Mai", "language_code": "vi"}
    message = {
        "message_id": 9,
        "date": 1_790_000_000,
        "chat": {"id": 5, "type": "private", "first_name": "Mai"},
        "text": "Bà con có hài lòng không?",
        "reply_markup": {"inline_keyboard": [[{"text": "Hài lòng", "callback_data": "t"}]]},
    }
    query = {"id": "77", "from": person, "message": message, "chat_instance": "1", "data": "t"} | changes
    return {"update_id": 1, "callback_query": query}


def test_a_trimmed_press_reads_as_the_whole_one() -> None:
    assert CHANNEL.read(CHANNEL.trim(press())) == CHANNEL.read(press())


def test_a_press_is_kept_without_names_and_without_our_own_message() -> None:
    [raw] = as_raws(CHANNEL, [press()])
    assert "Mai" not in str(raw.payload)
    assert "hài lòng" not in str(raw.payload).lower()
    assert raw.payload["callback_query"]["id"] == "77"  # to stop the button's spinner


@pytest.mark.parametrize(
    "changes",
    [
        {"message": None},
        {"message": "text"},
        {"message": {"message_id": 9, "date": 1, "chat": {"id": "5", "type": "private"}}},
        {"message": {"message_id": 9, "date": 1, "chat": {"id": -5, "type": "group"}}},
        {"message": {"message_id": 9, "date": 10**30, "chat": {"id": 5, "type": "private"}}},
        {"message": {"message_id": "x", "date": 1, "chat": {"id": 5, "type": "private"}}},
        {"from": None},
        {"from": []},
    ],
)
def test_a_malformed_press_is_unreadable_trimmed_or_whole(changes: dict[str, Any]) -> None:
    for raw in (press(**changes), CHANNEL.trim(press(**changes))):
        with pytest.raises(Unreadable):
            CHANNEL.read(raw)


def test_a_press_of_a_button_without_data_is_a_choice_of_nothing() -> None:
    assert CHANNEL.read(press(data=None)).choice == ""


def test_what_is_no_press_is_left_as_it_is() -> None:
    for raw in (None, [], "x", {}, {"update_id": 1, "message": {"text": "a"}}, {"callback_query": 3}):
        assert CHANNEL.trim(raw) == raw
