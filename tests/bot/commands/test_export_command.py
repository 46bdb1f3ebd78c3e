"""`export`: logged before the file takes its place, refused before the close."""

import csv
import hashlib
from pathlib import Path

import pytest
from openpyxl import load_workbook
from terminal import Run
from village import Village

FORMATS = ("csv", "xlsx", "sav", "parquet", "json")


@pytest.mark.parametrize("shape", FORMATS)
async def test_an_export_is_written_and_logged_with_its_hash(
    run: Run, village: Village, tmp_path: Path, shape: str
) -> None:
    row = village.round("Đợt một")
    await village.resident("1001").finishes(row.code)
    await village.resident("1002").finishes(row.code, road="Chưa hài lòng")
    refused = run("export", str(row.id), "--format", shape, "--out", "phieu")
    assert (refused.code, refused.out, len(refused.err.splitlines())) == (1, "", 1)
    assert not (tmp_path / "phieu").exists()
    village.close(row.id)
    done = run("export", str(row.id), "--format", shape, "--out", "phieu", "--by", "Lê Thị Ba", "--json")
    assert (done.code, done.err, done.json["rows"]) == (0, "", 2)
    entry = run("audit", "list", "--json").json["entries"][-1]
    assert (entry["action"], entry["actor"], entry["subject"]) == ("export", "Lê Thị Ba", str(row.id))
    sha256 = hashlib.sha256((tmp_path / "phieu").read_bytes()).hexdigest()
    texts = "apart" if shape == "xlsx" else "together"
    assert entry["detail"] == {"format": shape, "texts": texts, "rows": 2, "sha256": sha256, "file": "phieu"}
    assert done.json["sha256"] == sha256
    assert run("audit", "verify").code == 0


async def test_a_formula_typed_by_a_resident_is_harmless_in_the_sheet(
    run: Run, village: Village, tmp_path: Path
) -> None:
    row = village.round("Đợt một")
    resident = village.resident("1001")
    await resident.enters(row.code)
    await resident.taps("Chưa hài lòng", "Đèn đường", "Xong câu này")
    await resident.says("4")
    await resident.taps("Bỏ qua")
    await resident.says('=HYPERLINK("http://x.example","bấm")')
    await resident.taps("Hài lòng")
    village.close(row.id)
    assert run("export", str(row.id), "--format", "csv", "--out", "phieu.csv").code == 0
    with (tmp_path / "phieu.csv").open(encoding="utf-8-sig", newline="") as file:
        [ballot] = csv.DictReader(file)
    assert ballot["ly_do"] == '\'=HYPERLINK("http://x.example","bấm")'
    assert run("export", str(row.id), "--format", "csv", "--out", "phieu.csv", "--texts", "none").code == 0
    assert "HYPERLINK" not in (tmp_path / "phieu.csv").read_text(encoding="utf-8-sig")


async def test_an_export_that_cannot_be_logged_is_not_written(
    run: Run, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = village.round("Đợt một")
    await village.resident("1001").finishes(row.code)
    village.close(row.id)
    (tmp_path / "not-a-folder").write_text("", encoding="utf-8")
    monkeypatch.setenv("LANGNGHE_SECRECY__FOLDER", "not-a-folder")
    assert run("export", str(row.id), "--format", "csv", "--out", "phieu.csv").code == 1
    assert not (tmp_path / "phieu.csv").exists()


async def test_how_few_ballots_hide_a_hamlet_is_what_the_configuration_says(
    run: Run, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = village.round("Đợt một")
    for number in range(11):
        await village.resident(str(1001 + number)).finishes(row.code)
    village.close(row.id)
    told = {}
    for small in (10, 11, 12):
        if small != 10:  # which is so if nobody says otherwise
            monkeypatch.setenv("LANGNGHE_SECRECY__SMALL_CELLS", str(small))
        out = tmp_path / "phieu.csv"
        made = run("export", str(row.id), "--format", "csv", "--out", str(out), "--json")
        told[small] = (made.json["merged_hamlets"], out.read_text(encoding="utf-8-sig").count("Ấp 1 (mẫu)"))
    assert told == {10: (0, 11), 11: (0, 11), 12: (1, 0)}
    assert run("export", str(row.id), "--format", "xlsx", "--out", "phieu.xlsx").code == 0
    results = load_workbook(tmp_path / "phieu.xlsx")["Kết quả"].iter_rows(values_only=True)
    assert any(cell and "có ít phiếu (dưới 12," in str(cell) for line in results for cell in line)
