"""`kiosk open / list / close` as an operator types them."""

import pytest
from terminal import Run, refused
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry, Kiosk


def test_a_link_and_a_pin_are_printed_once_and_never_stored(run: Run, village: Village) -> None:
    entry = village.round()
    made = run("kiosk", "open", str(entry.id), "--unit", THUAN_HOA, "--json").json
    assert made["kiosk"] == 1 and "/kiosk/start/" in made["link"] and len(made["pin"]) == 6
    [row] = village.rows(Kiosk)
    token = made["link"].rpartition("/")[2]
    assert made["pin"] not in row.pin and token not in str(row)
    said = run("kiosk", "open", entry.name, "--unit", f"{THUAN_HOA}/Ấp 1 (mẫu)", "--pin", "1357").out
    assert "1357" in said and "máy trả lời số 2" in said
    audited = [(each.action, str(each.detail)) for each in village.rows(AuditEntry)]
    assert [action for action, _ in audited] == ["kiosk.open"] * 2
    assert not any(token in detail or "1357" in detail for _, detail in audited)


@pytest.mark.both_stores
def test_the_list_tells_what_became_of_each(run: Run, village: Village) -> None:
    entry, other = village.round(), village.round("Đợt khác")
    for each in (entry, other):
        run("kiosk", "open", str(each.id), "--unit", THUAN_HOA)
    assert run("kiosk", "close", "1").code == 0
    rows = run("kiosk", "list", "--json").json["kiosks"]
    assert [(row["kiosk"], row["state"], row["ballots"]) for row in rows] == [(1, "ended", 0), (2, "waiting", 0)]
    assert [row["kiosk"] for row in run("kiosk", "list", "Đợt khác", "--json").json["kiosks"]] == [2]
    assert "chưa dùng" in run("kiosk", "list").out


def test_wrong_orders_are_refused_with_the_reason(run: Run, village: Village) -> None:
    entry = village.round()
    refused(run("kiosk", "open", str(entry.id), "--unit", AN_THANH), "không hỏi ở")
    refused(run("kiosk", "open", str(entry.id), "--unit", "99999"), "không có đơn vị")
    refused(run("kiosk", "open", "Đợt nào đó", "--unit", THUAN_HOA), "không có đợt nào")
    refused(run("kiosk", "open", str(entry.id), "--unit", THUAN_HOA, "--pin", "12"), "4 đến 12 chữ số")
    refused(run("kiosk", "close", "7"), "không có máy trả lời số 7")
    run("kiosk", "open", str(entry.id), "--unit", THUAN_HOA)
    run("kiosk", "close", "1")
    refused(run("kiosk", "close", "1"), "đã kết thúc")
    assert run("staff", "add", "Lê Văn Ba", "--role", "official", "--unit", AN_THANH, "--password", "x" * 14).code == 0
    refused(run("kiosk", "open", str(entry.id), "--unit", THUAN_HOA, "--as", "Lê Văn Ba"), "không phụ trách")
