"""“Dữ liệu của tôi”: see, withdraw, delete."""

from datetime import UTC, datetime

from village import Village

from storage.tables import (
    Address,
    AuditEntry,
    Ballot,
    Consent,
    DataRequest,
    Delivery,
    Event,
    Interview,
    Person,
    ShortCode,
)
from surveys.privacy.requests import enter, whose


async def test_it_shows_what_is_kept_and_no_answer(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round("Đợt mùa khô").code)
    await mai.taps("Chưa hài lòng")
    await mai.says("dữ liệu của tôi")
    for told in ("telegram", "Tiếng Việt", "Ấp 1 (mẫu)", "có, ngày", "Đợt mùa khô: đang trả lời"):
        assert told in mai.last.text
    assert "Chưa hài lòng" not in mai.read
    rights = ["Sửa thông tin", "Rút lại đồng ý", "Xóa dữ liệu của tôi"]
    assert mai.labels == ["Trả lời khảo sát", *rights, "Danh mục"]
    await mai.taps("Trả lời khảo sát")
    assert mai.last.title == "Xã cần gì trước?"


async def test_a_stranger_sees_that_nothing_is_kept(village: Village) -> None:
    mai = village.resident()
    await mai.says("/data")
    assert mai.last.text.count("chưa có") >= 3 and "Rút lại đồng ý" not in mai.labels


async def test_withdrawing_keeps_the_proof_and_asks_nothing_more(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Rút lại đồng ý")
    assert "tôn trọng" in mai.last.text
    assert [row.given for row in village.rows(Consent)] == [True, False]
    await mai.says("hài lòng")
    assert village.rows(Ballot) == []
    assert village.open(village.draft("Đợt sau").id) == 0


async def test_withdrawing_takes_the_ballots_of_open_rounds_along_after_asking(village: Village) -> None:
    mai, lan = village.resident("1"), village.resident("2")
    closed, row = village.round("Đợt trước"), village.round("Đợt này")
    await mai.finishes(closed.code)
    village.close(closed.id)
    await mai.starts(row.code)
    await mai.taps("Chưa hài lòng")
    await lan.finishes(row.code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Rút lại đồng ý")
    assert "Phiếu của đợt đã đóng" in mai.last.text
    await mai.taps("Giữ nguyên")
    assert len(village.rows(Ballot)) == 3
    await mai.says("dữ liệu của tôi")
    await mai.taps("Rút lại đồng ý", "Rút hết")
    assert "tôn trọng" in mai.last.text and len(village.rows(Person)) == 2
    assert [each.round_id for each in village.rows(Ballot)] == [closed.id, row.id]
    assert len([each for each in village.rows(Interview) if each.round_id == row.id]) == 1
    assert village.close(row.id) == 1


async def test_correcting_leads_to_what_can_be_corrected(village: Village) -> None:
    mai = village.resident()
    await mai.finishes(village.round().code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Sửa thông tin")
    assert mai.labels == ["Câu trả lời của tôi", "Đổi xã, ấp", "Ngôn ngữ / Language / ភាសា"]
    await mai.taps("Đổi xã, ấp")
    assert mai.last.title == "Bà con ở xã, phường nào?"


async def test_each_right_that_was_used_stands_in_the_register_without_the_address(village: Village) -> None:
    mai = village.resident("4711")
    await mai.finishes(village.round().code)
    for _ in range(2):  # twice on one day is one request
        await mai.says("dữ liệu của tôi")
    await mai.taps("Sửa thông tin")
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    rows = village.rows(DataRequest)
    assert [row.kind for row in rows] == ["see", "correct", "delete"]
    assert {row.whose for row in rows} == {whose(village.shared.key, "telegram", "4711")}
    assert rows[0].done_at and rows[2].erased_at and not rows[2].done_at
    [open_round] = village.rows(AuditEntry)
    assert (open_round.action, open_round.actor, open_round.subject) == ("person.delete", "resident", rows[0].whose)


async def test_it_shows_what_the_office_still_has_to_do_and_until_when(village: Village) -> None:
    mai = village.resident("4711")
    await mai.enters(village.round().code)
    owner = whose(village.shared.key, "telegram", "4711")
    with village.database.transaction() as connection:
        enter(connection, "delete", owner, via="office", received=datetime(2026, 11, 2, 3, tzinfo=UTC))
    await mai.says("dữ liệu của tôi")
    assert "đang chờ cơ quan làm: xóa (xong trước ngày 22/11/2026)" in mai.last.text


async def test_deleting_asks_first_and_can_be_called_off(village: Village) -> None:
    mai = village.resident()
    await mai.enters(village.round().code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Không xóa")
    assert mai.last.title == "Đường sá thế nào?" and len(village.rows(Person)) == 1


async def test_deleting_leaves_no_row_of_the_person_and_no_ballot_of_an_open_round(village: Village) -> None:
    mai, lan = village.resident("1"), village.resident("2")
    row = village.round()
    await mai.finishes(row.code)
    await lan.finishes(row.code)
    person = next(each.person_id for each in village.rows(Address) if each.address == "1")
    await mai.says("mã tiếp tục")
    village.open(village.draft("Đợt sau").id)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert "Đã xóa" in mai.last.text
    for table in (Person, Address, Consent, Interview):
        assert len(village.rows(table)) == 1, table
    assert len(village.rows(Ballot)) == 1 and village.rows(ShortCode) == []
    assert [each for each in village.rows(Delivery) if each.person_id == person] == []
    invitation = next(each for each in village.rows(Delivery) if each.state == "cancelled")
    assert (invitation.kind, invitation.address, invitation.payload) == ("invite", "", None)


async def test_after_deleting_the_inbox_does_not_know_the_address(village: Village) -> None:
    mai = village.resident("4711")
    await mai.enters(village.round().code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert [row for row in village.rows(Event) if row.address or row.payload] == []


async def test_the_tally_of_a_closed_round_stays(village: Village) -> None:
    mai = village.resident()
    row = village.round()
    await mai.finishes(row.code)
    assert village.close(row.id) == 1
    before = village.rows(Ballot)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert village.rows(Ballot) == before and village.rows(Person) == []


async def test_who_was_deleted_is_a_stranger_again(village: Village) -> None:
    mai = village.resident()
    code = village.round().code
    await mai.enters(code)
    await mai.says("dữ liệu của tôi")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    await mai.enters(code)
    assert mai.last.title == "Đường sá thế nào?" and len(village.rows(Person)) == 1


async def test_a_stranger_may_ask_to_be_deleted(village: Village) -> None:
    mai = village.resident()
    await mai.says("/data")
    await mai.taps("Xóa dữ liệu của tôi", "Xóa hết")
    assert "Đã xóa" in mai.last.text and village.rows(Person) == []
    await mai.presses(mai.heard[-2].choices[0].token)  # once more, on the old message
    assert village.rows(Person) == []
