"""Paper ballots: typed into a sheet, counted with all others, each refused row named."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from terminal import Result, Run
from village import THUAN_HOA

RULE = "xa-nang-cao-chua-xac-nhan"
CONTENT = ("quy_hoach", "duong_sa", "dien_nuoc", "truong_hoc", "y_te", "van_hoa", "moi_truong", "lam_an", "can_bo")
QUESTIONS = (*CONTENT, "an_ninh", "chung")
HAMLET, LARGE = "Ấp Lá", "Ấp Rộng"


@pytest.fixture
def hamlet(run: Run, tmp_path: Path) -> str:
    """A hamlet of three households, beside one of a hundred."""
    units = tmp_path / "don-vi.csv"
    rows = [f"hamlet,,{name},{THUAN_HOA},{households},2025-07-01" for name, households in ((HAMLET, 3), (LARGE, 100))]
    units.write_text("\n".join(["level,code,name,parent,households,valid_from", *rows, ""]), "utf-8")
    assert run("places", "import", str(units), "--yes").code == 0
    return HAMLET


@pytest.fixture
def opened(run: Run, hamlet: str) -> str:
    return open_round(run)


def open_round(run: Run, name: str = "Đợt giấy", **more: str) -> str:
    options = {"form": "ntm-hai-long", "unit": THUAN_HOA, "name": name, "opens": "now", "closes": "2099-02-01"} | more
    options["rule"] = RULE
    made = run("round", "create", "--json", *(word for key, value in options.items() for word in (f"--{key}", value)))
    assert made.code == 0, made.err
    number = str(made.json["round"])
    assert run("round", "open", number).code == 0
    return number


def write(path: Path, *rows: dict[str, str]) -> Path:
    heading = tuple(dict.fromkeys([*("commune", "hamlet"), *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, heading)
        sheet.writeheader()
        sheet.writerows(rows)
    return path


def ballot(answer: str = "Hài lòng", **changes: str) -> dict[str, str]:
    return {"commune": THUAN_HOA, "hamlet": HAMLET, **dict.fromkeys(QUESTIONS, answer), **changes}


def imported(run: Run, number: str, path: Path, *words: str) -> Result:
    return run("ballots", "import", number, str(path), "--json", *words)


def test_paper_ballots_are_counted_in_the_same_tally(run: Run, opened: str, tmp_path: Path) -> None:
    said = (
        ballot(),
        ballot("hai_long", chung="chưa hài lòng", ly_do="Đường còn lầy", muc_do="Bình thường"),
        ballot(duong_sa=""),
    )
    # Of fewer than ten nothing is told.
    path = write(tmp_path / "phieu.csv", *({**each, "hamlet": LARGE} for each in said * 4))
    done = imported(run, opened, path)
    assert done.json["accepted"] == 12 and done.json["refused"] == []
    [unit] = [unit for unit in run("round", "status", opened, "--json").json["units"] if unit["unit"].endswith(LARGE)]
    assert unit["ballots"] == 12
    assert run("round", "close", opened, "--by", "Bà Sáu", "--with", "Ông Tư").code == 0
    [commune] = [unit for unit in run("score", opened, "--json").json["units"] if unit["level"] == "commune"]
    asked = {question["name"]: question for question in commune["questions"]}
    assert (asked["chung"]["satisfied"], asked["chung"]["not_satisfied"], asked["chung"]["blank"]) == (8, 4, 0)
    assert (asked["duong_sa"]["satisfied"], asked["duong_sa"]["blank"]) == (8, 4)
    assert list(commune["by_mode"]) == ["paper"]


def test_each_wrong_row_is_named_and_the_good_ones_stay(run: Run, opened: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "phieu.csv",
        ballot(),
        ballot(chung="tạm được"),
        ballot(hamlet="Ấp Không Có"),
        ballot(commune="99999"),
        ballot(),
    )
    done = imported(run, opened, path)
    assert done.code == 0 and done.json["accepted"] == 2
    assert [refused["row"] for refused in done.json["refused"]] == [3, 4, 5]
    reasons = [refused["reason"] for refused in done.json["refused"]]
    assert "cột chung: không có lựa chọn “tạm được”; ghi một trong: Hài lòng, Chưa hài lòng" in reasons[0]
    assert "không có ấp “Ấp Không Có”" in reasons[1] and "“99999” không nằm trong đợt này" in reasons[2]


def test_a_whole_file_is_refused_when_that_is_asked_for(run: Run, opened: str, tmp_path: Path) -> None:
    path = write(tmp_path / "phieu.csv", ballot(), ballot(chung="tạm được"))
    refused = imported(run, opened, path, "--whole")
    assert refused.code == 1 and refused.json["accepted"] == 0
    assert [each["row"] for each in refused.json["refused"]] == [3]
    assert imported(run, opened, path).json["accepted"] == 1  # nothing of it was kept before


def test_the_same_file_is_not_counted_twice(run: Run, opened: str, tmp_path: Path) -> None:
    path = write(tmp_path / "phieu.csv", ballot())
    assert imported(run, opened, path).code == 0
    again = imported(run, opened, path)
    assert again.code == 1 and again.out == "" and "đã nhập vào đợt" in again.err


@pytest.mark.both_stores
def test_a_numbered_household_has_one_ballot_even_without_a_register(run: Run, opened: str, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", ballot(household="12"), ballot(household="13"), ballot(household=" 12 "))
    done = imported(run, opened, first)
    assert done.json["accepted"] == 2 and done.json["refused"][0]["row"] == 4
    second = imported(run, opened, write(tmp_path / "b.csv", ballot("Chưa hài lòng", household="13")))
    assert second.code == 1 and "đã có phiếu" in second.json["refused"][0]["reason"]


def test_there_are_no_more_ballots_than_households(run: Run, hamlet: str, tmp_path: Path) -> None:
    number = open_round(run, count="household")
    done = imported(run, number, write(tmp_path / "phieu.csv", *[ballot()] * 5))
    assert done.json["accepted"] == 3
    assert [each["row"] for each in done.json["refused"]] == [5, 6]
    assert all("3 hộ" in each["reason"] for each in done.json["refused"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("commune,hamlet,chungg\n31582,Ấp Lá,Hài lòng\n", "cột “chungg” không phải câu hỏi nào"),
        ("commune,chung\n31582,Hài lòng\n", "thiếu cột hamlet"),
        ("commune,hamlet,chung\n", "không có phiếu nào"),
        ("commune,hamlet\n31582,Ấp Lá\n", "không có cột câu hỏi nào"),
    ],
)
def test_a_file_that_is_no_sheet_of_ballots_is_refused(
    run: Run, opened: str, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "phieu.csv"
    path.write_text(content, "utf-8")
    done = imported(run, opened, path)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1) and words in done.err


def test_paper_is_taken_only_while_the_round_is_open(run: Run, opened: str, tmp_path: Path) -> None:
    path = write(tmp_path / "phieu.csv", ballot())
    run("round", "close", opened, "--by", "Bà Sáu", "--with", "Ông Tư")
    done = imported(run, opened, path)
    assert done.code == 1 and "không nhận phiếu giấy" in done.err


def fill(path: Path, answers: Sequence[dict[str, str]]) -> None:
    """Type into a sample sheet what stands on the papers."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= answers[int(row["row"]) - 2]
    write(path, *rows)


