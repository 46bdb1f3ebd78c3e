"""Events in: stored first, handled once, in order for each person; one that fails holds up nobody."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update
from village import Resident, Village, answers, until

from bot.channels.raw import Raw
from bot.inbox.inbox import Inbox, UnknownCode
from handlers import dispatch
from handlers.storing import load
from handlers.tokens import sign_token
from storage.tables import Address, Ballot, Delivery, Event, Interview, Person


def raw(address: str, key: str, kind: str = "text", **what: Any) -> Raw:
    return Raw(key, address, {"key": key, "address": address, "kind": kind, **what})


async def handle(village: Village, *raws: Raw) -> list[int]:
    """Accept and handle everything; the sizes of the batches."""
    await village.inbox.accept("telegram", raws)
    sizes = []
    while size := await village.inbox.work("telegram"):
        sizes.append(size)
    return sizes


def arrived(village: Village, at: datetime | None = None) -> None:
    """What was owed has been sent."""
    with village.database.transaction() as connection:
        connection.execute(update(Delivery).values(state="sent", settled_at=at or datetime.now(UTC)))


def states(village: Village) -> list[str]:
    return [row.state for row in village.rows(Event)]


async def seated(village: Village, *addresses: str) -> list[Resident]:
    """Residents who stand before the first question."""
    code = next((row.code for row in village.shared.rounds.values()), None) or village.round().code
    residents = [village.resident(address) for address in addresses]
    for resident in residents:
        await resident.enters(code)
    return residents


async def test_an_accepted_event_waits_in_the_database_until_it_is_handled(village: Village) -> None:
    await village.inbox.accept("telegram", [raw("1", "a", "start")])
    [row] = village.rows(Event)
    assert (row.state, row.address, row.event_key) == ("new", "1", "a") and row.payload["kind"] == "start"
    assert await village.another_inbox().work("telegram") == 1  # another process after a crash
    assert states(village) == ["done"]


async def test_the_same_event_twice_is_handled_once(village: Village) -> None:
    await handle(village, raw("1", "a", "start"), raw("1", "a", "start"))
    await handle(village, raw("1", "a", "start"))
    assert states(village) == ["done"] and len(village.rows(Delivery)) == 1


async def test_the_same_event_twice_on_a_page_is_answered_once(village: Village) -> None:
    mai = village.resident()
    await mai.starts()
    yes = mai.button("Đồng ý").token
    await mai.does(key="k", kind="choice", choice=yes)
    assert len(mai.heard) == 2
    await mai.does(key="k", kind="choice", choice=yes)
    assert len(mai.heard) == 2


async def test_the_same_key_on_another_channel_is_another_event(village: Village) -> None:
    await village.inbox.accept("telegram", [raw("1", "a", "start")])
    await village.inbox.accept("console", [Raw("a", "1", {"key": "a", "address": "1", "text": "/start"})])
    assert len(village.rows(Event)) == 2


async def test_payload_and_address_are_emptied_with_the_answer(village: Village) -> None:
    await seated(village, "1")
    await handle(village, raw("1", "a", text="Chưa hài lòng"))
    assert answers(village) == [{"duong": "khong"}]
    assert {(row.payload, row.address) for row in village.rows(Event)} == {(None, "")}


async def test_one_persons_events_are_handled_in_order_one_a_batch(village: Village) -> None:
    await seated(village, "1")
    taps = [
        sign_token(village.shared.key, "telegram", "1", f"{body.format(*village.shared.rounds)}")
        for body in ("pick:{}:0:1", "pick:{}:1:0", "pick:{}:1:2", "done:{}:1")
    ]
    sizes = await handle(village, *(raw("1", tap[:20], "choice", choice=tap) for tap in taps), raw("1", "e", text="12"))
    assert sizes == [1, 1, 1, 1, 1]
    assert answers(village) == [{"duong": "khong", "can": ["den", "cho"]}]  # 12 came before its question had arrived


async def test_a_word_written_before_the_question_arrived_is_not_its_answer(village: Village) -> None:
    await seated(village, "1")
    await handle(village, raw("1", "a", text="hài lòng"), raw("1", "b", text="hài lòng"), raw("1", "c", text="1"))
    assert answers(village) == [{"duong": "co"}]
    told = [row.payload for row in village.rows(Delivery)]
    assert [payload["title"] for payload in told] == ["Xã cần gì trước?"] * 3
    assert "chưa tính là câu trả lời" in told[-1]["text"]
    arrived(village)
    await handle(village, raw("1", "d", text="chợ"))
    assert answers(village) == [{"duong": "co", "can": ["cho"]}]


async def test_a_clock_that_is_set_otherwise_than_ours_costs_one_word(village: Village) -> None:
    await seated(village, "1")
    await handle(village, raw("1", "a", text="hài lòng"))
    arrived(village, datetime.now(UTC) + timedelta(seconds=5))
    early = [raw("1", key, text="chợ", at=(datetime.now(UTC) - timedelta(minutes=3)).isoformat()) for key in "bc"]
    await handle(village, early[0])
    assert answers(village) == [{"duong": "co"}]
    arrived(village)
    await handle(village, early[1])
    assert answers(village) == [{"duong": "co", "can": ["cho"]}]


async def test_different_people_share_a_batch(village: Village) -> None:
    addresses = [str(number) for number in range(1, 31)]
    sizes = await handle(village, *(raw(address, f"k{address}", "start") for address in addresses))
    assert sizes == [30] and len(village.rows(Person)) == 30
    replies = village.rows(Delivery)
    assert sorted(row.address for row in replies) == sorted(addresses)
    assert {(row.kind, row.urgency, row.state, row.channel) for row in replies} == {("reply", 0, "pending", "telegram")}


async def test_two_addresses_of_one_person_in_one_batch_answer_one_after_the_other(village: Village) -> None:
    [mai] = await seated(village, "1")
    await mai.says("mã tiếp tục")
    lan = village.resident("2")
    await lan.says(mai.last.title.split(": ")[1])
    sizes = await handle(village, raw("1", "a", text="hài lòng"), raw("2", "b", text="chợ"))
    assert sizes == [2]
    assert answers(village) == [{"duong": "co", "can": ["cho"]}]


async def test_an_event_that_cannot_be_read_is_put_aside_and_the_others_go_on(village: Village) -> None:
    await seated(village, "1")
    bad = [Raw("x", "", {"what": 1}), Raw("y", "1", None), Raw("z", "", ["…"])]
    await handle(village, *bad, raw("1", "a", text="hài lòng"))
    rows = {row.event_key: row for row in village.rows(Event)}
    assert [rows[key].state for key in "xyz"] == ["quarantined"] * 3
    assert {rows[key].reason for key in "xyz"} == {"nonsense"} and {rows[key].payload for key in "xyz"} == {None}
    assert answers(village) == [{"duong": "co"}]


async def test_an_event_nested_beyond_reason_is_put_aside(village: Village) -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    await handle(village, Raw("x", "1", deep))
    assert states(village) == ["quarantined"]


async def test_letters_that_no_database_takes_are_left_out(village: Village) -> None:
    [mai] = await seated(village, "1")
    await mai.taps("Chưa hài lòng", "Bỏ qua")
    await mai.says("2")
    await mai.says("bỏ qua")
    await handle(village, raw("1", "c", text="đường\0 lầy \ud800 quá"))
    assert states(village)[-1] == "done"
    assert answers(village)[0]["ly_do"].startswith("đường lầy")


@pytest.fixture
def trip(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the conversation about one word fail half-way, after it changed the person."""

    def install(word: str) -> None:
        real = dispatch._text

        def text(visit: Any, said: str) -> None:
            if said == word:
                visit.person.language, visit.person.stopped = "km", True
                visit.agree(False)
                raise ZeroDivisionError("content that must not be logged")
            real(visit, said)

        monkeypatch.setattr(dispatch, "_text", text)

    return install


