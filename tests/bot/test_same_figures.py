"""The same figures wherever they are read: `score`, exports, the public page, open data, papers, the scoreboard."""

import asyncio
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from office import docx_text, pdf_text
from surveyed import COMMUNE, survey
from terminal import Run
from village import Village

from surveys.results.official_format import format_share
from web.site import WebDependencies, build

ONE_STORE = pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
HOUSEHOLDS, BALLOTS, DISSATISFIED, ITEM = 640, 450, 23, 61


def pages(village: Village, *paths: str) -> dict[str, httpx.Response]:
    """Our pages as a browser gets them."""
    unused: Any = None
    site = WebDependencies(unused, village.database, village.vault)

    async def get() -> dict[str, httpx.Response]:
        transport = httpx.ASGITransport(build(site))
        async with httpx.AsyncClient(transport=transport, base_url="http://xa.test") as client:
            return {path: await client.get(path) for path in paths}

    return asyncio.run(get())


def told(unit: Mapping[str, Any]) -> Iterator[str]:
    """What a page or a sheet must show of a unit, as it is printed."""
    yield format_share(unit["coverage"])
    yield from (format_share(question["rate"]) for question in unit["questions"])
    yield from (format_share(unit[key]["rate"]) for key in ("content_mean", "overall", "all_satisfied"))
    yield from (format_share(unit["overall"][side]) for side in ("low", "high"))
    yield format_share(unit["if_all_silent_dissatisfied"])


@ONE_STORE
def test_every_place_shows_the_same_figures(run: Run, village: Village, tmp_path: Path) -> None:
    number = survey(run, village, tmp_path, HOUSEHOLDS, BALLOTS, DISSATISFIED, ITEM)
    assert run("round", "publish", number).code == 0
    result = run("score", number, "--public", "--json").json
    commune = result["units"][0]
    assert result["whole"] == commune
    assert (commune["ballots"], commune["households"]) == (BALLOTS, HOUSEHOLDS)
    shown = set(told(commune))
    assert format_share((BALLOTS - DISSATISFIED) / BALLOTS) in shown

    printed = run("score", number).out
    assert all(share in printed for share in map(format_share, (commune["coverage"], commune["overall"]["rate"])))

    for kind in ("csv", "json", "xlsx"):
        assert run("export", number, "--format", kind, "--out", str(tmp_path / f"out.{kind}")).code == 0
    rows = json.loads((tmp_path / "out.json").read_text("utf-8"))
    ballots = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    for question in commune["questions"]:
        counted = Counter(row[question["name"]] for row in ballots)
        assert counted == Counter(row[question["name"]] for row in rows)
        assert counted["Hài lòng"] == question["satisfied"] and len(rows) == BALLOTS
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    assert shown <= cells

    code = run("round", "list", "--json").json["rounds"][0]["code"]
    here = f"/results/{code}"
    found = pages(village, here, f"{here}/data.json", f"{here}/data.csv")
    assert all(share in found[here].text for share in shown)
    assert found[f"{here}/data.json"].json()["units"] == result["units"]
    lines = list(csv.DictReader(io.StringIO(found[f"{here}/data.csv"].content.decode("utf-8-sig"))))
    for question in commune["questions"]:
        line = next(line for line in lines if (line["unit"], line["of"]) == (COMMUNE, question["name"]))
        for key in ("satisfied", "not_satisfied", "blank", "rate", "low", "high"):
            assert line[key] == str(question[key])

    paper_shown = shown | {f"{BALLOTS}", f"{HOUSEHOLDS}", f"{BALLOTS - DISSATISFIED}", f"{DISSATISFIED}"}
    for kind in ("minutes", "report", "notice"):
        for shape, read in (("docx", docx_text), ("pdf", pdf_text)):
            file = tmp_path / f"{kind}.{shape}"
            made = run("paper", number, kind, "--out", str(file), "--json").json
            page = pages(village, f"/v/{made['code']}")[f"/v/{made['code']}"].text
            assert "đến nay vẫn đúng" in page and {figure for figure in paper_shown if figure not in page} == set()
            if kind != "report":
                continue
            text = read(file)
            assert {figure for figure in paper_shown if figure not in text} == set(), shape

    board = run("criteria", COMMUNE, "--json").json["rows"]
    row = next(each for each in board if each["set"] == "xa-ntm-nang-cao-2021-2025" and each["code"] == "8.4")
    assert (row["value"], row["low"], row["high"], row["answers"], row["verdict"]) == (
        *(commune["overall"][key] for key in ("rate", "low", "high")), BALLOTS, "met",
    )  # fmt: skip