def test_a_second_typing_shows_what_differs_before_anything_counts(run: Run, opened: str, tmp_path: Path) -> None:
    papers = [ballot(hamlet=LARGE) for _ in range(20)]
    first, second = write(tmp_path / "a.csv", *papers), tmp_path / "mau.csv"
    assert run("ballots", "sample", opened, str(first), "--share", "0.5", "--out", str(second)).code == 0
    fill(second, papers)
    with second.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    rows[3]["chung"] = "Chưa hài lòng"
    write(second, *rows)
    done = imported(run, opened, first, "--second", str(second))
    assert done.code == 1 and done.json["accepted"] == 0
    assert done.json["differences"] == [
        {"row": int(rows[3]["row"]), "column": "chung", "first": "Hài lòng", "second": "Chưa hài lòng"}
    ]
    rows[3]["chung"] = "Hài lòng"
    write(second, *rows)
    done = imported(run, opened, first, "--second", str(second))
    assert (done.code, done.json["accepted"], done.json["typed_again"]) == (0, 20, 10)


def test_a_second_typing_can_be_demanded(
    run: Run, opened: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGNGHE_PAPER__SECOND_TYPING", "0.1")
    papers = [ballot() for _ in range(8)]
    first, second = write(tmp_path / "a.csv", *papers), tmp_path / "mau.csv"
    refused = imported(run, opened, first)
    assert refused.code == 1 and "người thứ hai" in refused.err
    run("ballots", "sample", opened, str(first), "--out", str(second))
    fill(second, papers)
    assert imported(run, opened, first, "--second", str(second)).json["typed_again"] == 5
