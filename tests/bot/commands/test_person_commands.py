"""`person export / delete / requests / receive / settle`."""

import json
from pathlib import Path

import pytest
from attacks import files_of, offsets
from terminal import Run
from village import Village

from storage.tables import Address, AuditEntry, Ballot, DataRequest, Person

CHAT = "7700112233445566"


async def taken_part(village: Village) -> None:
    mai = village.resident(CHAT)
    row = village.round("Đợt mùa khô")
    await mai.enters(row.code)
    await mai.taps("Chưa hài lòng")


@pytest.mark.both_stores
async def test_an_export_holds_everything_but_answers_and_is_for_its_owner_only(
    run: Run, village: Village, tmp_path: Path
) -> None:
    await taken_part(village)
    kept = run("person", "export", f"telegram:{CHAT}").json
    assert kept["language"] == "vi" and kept["consent"] is True and kept["hamlet"] == "Ấp 1 (mẫu)"
    assert [(row["name"], row["state"]) for row in kept["rounds"]] == [("Đợt mùa khô", "started")]
    assert [row["given"] for row in kept["consents"]] == [True]
    assert "khong" not in json.dumps({**kept, "note": ""}) and "note" in kept
    assert run("person", "export", CHAT, "--out", "mai.json").code == 0
    assert json.loads((tmp_path / "mai.json").read_text(encoding="utf-8"))["person"] == kept["person"]
    assert (tmp_path / "mai.json").stat().st_mode & 0o777 == 0o600


async def test_a_deletion_leaves_no_row_no_byte_and_an_entry_that_names_nobody(run: Run, village: Village) -> None:
    await taken_part(village)
    done = run("person", "delete", f"telegram:{CHAT}", "--yes", "--by", "Lê Thị Ba", "--json")
    assert (done.code, done.json) == (0, {"deleted": True, "scrubbed": True})
    for table in (Person, Address, Ballot):
        assert village.rows(table) == []
    [request] = village.rows(DataRequest)
    assert request.kind == "delete" and request.done_at
    [entry] = village.rows(AuditEntry)
    assert (entry.action, entry.actor, entry.subject) == ("person.delete", "Lê Thị Ba", request.whose)
    if village.database.dialect == "sqlite":
        assert offsets(files_of(village.database), [CHAT.encode()]) == {}
    again = run("person", "delete", f"telegram:{CHAT}", "--yes")
    assert again.code == 1 and "không có ai ở địa chỉ" in again.err


async def test_the_register_shows_what_waits_until_it_is_settled(run: Run, village: Village) -> None:
    await taken_part(village)
    words = ("person", "receive", "see", f"telegram:{CHAT}", "--at", "2026-11-02T09:00", "--json")
    number = run(*words).json["request"]
    assert run("person", "receive", "delete", "zalo:nobody").code == 0  # of somebody of whom nothing is kept
    shown = run("person", "requests", "--json").json
    assert [row["kind"] for row in shown["requests"]] == ["see", "delete"]
    first = shown["requests"][0]
    assert (first["answer_by"], first["done_by"], first["via"]) == ("2026-11-04", "2026-11-12", "office")
    assert shown["deadlines"]["status"] == "unconfirmed" and shown["deadlines"]["days"]["delete"] == 20
    assert CHAT not in json.dumps(shown) and "chưa đối chiếu công báo" in run("person", "requests").out
    assert run("person", "settle", str(number), "--answered").code == 0
    assert run("person", "export", CHAT).code == 0  # which does what was asked
    assert [row["kind"] for row in run("person", "requests", "--json").json["requests"]] == ["delete"]
    assert run("person", "settle", str(number)).code == 1
    everything = run("person", "requests", "--all", "--json").json["requests"]
    assert {row["request"]: row["state"] for row in everything}[number] == "done"


def test_somebody_unknown_is_refused_with_what_to_write(run: Run, village: Village) -> None:
    refused = run("person", "export", "4711")
    assert (refused.code, refused.out) == (1, "") and "telegram:123456" in refused.err
    assert run("person", "receive", "forget", "telegram:1").code == 2
