"""Published surveys recomputed from paper ballots that come in by the same door as everybody's."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from terminal import Run
from village import Village

from storage.models import Round

CONTENT = ("quy_hoach", "duong_sa", "dien_nuoc", "truong_hoc", "y_te", "van_hoa", "moi_truong", "lam_an", "can_bo")
QUESTIONS = (*CONTENT, "an_ninh", "chung")
COMMUNE = "99001"
GOOD, BAD = "hai_long", "chua_hai_long"


def survey(
    run: Run, village: Village, folder: Path, households: int, ballots: int, dissatisfied: int, item_dissatisfied: int
) -> str:
    """A closed round of one commune of five hamlets; returns its number.

    `dissatisfied` ballots say so in the closing question, `item_dissatisfied` in one of the content questions.
    """
    parts = _split(households, 5)
    lines = ["level,code,name,parent,households,valid_from", f"commune,{COMMUNE},Xã Công Bố,92,{households},2025-07-01"]
    lines += [f"hamlet,,Ấp {number},{COMMUNE},{part},2025-07-01" for number, part in enumerate(parts, 1)]
    (folder / "places.csv").write_text("\n".join(lines), "utf-8")
    assert run("places", "import", str(folder / "places.csv"), "--yes").code == 0
    words = {"form": "ntm-hai-long", "unit": COMMUNE, "name": "Đợt công bố", "opens": "now", "closes": "2099-02-01"}
    words |= {"rule": "xa-nang-cao-chua-xac-nhan"}
    options = [word for key, value in words.items() for word in (f"--{key}", value)]
    made = run("round", "create", "--json", *options)
    assert made.code == 0, made.err
    number = str(made.json["round"])
    with village.database.transaction() as connection:  # one ballot a household, as on paper; no cards were given out
        connection.execute(update(Round).values(counts="household", self_declared=True))
    assert run("round", "open", number).code == 0
    with (folder / "ballots.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("commune", "hamlet", *QUESTIONS))
        for row in zip(_hamlets(_split(ballots, 5)), _answers(ballots, dissatisfied, item_dissatisfied), strict=True):
            sheet.writerow((COMMUNE, row[0], *row[1]))
    imported = run("ballots", "import", number, str(folder / "ballots.csv"), "--json")
    assert imported.json["accepted"] == ballots, imported.out[:500]
    assert run("round", "close", number, "--by", "Mai", "--with", "Lan").code == 0
    return number


def _split(whole: int, parts: int) -> list[int]:
    return [whole * (number + 1) // parts - whole * number // parts for number in range(parts)]


def _hamlets(parts: list[int]) -> Iterator[str]:
    for number, part in enumerate(parts, 1):
        yield from [f"Ấp {number}"] * part


def _answers(ballots: int, dissatisfied: int, item_dissatisfied: int) -> Iterator[list[str]]:
    for number in range(ballots):
        answers = dict.fromkeys(QUESTIONS, GOOD)
        if number * 7919 % ballots < item_dissatisfied:
            answers[CONTENT[number % len(CONTENT)]] = BAD
        if number * 7907 % ballots < dissatisfied:
            answers["chung"] = BAD
        yield list(answers.values())


def test_vinh_hiep_2021(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 2222, 1355, 12, 75)
    commune = run("score", number, "--json").json["units"][0]
    assert (commune["ballots"], commune["households"], commune["coverage"]) == (1355, 2222, 1355 / 2222)
    closing = next(question for question in commune["questions"] if question["name"] == "chung")
    assert (closing["satisfied"], closing["not_satisfied"], closing["blank"]) == (1343, 12, 0)
    assert commune["overall"]["rate"] == 1343 / 1355
    assert commune["all_satisfied"]["rate"] == 1280 / 1355  # "94,46%" if it counts ballots satisfied on all ten
    assert commune["overall"]["low"] < 1343 / 1355 < commune["overall"]["high"]
    printed = run("score", number).out
    assert "60,98%" in printed and "99,11%" in printed
    assert "CHƯA XÁC NHẬN" in printed and "Căn cứ" in printed


@pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
def test_tan_phuoc_2024_is_never_printed_as_all(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 16_226, 11_683, 4, 264)
    commune = run("score", number, "--json").json["units"][0]
    closing = next(question for question in commune["questions"] if question["name"] == "chung")
    assert (commune["coverage"], closing["not_satisfied"]) == (11_683 / 16_226, 4)
    assert commune["overall"]["rate"] == 11_679 / 11_683
    printed = run("score", number).out
    assert "72,00%" in printed and "99,97%" in printed
    assert "100,00%" not in next(line for line in printed.splitlines() if "11679 hài lòng" in line)


@pytest.mark.slow
@pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
def test_thanh_oai_2020_falls_when_the_silent_count_as_dissatisfied(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, 60_160, 39_200, 1525, 1525)
    commune = run("score", number, "--json").json["units"][0]
    assert commune["overall"]["rate"] == pytest.approx(0.9611, abs=0.00005)
    assert commune["if_all_silent_dissatisfied"] == 37_675 / 60_160
    assert commune["if_all_silent_dissatisfied"] == pytest.approx(0.626, abs=0.0005)
    printed = run("score", number).out
    assert "96,11%" in printed and "62,62%" in printed
