"""The page that a paper's QR leads to: the figures as printed, what has changed since, and codes that no paper has."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from published import CODE, NUMBER, issue_report, with_results
from sqlalchemy import update

from storage.tables import Ballot, Round, RoundUnit, Unit
from surveys.documents.codes import as_typed, in_groups, new_code
from surveys.documents.document import Paper
from surveys.documents.kinds import FIGURES
from web.site import WebDependencies


@pytest.fixture
def results(site: WebDependencies) -> WebDependencies:
    return with_results(site)


@pytest.fixture
def public(results: WebDependencies, browse: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return browse(results)


@pytest.fixture
def report(results: WebDependencies, tmp_path: Path) -> tuple[Paper, str]:
    return issue_report(results, tmp_path)


async def test_the_page_tells_who_issued_it_when_the_figures_and_the_hash(
    public: httpx.AsyncClient, report: tuple[Paper, str]
) -> None:
    paper, sha256 = report
    page = await public.get(paper.address.removeprefix("http://xa.test"))
    assert page.status_code == 200 and page.headers["cache-control"] == "private, no-cache"
    for said in (
        "Báo cáo tổng hợp",
        "Ủy ban MTTQ &lt;xã&gt;",
        "09:30, 24/11/2026",
        "đến nay vẫn đúng",
        "15,59%",  # coverage
        "94,93%",
        in_groups(paper.code),
        sha256,
        f'href="/results/{CODE}"',
    ):
        assert said in page.text, said
    numbers = {"cau_so", "ap_so"}  # of rows
    tables = paper.contents.tables
    printed = {text for rows in tables.values() for row in rows for key, text in row.items() if key not in numbers}
    printed |= {paper.contents.fields[name] for name in FIGURES}
    assert {text for text in printed if text not in page.text} == set()
    assert "hiện nay" not in page.text and "<script" not in page.text


async def test_a_figure_that_changed_since_stands_beside_the_printed_one(
    results: WebDependencies, public: httpx.AsyncClient, report: tuple[Paper, str]
) -> None:
    with results.database.transaction() as connection:
        connection.execute(update(Unit).where(Unit.id == 2).values(households=5000))
        connection.execute(update(Ballot).where(Ballot.unit_id == 5).values(submitted=False))
    page = (await public.get(f"/v/{report[0].code}")).text
    assert "từ đó có số đã thay đổi" in page and "vẫn đúng" not in page
    assert "750<small" in page and "hiện nay: 560" in page  # ballots
    assert "4.810" in page and "15,59%<small" in page and "hiện nay: chưa có phiếu" in page


async def test_a_place_that_is_asked_no_more_leaves_the_printed_figures(
    results: WebDependencies, public: httpx.AsyncClient, report: tuple[Paper, str]
) -> None:
    with results.database.transaction() as connection:
        connection.execute(update(RoundUnit).where(RoundUnit.round_id == NUMBER).values(unit_id=3))
    page = (await public.get(f"/v/{report[0].code}")).text
    assert "từ đó có số đã thay đổi" in page and "94,93%" in page and "không còn" in page


async def test_a_paper_of_a_round_not_published_says_so_and_leads_to_no_results(
    results: WebDependencies, public: httpx.AsyncClient, report: tuple[Paper, str]
) -> None:
    with results.database.transaction() as connection:
        connection.execute(update(Round).where(Round.id == NUMBER).values(state="closed", sample=True))
    page = (await public.get(f"/v/{report[0].code}")).text
    assert "chưa công bố" in page and "94,93%" in page and f"/results/{CODE}" not in page
    assert "vẫn đúng" in page and "mẫu" in page


@pytest.mark.parametrize("code", ["a" * 20, "nothing", "<b>x", "%00", "o" * 300])
async def test_a_code_that_no_paper_has_is_said_to_be_unknown(
    public: httpx.AsyncClient, report: tuple[Paper, str], code: str
) -> None:
    page = await public.get(f"/v/{code}")
    assert page.status_code == 404 and "Không có giấy nào" in page.text and "không do hệ thống này in ra" in page.text
    assert "<b>x" not in page.text and "94,93%" not in page.text and "<form" in page.text


async def test_a_code_may_be_typed_in_groups_or_capitals(public: httpx.AsyncClient, report: tuple[Paper, str]) -> None:
    assert "<form" in (await public.get("/v")).text
    asked = await public.get("/v", params={"code": f" {in_groups(report[0].code).upper()} "})
    assert (asked.status_code, asked.headers["location"]) == (303, f"/v/{report[0].code}")
    assert "Không có giấy nào" in (await public.get("/v", params={"code": "abc"})).text
    assert (await public.get(f"/v/{in_groups(report[0].code)}")).status_code == 200


async def test_the_page_speaks_three_languages(public: httpx.AsyncClient, report: tuple[Paper, str]) -> None:
    for language, said in (("vi", "Báo cáo tổng hợp"), ("en", "still hold today"), ("km", "របាយការណ៍សរុប")):
        page = (await public.get(f"/v/{report[0].code}?lang={language}")).text
        assert said in page and f'<html lang="{language}">' in page and "94,93%" in page


def test_a_code_is_read_as_it_was_meant() -> None:
    code = new_code()
    assert as_typed(in_groups(code).upper()) == as_typed(code[:10] + "-" + code[10:]) == code
    assert as_typed(code + "x") == as_typed(code[:-1] + "0") == as_typed("") == ""
    assert re.fullmatch(r"(\w{5} ){3}\w{5}", in_groups(code))
