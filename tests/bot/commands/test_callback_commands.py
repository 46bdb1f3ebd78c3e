"""`ballots callbacks / callback` as staff type them."""

import pytest
from terminal import Run, refused
from village import AN_THANH, THUAN_HOA, Village
from visits import helped

from storage.tables import AuditEntry, Ballot

HAMLET = f"{THUAN_HOA}/Ấp 1 (mẫu)"


def test_the_list_is_drawn_once_and_what_was_said_is_kept(run: Run, village: Village) -> None:
    entry = village.round(counts="household")
    cards = village.households(*map(str, range(1, 26)))
    assert "chưa có phiếu nào có người giúp" in run("ballots", "callbacks", str(entry.id)).out
    helped(village, entry, cards, "Lan")
    told = run("ballots", "callbacks", str(entry.id), "--json").json
    assert told["helpers"] == {"Lan": {"assisted": 25, "drawn": 2}} and len(told["callbacks"]) == 2
    assert told["results"] == {"confirmed": 0, "denied": 0, "unreachable": 0, "waiting": 2}
    assert run("ballots", "callbacks", str(entry.id), "--json").json["callbacks"] == told["callbacks"]
    one, other = (row["household"] for row in told["callbacks"])
    said = run("ballots", "callback", str(entry.id), HAMLET, one, "--result", "confirmed", "--by", "Bà Tư")
    assert said.code == 0 and f"hộ số {one}, đúng" in said.out
    gone = run("ballots", "callback", str(entry.id), HAMLET, other, "--result", "denied", "--note", "đi vắng", "--json")
    assert gone.json == {"household": other, "result": "denied", "taken_out": True}
    assert len(village.rows(Ballot)) == 24
    after = run("ballots", "callbacks", str(entry.id), "--json").json
    assert after["results"] == {"confirmed": 1, "denied": 1, "unreachable": 0, "waiting": 0}
    assert {row["household"]: row["note"] for row in after["callbacks"]}[other] == "đi vắng"
    shown = run("ballots", "callbacks", str(entry.id))
    assert (
        "không phải" in shown.out
        and "Lan: giúp 25 hộ, hỏi lại 2" in shown.out
        and "Đừng hỏi đã trả lời gì" in shown.err
    )
    actions = [(row.actor, row.action) for row in village.rows(AuditEntry) if "callback" in row.action]
    assert [action for _, action in actions] == ["ballots.callbacks", "ballots.callback", "ballots.callback"]
    assert actions[1][0] == "Bà Tư"


@pytest.mark.both_stores
def test_more_may_be_asked_for_while_the_round_is_open(run: Run, village: Village) -> None:
    entry = village.round(counts="household")
    helped(village, entry, village.households(*map(str, range(1, 11))), "Lan")
    assert len(run("ballots", "callbacks", str(entry.id), "--share", "0.5", "--json").json["callbacks"]) == 5
    village.close(entry.id)
    closed = run("ballots", "callbacks", str(entry.id), "--share", "1", "--json").json
    assert len(closed["callbacks"]) == 5 and closed["helpers"] == {}


def test_wrong_orders_are_refused_with_the_reason(run: Run, village: Village) -> None:
    entry = village.round(counts="household")
    helped(village, entry, village.households("12"), "Lan")
    village.households("13")
    run("ballots", "callbacks", str(entry.id))
    order = ("ballots", "callback", str(entry.id), HAMLET)
    refused(run(*order, "13", "--result", "confirmed"), "không có trong danh sách hỏi lại")
    refused(run(*order, "99", "--result", "confirmed"), "không có hộ số")
    refused(run(*order, "12", "--result", "confirmed", "--by", "Lan"), "không tự hỏi lại được")
    assert run(*order, "12", "--result", "maybe").code == 2
    refused(run("ballots", "callbacks", "Đợt nào đó"), "không có đợt nào")
    made = ("--unit", AN_THANH, "--password", "x" * 14)
    assert run("staff", "add", "Lê Văn Ba", "--role", "staff", *made).code == 0
    refused(run("ballots", "callbacks", str(entry.id), "--as", "Lê Văn Ba"), "không phụ trách")
    refused(run(*order, "12", "--result", "denied", "--as", "Lê Văn Ba"), "không phụ trách")
