"""`paper … ballot --codes`: a blank ballot for each household of a list, its QR on a stub to tear off."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from terminal import Run, refused
from village import AN_THANH, THUAN_HOA, Village

from storage.tables import AuditEntry
from surveys.forms.xlsform import read_form, shipped_forms

HAMLET = "Ấp 1 (mẫu)"


@pytest.fixture
def codes(run: Run, village: Village, tmp_path: Path) -> Path:
    """The codes of three households, from the command that makes them."""
    register = tmp_path / "so.csv"
    rows = [f"{unit},{HAMLET},{number}" for unit, number in ((THUAN_HOA, 1), (THUAN_HOA, 2), (AN_THANH, 3))]
    register.write_text("\n".join(["commune,hamlet,household", *rows]), encoding="utf-8")
    assert run("households", "import", str(register), "--yes").code == 0
    for unit in (THUAN_HOA, AN_THANH):
        assert run("households", "codes", unit, "--out", f"ma-{unit}.csv").code == 0
    return tmp_path / f"ma-{THUAN_HOA}.csv"


def changed(path: Path, change: Callable[[list[dict[str, str]]], object]) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    other = path.with_name("khac.csv")
    with other.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(other)


def test_each_household_gets_a_ballot_with_its_code_on_the_stub(run: Run, village: Village, codes: Path) -> None:
    form = read_form(shipped_forms()["ntm-hai-long"])
    village.round("Đợt giấy", counts="household", units=[THUAN_HOA, AN_THANH], form=form)
    done = run("paper", "1", "ballot", "--unit", THUAN_HOA, "--codes", str(codes), "--out", "phieu.pdf")
    assert done.code == 0
    whole = "\n".join(page.extract_text() for page in PdfReader("phieu.pdf").pages)
    with codes.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            assert whole.count(row["code"]) == 1 and f"Hộ số {row['household']}" in whole
    assert whole.count("PHIẾU LẤY Ý KIẾN") == 2 and whole.count("xé rời") == 2
    assert (
        run("paper", "1", "ballot", "--codes", str(codes), "--also", "km", "--out", "km.pdf", "--unit", THUAN_HOA).code
        == 0
    )
    for page in (page.extract_text() for page in PdfReader("km.pdf").pages):
        cut = page.count("Hài lòng") - page.count("Chưa hài lòng")
        assert cut == page.count("Rất hài lòng"), "no question is cut in two by a page"
    assert not any("HO-" in str(row.detail) for row in village.rows(AuditEntry))


def test_a_code_that_is_worth_nothing_is_named_by_row_and_nothing_is_printed(
    run: Run, village: Village, codes: Path
) -> None:
    village.round("Đợt giấy", counts="household", units=[THUAN_HOA, AN_THANH])

    def printed(file: str, *what: str) -> None:
        refused(run("paper", "1", "ballot", "--unit", THUAN_HOA, "--codes", file, "--out", "phieu.pdf"), *what)
        assert not Path("phieu.pdf").exists()

    printed(str(codes.with_name(f"ma-{AN_THANH}.csv")), "dòng 2", "không thuộc đơn vị")
    printed(changed(codes, lambda rows: rows[1].update(code=rows[0]["code"])), "dòng 3", "không phải của cùng một hộ")
    printed(changed(codes, lambda rows: rows.append(rows[0])), "dòng 4", "có hai dòng")
    printed(changed(codes, lambda rows: rows[0].update(code="", link="")), "dòng 2", "thiếu mã")
    assert run("households", "void", f"{THUAN_HOA}/{HAMLET}", "2").code == 0
    printed(str(codes), "dòng 3", "đã hủy")
    out = ("--unit", THUAN_HOA, "--out", "phieu.docx", "--codes", str(codes))
    assert run("paper", "1", "ballot", *out).code == 2 and run("paper", "1", "poster", *out).code == 2
