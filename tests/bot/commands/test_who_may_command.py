"""Commands that an account is named for: refused where its role or its units do not allow it, done where they do."""

from pathlib import Path

import pytest
from terminal import ONE_STORE, Run, refused
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry, CriterionNote, FaqExample, FaqQuestion, PaperBatch, Staff, Ticket

pytestmark = ONE_STORE
NOTE = ("xa-ntm-nang-cao-2021-2025/13.7", "--says", "has", "--document", "Báo cáo", "--date", "2025-05-01")


def hire(run: Run, name: str, role: str, unit: str = THUAN_HOA) -> None:
    assert run("staff", "add", name, "--role", role, "--unit", unit, "--password", "mat khau rat dai").code == 0


@pytest.fixture
def hired(run: Run, village: Village) -> Run:
    hire(run, "Nhân", "staff")
    hire(run, "Hỗ", "helper")
    hire(run, "Xa", "official", AN_THANH)
    return run


@pytest.mark.parametrize("flag", ["--as", "--by"])
async def test_a_closed_round_is_exported_and_printed_by_its_own_staff_only(
    hired: Run, village: Village, tmp_path: Path, flag: str
) -> None:
    row = village.round("Đợt một")
    await village.resident("1001").finishes(row.code)
    village.close(row.id)
    key = str(row.id)
    for order in (
        ("export", key, "--format", "csv", "--out", "phieu.csv"),
        ("paper", key, "minutes", "--out", "bien-ban.docx"),
    ):
        assert refused(hired(*order, flag, "Hỗ"), "vai trò helper")
        assert refused(hired(*order, flag, "Xa"), "Xa không phụ trách")
        assert not (tmp_path / order[-1]).exists()
        assert hired(*order, flag, "Nhân").code == 0
        assert hired(*order, "--by", "Không Ai").code == 0  # the operator, who names somebody
    actors = [entry.actor for entry in village.rows(AuditEntry) if entry.action in ("export", "paper")]
    assert actors == ["Nhân", "Không Ai"] * 2


def test_paper_ballots_come_in_from_ones_own_hamlets_only(hired: Run, village: Village, tmp_path: Path) -> None:
    row = village.round("Đợt giấy", units=[THUAN_HOA, AN_THANH])
    for unit, name in ((THUAN_HOA, "home.csv"), (AN_THANH, "far.csv")):
        sheet = f"commune,hamlet,duong,can,nguoi,chung\n{unit},Ấp 1 (mẫu),co,,3,co\n"
        (tmp_path / name).write_text(sheet, encoding="utf-8")
    order = ("ballots", "import", str(row.id))
    assert refused(hired(*order, "home.csv", "--as", "Hỗ"), "vai trò helper")
    assert refused(hired(*order, "far.csv", "--as", "Nhân"), "Nhân không phụ trách")
    assert village.rows(PaperBatch) == []
    assert hired(*order, "home.csv", "--as", "Nhân").code == 0
    assert hired(*order, "far.csv", "--as", "Xa").code == 0


def test_evidence_is_noted_for_ones_own_places_only(hired: Run, village: Village) -> None:
    order = ("criteria", "note", THUAN_HOA, *NOTE)
    assert refused(hired(*order, "--as", "Hỗ"), "vai trò helper")
    assert refused(hired(*order, "--as", "Xa"), "không phụ trách")
    assert village.rows(CriterionNote) == []
    assert hired(*order, "--as", "Nhân").code == 0


async def test_questions_are_taught_and_dismissed_where_they_were_asked(hired: Run, village: Village) -> None:
    village.settle("1001")
    await village.resident().says("con gà nhà hàng xóm gáy om sòm suốt đêm thì phải bán cho ai mua")
    [group] = hired("faq", "review", "--json").json["groups"]
    asked = group["questions"][0]["id"]
    for order in (("faq", "learn", "none", asked), ("faq", "dismiss", asked)):
        assert refused(hired(*order, "--as", "Hỗ"), "vai trò helper")
        assert refused(hired(*order, "--as", "Xa"), "không phụ trách")
    assert len(village.rows(FaqQuestion)) == 1
    assert hired("faq", "learn", "none", asked, "--as", "Nhân").code == 0
    # An example answers everywhere: who takes it back is in charge of everything.
    assert refused(hired("faq", "unlearn", "1", "--as", "Nhân"), "không phụ trách")
    assert hired("faq", "unlearn", "1").code == 0 and village.rows(FaqExample) == []


async def test_a_request_is_read_by_whom_it_may_be_taken(hired: Run, village: Village) -> None:
    village.settle("1001")
    mai = village.resident()
    await mai.says("gặp người")
    await mai.says("giúp tôi nộp hồ sơ")
    [ticket] = village.rows(Ticket)
    order = ("tickets", "show", str(ticket.id))
    assert refused(hired(*order, "--as", "Xa"), "không phải của Xa")
    assert hired(*order, "--as", "Hỗ").code == hired(*order, "--by", "Nhân").code == 0


def test_no_account_makes_or_removes_accounts_whatever_its_role(hired: Run, village: Village) -> None:
    hire(hired, "Lan", "official", "92")
    new = ("staff", "add", "Hai", "--role", "official", "--unit", THUAN_HOA, "--password", "mat khau rat dai")
    for order in (new, ("staff", "remove", "Nhân"), ("staff", "code", "Nhân"), ("staff", "unlink", "Nhân")):
        assert refused(hired(*order, "--by", "Lan"), "chỉ người vận hành")
    assert {row.name for row in village.rows(Staff)} == {"Nhân", "Hỗ", "Xa", "Lan"}
    assert hired(*new, "--by", "Bà Sáu").code == 0
