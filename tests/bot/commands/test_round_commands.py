"""Reach, first wave, progress, recipients, and who may give which order, on the command line."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from terminal import LATER, SOON, Run, create, refused
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry, Delivery, Round, Staff, StaffChat, StaffCode
from surveys.secrecy.vault import SecretGone

PASSWORD = "mat khau rat dai"


def hire(run: Run, name: str, *, role: str = "official", unit: str = THUAN_HOA) -> None:
    assert run("staff", "add", name, "--role", role, "--unit", unit, "--password", PASSWORD).code == 0


def settle(village: Village, **values: Any) -> None:
    with village.database.transaction() as connection:
        connection.execute(
            update(Delivery).where(Delivery.state == "pending").values(settled_at=datetime.now(UTC), **values)
        )


def test_reach_says_whom_a_draft_would_reach_and_sends_nothing(run: Run, village: Village) -> None:
    village.settle("1", "2", hamlet_id=village.unit(f"{THUAN_HOA}/Ấp 2 (mẫu)"))
    create(run)
    found = run("round", "reach", "1", "--json").json
    assert found["people"]["reachable"] == 2 and found["people"]["by_channel"] == {"telegram": 2}
    assert found["estimate"]["messages"] == 2 and found["estimate"]["quiet_hours"] == "21:00–07:00"
    said = run("round", "reach", "1").out
    assert "nhắn được 2 trong 2" in said and "Ấp 2 (mẫu)" in said and "tin/giây" in said
    assert village.rows(Delivery) == []


def test_reach_of_nobody_says_how_people_come_instead(run: Run, village: Village) -> None:
    create(run)
    assert "mã QR" in run("round", "reach", "1").out


def test_a_first_wave_waits_for_round_continue(run: Run, village: Village) -> None:
    village.settle(*(str(number) for number in range(1, 41)))
    create(run)
    opened = run("round", "open", "1", "--first-wave", "--json").json
    assert opened["invited"] == 40 and opened["first_wave"]["people"] == 2 and opened["first_wave"]["waiting"] == 38
    assert "round continue 1" in run("round", "status", "1").out
    assert refused(run("round", "remind", "1"), "còn lời mời chưa gửi")
    assert run("round", "continue", "1", "--json").json == {"round": 1, "state": "open", "paused": False}
    assert refused(run("round", "continue", "1"), "không có phần nào đang chờ")


def test_a_yearly_round_makes_the_next_when_it_is_closed(run: Run, village: Village) -> None:
    create(run, repeat="yearly", name="Đợt 2026")
    run("round", "open", "1")
    assert run("round", "close", "1", "--by", "Nguyễn Văn Một", "--with", "Trần Thị Hai").code == 0
    first, second = village.rows(Round)
    assert (first.state, second.state, second.follows, second.repeat) == ("closed", "scheduled", 1, "yearly")


def test_status_says_how_fast_it_goes_and_why_messages_did_not_arrive(run: Run, village: Village) -> None:
    village.settle("1", "2", "3")
    create(run)
    run("round", "open", "1")
    with village.database.transaction() as connection:
        ends = {"1": ("sent", ""), "2": ("unreachable", "bot was blocked by the user")}
        for address, (state, reason) in ends.items():
            values = {"state": state, "reason": reason, "settled_at": datetime.now(UTC)}
            connection.execute(update(Delivery).where(Delivery.address == address).values(**values))
    now = run("round", "status", "1", "--json").json
    assert now["people"]["reasons"] == {"bot was blocked by the user": 1} and now["people"]["pending"] == 1
    assert now["rate_per_second"] > 0 and now["eta_seconds"] is not None
    said = run("round", "status", "1").out
    assert "lý do: đã chặn (1)" in said and "đang chờ 1" in said


def test_watching_ends_when_nothing_waits_and_leaves_json_alone(run: Run, village: Village) -> None:
    village.settle("1")
    create(run)
    run("round", "open", "1")
    settle(village, state="sent")
    watched = run("round", "status", "1", "--watch", "--json")
    assert watched.code == 0 and watched.json["people"]["sent"] == 1


def test_every_recipient_is_listed_and_the_uncertain_can_be_sent_again(run: Run, village: Village) -> None:
    village.settle("1", "2")
    create(run)
    run("round", "open", "1")
    settle(village, state="uncertain", reason="timeout", attempts=1)
    rows = run("round", "recipients", "1", "--state", "uncertain", "--json").json["recipients"]
    assert [(row["state"], row["reason"]) for row in rows] == [("uncertain", "timeout")] * 2
    assert "timeout" in run("round", "recipients", "1").out
    assert run("round", "recipients", "1", "--state", "lost").code == 2
    again = run("round", "resend", "1", "--yes", "--json").json
    assert again["resent"] == 2 and len(again["recipients"]) == 2
    assert refused(run("round", "resend", "1", "--yes", "--json"), "không có ai")


def test_cancelling_deletes_ballots_and_the_secret_and_says_how_many(run: Run, village: Village) -> None:
    create(run)
    run("round", "open", "1")
    assert run("round", "cancel", "1", "--json").json == {"round": 1, "state": "cancelled", "paused": False}
    [entry] = [entry for entry in village.rows(AuditEntry) if entry.action == "round.cancel"]
    assert entry.detail == {"ballots": 0}
    with pytest.raises(SecretGone):
        village.vault.round_secret(village.rows(Round)[0].code)


# Bad input, each refused with its reason


BAD_ORDERS = [
    (("pause",), "không đang gửi"),
    (("resume",), "không đang tạm dừng"),
    (("remind",), "không đang mở nên không nhắc được"),
    (("continue",), "không có phần nào đang chờ"),
    (("close", "--by", "Một", "--with", "Hai"), "còn là nháp nên không đóng được"),
    (("publish",), "còn là nháp"),
    (("resend", "--yes", "--json"), "không đang gửi"),
]


@pytest.mark.parametrize(("order", "reason"), BAD_ORDERS)
def test_a_draft_takes_no_order_for_an_open_round(
    run: Run, village: Village, order: tuple[str, ...], reason: str
) -> None:
    create(run)
    assert refused(run("round", order[0], "1", *order[1:]), reason)
    assert village.rows(Round)[0].state == "draft"


def test_a_target_in_which_nobody_lives_is_refused(run: Run, village: Village) -> None:
    empty = "31507"  # a real commune of which we know neither hamlets nor households
    assert refused(create(run, unit=empty), "chưa có ấp, chưa có số hộ nên không hỏi ai được", "places import")
    assert village.rows(Round) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"remind": "2000-01-01T08:00"}, "giờ nhắc"),
        ({"remind": "2099-03-01T08:00"}, "giờ nhắc"),
        ({"opens": SOON, "remind": "2098-12-31T08:00"}, "giờ nhắc"),
        ({"opens": "2020-01-01T08:00"}, "giờ mở đợt đã qua"),
    ],
)
def test_moments_that_make_no_sense_are_refused(
    run: Run, village: Village, changes: dict[str, str], reason: str
) -> None:
    assert refused(create(run, **changes), reason)
    assert village.rows(Round) == []


def test_a_round_whose_opening_time_is_over_is_not_scheduled(run: Run) -> None:
    create(run)
    assert refused(run("round", "schedule", "1"), "đã tới", "round open 1")


# Who may give which order


def test_an_official_makes_no_round_across_units_they_are_not_in_charge_of(run: Run, village: Village) -> None:
    hire(run, "Lan")
    made = run(
        *("round", "create", "--form", "ntm-hai-long", "--unit", THUAN_HOA, "--unit", AN_THANH, "--name", "Hai xã"),
        *("--opens", "now", "--closes", LATER, "--rule", "xa-nang-cao-chua-xac-nhan", "--as", "Lan"),
    )
    assert refused(made, "Lan không phụ trách Xã An Thạnh") and village.rows(Round) == []


@pytest.mark.parametrize("flag", ["--as", "--by"])
def test_orders_for_a_round_of_others_are_refused(run: Run, village: Village, flag: str) -> None:
    hire(run, "Lan")
    create(run, unit=AN_THANH)
    for order in ("open", "schedule", "cancel"):
        assert refused(run("round", order, "1", flag, "Lan"), "Lan không phụ trách Xã An Thạnh")
    assert village.rows(Round)[0].state == "draft"
    assert refused(run("round", "status", "1", "--as", "Lan"), "không phụ trách")
    assert refused(run("round", "reach", "1", "--as", "Lan"), "không phụ trách")
    assert refused(run("round", "recipients", "1", "--as", "Lan"), "không phụ trách")


def test_who_acts_must_have_an_account_and_who_is_only_named_need_not(run: Run, village: Village) -> None:
    create(run)
    assert refused(run("round", "open", "1", "--as", "Không Ai"), "không có cán bộ nào tên “Không Ai”")
    assert run("round", "open", "1", "--by", "Không Ai").code == 0
    assert {row.actor for row in village.rows(AuditEntry) if row.action == "round.open"} == {"Không Ai"}


def test_an_official_closes_no_round_of_others(run: Run, village: Village) -> None:
    hire(run, "Lan")
    create(run, unit=AN_THANH)
    run("round", "open", "1")
    assert refused(run("round", "close", "1", "--by", "Lan", "--with", "Trần Thị Hai"), "không phụ trách")
    assert village.rows(Round)[0].state == "open"


def test_two_accounts_close_a_round_and_a_name_without_one_does_not(run: Run, village: Village) -> None:
    create(run)
    run("round", "open", "1")
    hire(run, "Lan")
    hire(run, "Nhân", role="staff")
    for name, why in (("Trần Thị Hai", "staff add"), ("Nhân", "vai trò staff"), ("NHÂN", "vai trò staff")):
        assert refused(run("round", "close", "1", "--by", "Lan", "--with", name), why)
    hire(run, "Trần Thị Hai", unit="92")
    closed = run("round", "close", "1", "--by", "lan", "--with", "trần thị hai")
    assert (closed.code, closed.err) == (0, "")
    assert village.rows(Round)[0].closed_by == ["Lan", "Trần Thị Hai"]


def test_where_nobody_has_an_account_yet_two_names_close_a_round_and_that_is_said(run: Run, village: Village) -> None:
    create(run)
    run("round", "open", "1")
    closed = run("round", "close", "1", "--by", "Bà Sáu", "--with", "Ông Tư", "--json")
    assert closed.json["state"] == "closed"
    assert closed.err.count("\n") == 1 and "không có tài khoản" in closed.err
    assert village.rows(Round)[0].closed_by == ["Bà Sáu", "Ông Tư"]


def test_capital_letters_make_no_second_person(run: Run, village: Village) -> None:
    hire(run, "Lan")
    again = run("staff", "add", "LAN", "--role", "helper", "--unit", THUAN_HOA, "--password", PASSWORD)
    assert refused(again, "đã có người tên “Lan”")
    assert run("staff", "remove", "lan").code == 0 and village.rows(Staff) == []


# Codes that make a chat an official's


def test_a_code_is_shown_once_and_only_its_hmac_is_kept(run: Run, village: Village) -> None:
    hire(run, "Lan")
    first, second = (run("staff", "code", "Lan", "--json").json["code"] for _ in range(2))
    assert first != second and first.startswith("QL-")
    [row] = village.rows(StaffCode)
    assert second not in str(row) and second.replace("-", "")[2:] not in str(row)
    assert "staff.code" in [entry.action for entry in village.rows(AuditEntry)]
    assert all(second not in str(entry) for entry in village.rows(AuditEntry))


def test_only_who_is_of_the_staff_gets_a_code(run: Run, village: Village) -> None:
    hire(run, "Hỗ", role="helper")
    assert run("staff", "code", "Hỗ", "--json").json["staff"] == "Hỗ"
    assert refused(run("staff", "code", "Không Ai"), "không có cán bộ")


def test_unlinking_and_removing_somebody_ends_their_chats_and_codes(run: Run, village: Village) -> None:
    for leave in ("unlink", "remove"):
        if not village.rows(Staff):
            hire(run, "Lan")
        run("staff", "code", "Lan")
        with village.database.transaction() as connection:
            staff_id = village.rows(Staff)[0].id
            connection.execute(
                StaffChat.__table__.insert().values(digest=leave, staff_id=staff_id, since=datetime.now(UTC))
            )
        assert run("staff", leave, "Lan").code == 0
        assert village.rows(StaffChat) == [] and village.rows(StaffCode) == []
