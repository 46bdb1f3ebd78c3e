"""A round of one made-up commune, filled from a sheet of paper ballots and closed, all by commands."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import update
from terminal import Run
from village import Village

from storage.tables import Round

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
