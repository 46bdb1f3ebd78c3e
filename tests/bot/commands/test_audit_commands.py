"""What a privileged command leaves in the audit log, and `audit verify / anchor / list`."""

import getpass
import json
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from terminal import Run
from village import THUAN_HOA, Village

from storage.tables import AuditEntry
from surveys.secrecy.vault import Vault

pytestmark = pytest.mark.both_stores

HAMLETS = f"level,code,name,parent,households,valid_from\nhamlet,,Ấp Mới,{THUAN_HOA},120,2026-01-01\n"


def actions(run: Run) -> list[str]:
    return [entry["action"] for entry in run("audit", "list", "--json").json["entries"]]


def test_every_step_of_a_round_is_logged_with_who_did_it(run: Run, village: Village) -> None:
    row = village.draft("Đợt một")
    for step in ("open", "pause", "resume", "remind"):
        assert run("round", step, str(row.id), "--by", "Lê Thị Ba").code == 0
    assert run("round", "close", str(row.id), "--by", "Nguyễn Văn A", "--with", "Trần Thị B").code == 0
    assert run("round", "publish", str(row.id)).code == 0
    other = village.draft("Đợt hai")
    assert run("round", "cancel", str(other.id)).code == 0
    entries = run("audit", "list", "--json").json["entries"]
    steps = ("open", "pause", "resume", "remind", "close", "publish", "cancel")
    assert [entry["action"] for entry in entries] == [f"round.{step}" for step in steps]
    assert [entry["actor"] for entry in entries] == ["Lê Thị Ba"] * 4 + ["Nguyễn Văn A"] + [getpass.getuser()] * 2
    assert entries[4]["detail"]["with"] == "Trần Thị B"
    assert {entry["subject"] for entry in entries} == {str(row.id), str(other.id)}


def test_staff_and_places_are_logged_without_the_password(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ap.csv").write_text(HAMLETS, encoding="utf-8")
    assert run("places", "import", "ap.csv", "--yes", "--by", "Ba").code == 0
    secret = "mật khẩu thật dài"
    words = ("staff", "add", "Lê Văn Tư", "--role", "helper", "--unit", THUAN_HOA, "--password", secret)
    assert run(*words).code == 0
    assert run("staff", "remove", "Lê Văn Tư").code == 0
    assert actions(run) == ["places.import", "staff.add", "staff.remove"]
    assert secret not in run("audit", "list", "--json").out
    assert "staff.add" in run("audit", "list").out


def test_what_was_refused_is_not_logged(run: Run, village: Village) -> None:
    row = village.draft("Đợt một")
    assert run("round", "publish", str(row.id)).code == 1
    assert actions(run) == []


def test_verify_says_sound_or_names_the_first_broken_entry(run: Run, village: Village) -> None:
    for number in range(3):
        run("round", "cancel", str(village.draft(f"Đợt {number}").id))
    sound = run("audit", "verify", "--json")
    assert (sound.code, sound.json["sound"], sound.json["entries"]) == (0, True, 3)
    with village.database.transaction() as connection:
        connection.execute(update(AuditEntry).where(AuditEntry.number == 2).values(actor="người khác"))
    broken = run("audit", "verify")
    assert (broken.code, broken.out, len(broken.err.splitlines())) == (1, "", 1)
    assert "mục 2" in broken.err
    assert run("audit", "verify", "--json").json["broken_at"] == 2


def test_a_cut_is_seen_by_an_anchor_kept_elsewhere(run: Run, village: Village, tmp_path: Path) -> None:
    for number in range(3):
        run("round", "cancel", str(village.draft(f"Đợt {number}").id))
        printed = run("audit", "anchor", "--out", "moc.txt")
        assert json.loads(printed.out)["entries"] == number + 1
    assert len((tmp_path / "moc.txt").read_text(encoding="utf-8").splitlines()) == 3
    assert run("audit", "verify", "--anchor", "moc.txt").code == 0
    with village.database.transaction() as connection:
        connection.execute(delete(AuditEntry).where(AuditEntry.number == 3))
    assert run("audit", "verify").code == 0
    cut = run("audit", "verify", "--anchor", "moc.txt")
    assert (cut.code, "mục 3" in cut.err) == (1, True)


@pytest.mark.parametrize("written", ["", "chữ\n", '{"entries": 1}\n', "[1]"])
def test_a_file_that_holds_no_anchors_is_refused(run: Run, tmp_path: Path, written: str) -> None:
    (tmp_path / "moc.txt").write_text(written, encoding="utf-8")
    result = run("audit", "verify", "--anchor", "moc.txt")
    assert (result.code, result.out, len(result.err.splitlines())) == (1, "", 1)


def test_without_its_key_the_log_cannot_be_vouched_for(
    run: Run, village: Village, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("round", "cancel", str(village.draft("Đợt").id))
    monkeypatch.setenv("LANGNGHE_SECRECY__FOLDER", "khac")
    lost = run("audit", "verify")
    assert (lost.code, "program.key" in lost.err, (tmp_path / "khac").exists()) == (1, True, False)
    Vault(tmp_path / "khac").program_key()
    assert run("audit", "verify").code == 1