async def test_a_conversation_that_fails_puts_only_its_event_aside_and_apologises(
    village: Village, trip: Callable[[str], None]
) -> None:
    await seated(village, "1", "2")
    trip("nổ")
    await handle(village, raw("1", "a", text="nổ"), raw("2", "b", text="hài lòng"))
    rows = {row.event_key: row for row in village.rows(Event)}
    assert (rows["a"].state, rows["a"].reason, rows["a"].payload) == ("quarantined", "ZeroDivisionError", None)
    assert rows["b"].state == "done" and answers(village) == [{"duong": "co"}]
    replies = {row.address: row.payload["text"] for row in village.rows(Delivery)}
    assert "Có trục trặc" in replies["1"] and "Có trục trặc" not in replies["2"]
    assert {(row.language, row.consent, row.stopped) for row in village.rows(Person)} == {("vi", True, False)}


async def test_after_an_apology_the_person_goes_on_where_they_were(
    village: Village, trip: Callable[[str], None]
) -> None:
    [mai] = await seated(village, "1")
    await mai.taps("Hài lòng")
    trip("nổ")
    await mai.says("nổ")
    assert "Có trục trặc" in mai.last.text
    await mai.says("chợ")
    assert answers(village) == [{"duong": "co", "can": ["cho"]}]


