"""`criteria`: the scoreboard and its notes on the command line."""

from terminal import Run
from village import THUAN_HOA

ROW = "xa-ntm-nang-cao-2021-2025/13.7"
DOCUMENT = ("--document", "https://example.org/du-lich", "--date", "2025-05-01")


def test_a_note_shows_on_the_scoreboard_and_in_the_audit_log(run: Run) -> None:
    done = run("criteria", "note", THUAN_HOA, ROW, "--says", "has", *DOCUMENT, "--by", "Mai", "--json")
    assert done.code == 0 and done.json == {"note": 1, "unit": THUAN_HOA, "row": ROW}
    board = run("criteria", THUAN_HOA, "--json").json
    assert set(board) >= {"unit", "name", "rows", "pillars", "hamlets"} and board["unit"] == THUAN_HOA
    row = next(each for each in board["rows"] if each["set"] == "xa-ntm-nang-cao-2021-2025" and each["code"] == "13.7")
    promised = ("set", "code", "title", "pillar", "threshold", "value", "low", "high", "answers", "verdict", "evidence")
    assert all(key in row for key in promised) and row["verdict"] == "met"
    [entry] = [each for each in run("audit", "list", "--json").json["entries"] if each["action"] == "criteria.note"]
    assert (entry["actor"], entry["subject"], entry["detail"]["row"]) == ("Mai", THUAN_HOA, ROW)
    assert entry["detail"]["document"] == DOCUMENT[1]
    shown = run("criteria", THUAN_HOA).out
    assert "https://example.org/du-lich" in shown and "Mai nhập" in shown and "CHƯA XÁC NHẬN" in shown


def test_what_cannot_be_noted_or_shown_is_refused_in_one_line(run: Run) -> None:
    for arguments, word in (
        (("note", THUAN_HOA, "8.4", "--says", "has", *DOCUMENT), "hãy ghi rõ"),
        (("note", "00000", ROW, "--says", "has", *DOCUMENT), "không có đơn vị"),
        (("note", THUAN_HOA, ROW, *DOCUMENT), "has_not"),
        (("00000",), "không có đơn vị"),
        (("92",), "xã, ấp hoặc huyện cũ"),
        (("huyện châu thành",), "Tỉnh Hậu Giang; "),
    ):
        result = run("criteria", *arguments)
        assert result.code == 1 and word in result.err and not result.out, arguments
    assert run("criteria", "note", THUAN_HOA, ROW).code == 2
