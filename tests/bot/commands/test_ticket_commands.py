"""`tickets` in the command line."""

import pytest
from terminal import Run
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry, Ticket


@pytest.mark.both_stores
async def test_requests_are_listed_and_read_and_reading_is_logged(run: Run, village: Village) -> None:
    assert run("tickets", "list").out.strip() == "không có yêu cầu nào"
    village.settle("1001")
    mai = village.resident()
    await mai.says("gặp người")
    await mai.says("giúp tôi nộp hồ sơ, số tôi 0912 345 678")
    [ticket] = village.rows(Ticket)
    [listed] = run("tickets", "list", "--json").json["tickets"]
    assert (listed["ticket"], listed["state"], listed["unit"], listed["staff"]) == (
        ticket.id, "open", "Xã Thuận Hòa", None,
    )  # fmt: skip
    assert str(ticket.id) in run("tickets", "list", "--unit", THUAN_HOA).out
    assert run("tickets", "list", "--unit", AN_THANH, "--json").json == {"tickets": []}
    assert run("tickets", "list", "--state", "closed", "--json").json == {"tickets": []}
    shown = run("tickets", "show", str(ticket.id), "--json")
    assert shown.json["lines"] == [{"by": "resident", "text": "giúp tôi nộp hồ sơ, số tôi […]"}]
    assert "bà con (" in run("tickets", "show", str(ticket.id)).out and "1001" not in shown.out
    assert [entry.action for entry in village.rows(AuditEntry)] == ["ticket.show"] * 2
    missing = run("tickets", "show", "7")
    assert missing.code == 1 and "không có yêu cầu số 7" in missing.err
