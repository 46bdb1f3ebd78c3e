"""A short code joins another channel, which goes on at the same question."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from village import Resident, Village, answers

from storage.tables import Address, Ballot, Person, ShortCode


async def code_of(resident: Resident) -> str:
    await resident.says("mã tiếp tục")
    found = re.search(r"LN-[A-Z2-9]{4}-[A-Z2-9]{4}", resident.last.title)
    assert found
    return found.group()


async def begun(village: Village) -> Resident:
    mai = village.resident("1")
    await mai.enters(village.round().code)
    await mai.taps("Chưa hài lòng", "Chợ")
    return mai


async def test_another_channel_goes_on_at_the_same_question_with_the_same_ticks(village: Village) -> None:
    mai = await begun(village)
    ba = village.resident("ba", channel="console")
    await ba.says(await code_of(mai))
    assert "Đã nối với phiếu đang dở" in ba.last.text and ba.last.title == "Xã cần gì trước?"
    assert "☑ Chợ" in ba.read
    await ba.says("xong")
    assert answers(village) == [{"duong": "khong", "can": ["cho"]}]
    assert {row.channel for row in village.rows(Address)} == {"telegram", "console"}
    assert len(village.rows(Person)) == 1


async def test_the_code_may_be_typed_small_and_without_dashes_and_come_from_a_link(village: Village) -> None:
    mai = await begun(village)
    for address, shape in (("2", str.lower), ("3", lambda code: code.replace("-", ""))):
        lan = village.resident(address)
        await lan.says(shape(await code_of(mai)))
        assert lan.last.title == "Xã cần gì trước?"
    cu = village.resident("4")
    await cu.starts("c_" + (await code_of(mai)).replace("-", ""))
    assert cu.last.title == "Xã cần gì trước?" and "Đã nối" in cu.last.text


async def test_a_code_works_once_and_a_new_one_replaces_the_old(village: Village) -> None:
    mai = await begun(village)
    old, new = await code_of(mai), await code_of(mai)
    lan, cu = village.resident("2"), village.resident("3")
    await lan.says(old)
    assert "không đúng hoặc đã hết hạn" in lan.last.text
    await lan.says(new)
    await cu.says(new)
    assert "không đúng hoặc đã hết hạn" in cu.last.text


async def test_a_code_runs_out(village: Village) -> None:
    mai = await begun(village)
    code = await code_of(mai)
    with village.database.transaction() as connection:
        connection.execute(update(ShortCode).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    lan = village.resident("2")
    await lan.says(code)
    assert "không đúng hoặc đã hết hạn" in lan.last.text


async def test_only_a_keyed_digest_of_the_code_is_stored(village: Village) -> None:
    mai = await begun(village)
    code = await code_of(mai)
    [row] = village.rows(ShortCode)
    assert code.replace("-", "")[2:] not in str(row) and len(row.digest) == 64


async def test_ones_own_code_joins_nobody(village: Village) -> None:
    mai = await begun(village)
    await mai.says(await code_of(mai))
    assert "không đúng" in mai.last.text and mai.last.title == "Xã cần gì trước?"
    assert len(village.rows(Address)) == 1


async def test_who_joins_leaves_the_earlier_person_behind_with_their_open_ballot(village: Village) -> None:
    mai = await begun(village)
    lan = village.resident("2")
    await lan.enters(next(iter(village.shared.rounds.values())).code)
    await lan.taps("Hài lòng")
    await lan.says(await code_of(mai))
    assert lan.last.title == "Xã cần gì trước?"
    assert len(village.rows(Person)) == 1 and len(village.rows(Ballot)) == 1
    assert {row.address for row in village.rows(Address)} == {"1", "2"}


async def test_ten_wrong_codes_cost_an_hour_even_for_the_right_one(village: Village) -> None:
    mai = await begun(village)
    code = await code_of(mai)
    lan = village.resident("2")
    for _ in range(10):
        await lan.says("LN-AAAA-AAAA")
        assert "không đúng hoặc đã hết hạn" in lan.last.text
    await lan.says(code)
    assert "Hãy chờ một giờ" in lan.last.text
    village.shared._guesses = {
        key: [moment - timedelta(hours=1) for moment in moments] for key, moments in village.shared._guesses.items()
    }
    await lan.says(code)
    assert "Đã nối" in lan.last.text


async def test_wrong_codes_of_one_address_do_not_lock_out_another(village: Village) -> None:
    mai = await begun(village)
    guesser, lan = village.resident("666"), village.resident("2")
    for _ in range(11):
        await guesser.says("LN-AAAA-AAAA")
    await lan.says(await code_of(mai))
    assert "Đã nối" in lan.last.text


async def test_a_code_given_to_a_stranger_keeps_the_stranger(village: Village) -> None:
    mai = village.resident("1")
    code = await code_of(mai)
    lan = village.resident("2")
    await lan.says(code)
    assert lan.last.title == "Xin chào bà con!" and "Đã nối" in lan.last.text
    assert len(village.rows(Person)) == 1 and len(village.rows(Address)) == 2


async def test_joining_somebody_who_stopped_brings_them_back(village: Village) -> None:
    mai = await begun(village)
    code = await code_of(mai)
    await mai.stops()
    lan = village.resident("2")
    await lan.says(code)
    assert lan.last.title == "Xã cần gì trước?" and not village.rows(Person)[0].stopped