async def test_an_apology_to_a_stranger_keeps_nothing_but_the_stranger(
    village: Village, trip: Callable[[str], None]
) -> None:
    trip("nổ")
    mai = village.resident()
    await mai.says("nổ")
    assert "Có trục trặc" in mai.last.text
    [person] = village.rows(Person)
    assert (person.language, person.consent, person.stopped) == ("vi", None, False)


async def test_an_event_that_cannot_be_stored_is_put_aside_and_the_others_go_on(village: Village) -> None:
    residents = await seated(village, "1", "2", "3")
    victim = next(row.person_id for row in village.rows(Address) if row.address == "2")

    def refuse(connection: Connection, statement: Any, *rest: Any) -> None:
        if getattr(statement, "is_insert", False) and statement.table.name == "interview":
            parameters = [*(rest[0] or []), rest[1] or {}]
            if any(row.get("person_id") == victim for row in parameters):
                raise ValueError("poison")

    event.listen(village.database.engine, "before_execute", refuse)
    await handle(village, *(raw(each.address, f"k{each.address}", text="hài lòng") for each in residents))
    event.remove(village.database.engine, "before_execute", refuse)
    rows = {row.event_key: row for row in village.rows(Event)}
    assert [rows[f"k{number}"].state for number in "123"] == ["done", "quarantined", "done"]
    assert rows["k2"].reason == "ValueError"
    assert len(village.rows(Ballot)) == len(village.rows(Interview)) == 2


async def test_nothing_is_stored_of_a_batch_whose_commit_fails_and_it_is_handled_later(village: Village) -> None:
    await seated(village, "1")
    failing = True

    def refuse(connection: Connection) -> None:
        if failing:
            raise OSError("disk full")

    await village.inbox.accept("telegram", [raw("1", "a", text="hài lòng")])
    event.listen(village.database.engine, "commit", refuse)
    with pytest.raises(OSError, match="disk full"):
        await village.inbox.work("telegram")
    failing = False
    event.remove(village.database.engine, "commit", refuse)
    assert answers(village) == [] and states(village)[-1] == "new"
    await village.inbox.work("telegram")
    assert answers(village) == [{"duong": "co"}]


async def test_the_loop_handles_what_comes_and_rings_for_the_replies(village: Village) -> None:
    rung = asyncio.Event()
    inbox = Inbox(village.database, village.shared, {"telegram": village.phone}, wake=rung.set)
    task = asyncio.create_task(inbox.run())
    await inbox.accept("telegram", [raw("1", "a", "start")])
    await asyncio.wait_for(rung.wait(), 5)
    await until(lambda: states(village) == ["done"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_stands_on_the_screen_is_shown_without_storing_anything(village: Village) -> None:
    row = village.round("Đợt hiện")
    message = await village.inbox.current("web", "khach", row.code)
    assert "Đợt hiện" in message.text
    assert village.rows(Person) == [] and village.rows(Event) == []
    [mai] = await seated(village, "1")
    assert (await village.inbox.current("telegram", "1")).title == mai.last.title


async def test_a_code_that_never_was_and_one_that_is_closed_differ(village: Village) -> None:
    row = village.round()
    village.close(row.id)
    with pytest.raises(UnknownCode):
        await village.inbox.current("web", "khach", "khongco")
    assert "đã đóng" in (await village.inbox.current("web", "khach", row.code)).text


async def test_many_people_at_once_leave_each_answer_with_its_person(village: Village) -> None:
    residents = await seated(village, *map(str, range(1, 21)))
    said = {each.address: "hài lòng" if int(each.address) % 3 else "chưa hài lòng" for each in residents}
    inboxes = [village.inbox, village.another_inbox()]
    await village.inbox.accept("telegram", [raw(who, f"k{who}", text=text) for who, text in said.items()])
    await asyncio.gather(*(inbox.work("telegram") for inbox in inboxes * 2))
    assert set(states(village)) == {"done"}
    found: dict[str, Any] = {}

    def look(connection: Connection) -> None:
        village.shared.refresh(connection)
        for number, text in said.items():
            inbound = village.phone.read({"key": "", "address": number, "kind": "text", "text": text})
            [visit] = load(connection, village.shared, [inbound], inbound.occurred_at)
            found[number] = next(iter(visit.interviews.values())).answers["duong"]

    await village.database.write(look)
    assert found == {who: "co" if text == "hài lòng" else "khong" for who, text in said.items()}


async def test_a_number_that_says_who_was_first_shows_nowhere(village: Village) -> None:
    for number in range(1, 13):
        await village.resident(str(number)).starts()
    in_order = village.database.read_now(
        lambda connection: list(connection.execute(select(Address.person_id).order_by(Address.since)).scalars())
    )
    assert in_order != sorted(in_order) and all(0 < number < 2**63 for number in in_order)
