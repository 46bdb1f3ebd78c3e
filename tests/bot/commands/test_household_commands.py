"""`households …`: the register in, taken back, codes out, lost cards; nothing half-written."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from terminal import Run, refused
from village import AN_THANH, THUAN_HOA, Village

from places.register.households import find_by_code
from storage.tables import AuditEntry, Household, HouseholdCode, RegisterImport
from surveys.ballots.participation import claim_household
from surveys.secrecy.vault import Vault

ONE, TWO = "Ấp 1 (mẫu)", "Ấp 2 (mẫu)"
COLUMNS = ("commune", "hamlet", "household", "note")


def write(path: Path, *rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return str(path)


@pytest.fixture
def register(run: Run, village: Village, tmp_path: Path) -> Path:
    path = tmp_path / "so-ho.csv"
    write(path, *((THUAN_HOA, ONE, str(number), "") for number in range(1, 11)), (THUAN_HOA, "ấp 2", "1", "ghi chú"))
    assert run("households", "import", str(path), "--yes").code == 0
    return path


def households(run: Run, unit: str = THUAN_HOA) -> list[tuple[str, str]]:
    found = run("households", "list", unit, "--json").json["households"]
    return [(row["hamlet"], row["household"]) for row in found]


def counted(run: Run, hamlet: str) -> int | None:
    places = run("places", "list", "--json").json["places"]
    found: int | None = next(place["households"] for place in places if place["name"] == hamlet)
    return found


def test_the_difference_is_shown_before_anything_is_written(
    run: Run, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    path = write(tmp_path / "so.csv", (THUAN_HOA, ONE, "12", ""), (THUAN_HOA, ONE, "13", ""))
    asked = run("households", "import", path)
    assert asked.code == 1 and f"+ {ONE} ({THUAN_HOA}): 2 hộ mới (12, 13)" in asked.out
    assert not village.rows(Household) and not village.rows(RegisterImport)


def test_the_register_comes_in_and_the_hamlets_numbers_follow(run: Run, village: Village, register: Path) -> None:
    assert households(run) == [*((ONE, str(number)) for number in range(1, 11)), (TWO, "1")]
    assert counted(run, ONE) == 10
    again = run("households", "import", str(register))
    assert again.code == 0 and "không có gì thay đổi" in again.out
    assert [row.action for row in village.rows(AuditEntry)] == ["households.import"]


@pytest.mark.both_stores
def test_an_import_is_taken_back_with_the_number_of_before(run: Run, village: Village, tmp_path: Path) -> None:
    before = counted(run, ONE)
    first = write(tmp_path / "mot.csv", (THUAN_HOA, ONE, "1", "cũ"))
    second = write(tmp_path / "hai.csv", (THUAN_HOA, ONE, "1", "mới"), (THUAN_HOA, ONE, "2", ""))
    for path in (first, second):
        assert run("households", "import", path, "--yes").code == 0
    assert run("households", "cards", THUAN_HOA, "--out", "the.pdf").code == 0
    assert run("households", "undo", "--yes").code == 0
    assert [(row.number, row.note) for row in village.rows(Household)] == [("1", "cũ")] and counted(run, ONE) == 1
    assert run("households", "undo", "--yes").code == 0
    assert not village.rows(Household) and counted(run, ONE) == before and not village.rows(HouseholdCode)
    refused(run("households", "undo", "--yes"), "chưa có lần nhập")


def test_an_import_whose_households_took_part_is_not_taken_back(run: Run, village: Village, register: Path) -> None:
    entry = village.round(counts="household")
    household = next(row.id for row in village.rows(Household) if row.number == "7")
    with village.database.transaction() as connection:
        claim_household(connection, entry.id, household, "paper", entry.opens_at)
    refused(run("households", "undo", "--yes"), "1 hộ đã tham gia", "hộ số 7")
    assert len(village.rows(Household)) == 11


def test_each_wrong_row_is_named_and_nothing_is_written(run: Run, village: Village, tmp_path: Path) -> None:
    path = write(
        tmp_path / "sai.csv",
        (THUAN_HOA, ONE, "1", ""),
        ("99999", ONE, "2", ""),
        (THUAN_HOA, "Ấp Không Có", "3", ""),
        (THUAN_HOA, ONE, " 1 ", ""),
        (THUAN_HOA, ONE, "", ""),
    )
    result = run("households", "import", path, "--yes")
    refused(result, "hàng 3: cột commune", "99999", "hàng 4: cột hamlet", "Ấp Không Có", "đã có ở hàng 2", "hàng 6")
    assert not village.rows(Household)
    path = write(tmp_path / "ct.csv", (THUAN_HOA, ONE, "=1+1", ""), (THUAN_HOA, ONE, "x" * 41, ""))
    refused(run("households", "import", path, "--yes"), "công thức", "dài quá 40")
    refused(run("households", "import", write(tmp_path / "thieu.csv", columns=COLUMNS[:2]), "--yes"), "thiếu cột")
    refused(run("households", "import", write(tmp_path / "trong.csv"), "--yes"), "không có hộ nào")


def test_a_workbook_is_read_sheet_by_sheet_and_its_faults_named_by_sheet(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Thuận Hòa"
    first.append(COLUMNS[:3])
    first.append((int(THUAN_HOA), ONE, 12))
    second, notes = book.create_sheet("An Thạnh"), book.create_sheet("Hướng dẫn")
    notes.append(("Mỗi hộ một hàng",))
    second.append(COLUMNS[:3])
    second.append((AN_THANH, ONE, 12))
    book.save(tmp_path / "so.xlsx")
    assert run("households", "import", "so.xlsx", "--yes").code == 0
    assert households(run) == households(run, AN_THANH) == [(ONE, "12")]
    second.append((AN_THANH, "Ấp Lạ", 1))
    book.save(tmp_path / "sai.xlsx")
    refused(run("households", "import", "sai.xlsx", "--yes"), "trang “An Thạnh”, hàng 3", "Ấp Lạ")
    second["C3"] = "=C2+1"
    second["B3"] = "#REF!"
    book.save(tmp_path / "ct.xlsx")
    refused(run("households", "import", "ct.xlsx", "--yes"), "trang “An Thạnh”", "C3 là công thức", "B3 báo lỗi #REF!")


def test_columns_with_names_of_people_are_not_kept(run: Run, village: Village, tmp_path: Path) -> None:
    path = write(tmp_path / "ten.csv", (THUAN_HOA, ONE, "1", "Người Mẫu"), columns=(*COLUMNS[:3], "Chủ hộ"))
    result = run("households", "import", path, "--yes")
    assert "không lưu cột chu_ho" in result.out and "Mẫu" not in str([row.note for row in village.rows(Household)])


def test_five_thousand_households_come_in_and_get_their_cards_at_once(
    run: Run, village: Village, tmp_path: Path
) -> None:
    path = write(tmp_path / "lon.csv", *((THUAN_HOA, ONE, f"{number}", "") for number in range(5000)))
    assert run("households", "import", path, "--yes", "--json").json["added"] == 5000
    assert run("households", "codes", THUAN_HOA, "--out", "ma.csv", "--json").json["issued"] == 5000
    assert len(village.rows(HouseholdCode)) == 5000


def test_cards_carry_codes_that_are_stored_as_keyed_digests_only(run: Run, village: Village, register: Path) -> None:
    made = run("households", "cards", THUAN_HOA, "--out", "the.pdf", "--json")
    assert made.json["issued"] == 11 and "public_url" in made.err
    pages = PdfReader("the.pdf").pages
    assert len(pages) == 3, "eight to a page, a hamlet on its own sheets"
    assert Path("the.pdf").stat().st_mode & 0o077 == 0
    refused(run("households", "cards", THUAN_HOA, "--out", "lai.pdf"), "đã có mã", "--reissue")
    assert not Path("lai.pdf").exists()
    refused(run("households", "cards", THUAN_HOA, "--household", "1", "--out", "mot.pdf"), "ghi rõ ấp")
    assert run("households", "cards", THUAN_HOA, "--household", "3", "--out", "ba.pdf", "--json").json["issued"] == 1
    row = next(row for row in village.rows(AuditEntry) if row.action == "households.card")
    assert "11" in str(row.detail)


def test_a_list_of_codes_opens_and_a_void_one_does_not(run: Run, village: Village, register: Path) -> None:
    assert run("households", "codes", THUAN_HOA, "--out", "ma.csv").code == 0
    with Path("ma.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11 and rows[0]["link"].rpartition("/h/")[2].isalnum()
    key = Vault(Path("secrets")).program_key()

    def outcome(text: str) -> str:
        return village.database.read_now(lambda connection: find_by_code(connection, key, text))[0]

    assert outcome(rows[0]["code"]) == outcome(rows[0]["link"]) == outcome(rows[1]["link"]) == "valid"
    stored = str(village.rows(HouseholdCode))
    assert all(row["code"] not in stored and row["link"][-26:] not in stored for row in rows)
    hamlet = f"{THUAN_HOA}/{ONE}"
    assert run("households", "void", hamlet, rows[0]["household"]).code == 0
    assert run("households", "remove", hamlet, rows[1]["household"]).code == 0
    assert outcome(rows[0]["code"]) == outcome(rows[1]["link"]) == "void"
    assert counted(run, ONE) == 9
    refused(run("households", "remove", hamlet, rows[1]["household"]), "đã bỏ")
    refused(run("households", "codes", hamlet, "--household", rows[1]["household"], "--out", "x.csv"), "đã bỏ khỏi sổ")
    new = run("households", "codes", hamlet, "--household", rows[0]["household"], "--out", "moi.csv", "--json")
    assert new.json["issued"] == 1
    actions = [row.action for row in village.rows(AuditEntry)]
    assert actions == [
        "households.import",
        "households.list",
        "households.void",
        "households.remove",
        "households.list",
    ]
    assert run("audit", "verify").code == 0


def test_a_file_that_cannot_be_written_issues_no_code(run: Run, village: Village, register: Path) -> None:
    for command, out in (("cards", "khong/co/the.pdf"), ("codes", "khong/co/ma.csv")):
        refused(run("households", command, THUAN_HOA, "--out", out), "không ghi được")
    assert not village.rows(HouseholdCode)
