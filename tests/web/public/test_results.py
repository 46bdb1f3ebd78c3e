"""The page of a published round: what it says, what it withholds, what can be downloaded."""

import csv
import hashlib
import io
import json
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from published import CODE, COMMUNE, HAMLETS, NUMBER, with_results
from sqlalchemy import update

from storage.tables import Ballot, Round, Unit
from surveys.results.results import score
from web.site import WebDependencies

HERE = f"/results/{CODE}"
MOST = 60_000  # bytes of a page


@pytest.fixture
def results(site: WebDependencies) -> WebDependencies:
    return with_results(site)


@pytest.fixture
def public(results: WebDependencies, browse: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return browse(results)


def change(site: WebDependencies, *statements: Any) -> None:
    with site.database.transaction() as connection:
        for statement in statements:
            connection.execute(statement)


async def test_the_page_says_coverage_share_range_and_verdicts(public: httpx.AsyncClient) -> None:
    page = await public.get(HERE)
    assert page.status_code == 200 and len(page.content) <= MOST
    for said in (
        "Chuyển đổi số năm 2025",
        "750 phiếu trên 4.810 hộ",
        "15,59%",  # coverage
        "712 trong 750 phiếu hài lòng chung: 94,93%",
        "Nếu hỏi được tất cả",
        "Mỗi hộ một phiếu",
        "chưa được xác nhận",
        "Ấp Phước Lợi",
        "Phiếu giấy",
        "320/412",
    ):
        assert said in page.text, said
    assert "<script" not in page.text


async def test_nothing_is_shown_before_the_round_is_published(
    results: WebDependencies, browse: Callable[..., httpx.AsyncClient]
) -> None:
    for state in ("open", "closing", "closed", "draft", "cancelled"):
        change(results, update(Round).where(Round.id == NUMBER).values(state=state))
        for path in (HERE, f"{HERE}/{COMMUNE}", f"{HERE}/data.csv", f"{HERE}/data.json"):
            assert (await browse(results).get(path)).status_code == 404, (state, path)
        assert CODE not in (await browse(results).get("/results")).text


async def test_the_page_speaks_three_languages(public: httpx.AsyncClient) -> None:
    for language, said, question in (
        ("vi", "Từng câu hỏi", "đường sá"),
        ("en", "Each question", "satisfied with the roads"),
        ("km", "សំណួរនីមួយៗ", "ផ្លូវថ្នល់"),
    ):
        page = (await public.get(f"{HERE}?lang={language}")).text
        assert said in page and question in page and f'<html lang="{language}">' in page


async def test_a_small_hamlet_is_withheld_on_the_page_and_in_the_data(
    results: WebDependencies, public: httpx.AsyncClient
) -> None:
    change(results, update(Ballot).where(Ballot.unit_id == 5, Ballot.tag > (600).to_bytes(16)).values(submitted=False))
    row = re.search(r"Ấp Trà Quýt</th>(.*?)</tr>", (await public.get(HERE)).text, re.DOTALL)
    assert row and row[1].endswith('<td class="number">từ 70 % trở lên</td>')
    data = (await public.get(f"{HERE}/data.json")).json()
    hamlet = next(unit for unit in data["units"] if unit["name"] == "Ấp Trà Quýt")
    assert hamlet["overall"] is None or hamlet["overall"]["rate"] is None
    assert all(question["satisfied"] is None for question in hamlet["questions"])
    lines = list(csv.DictReader(io.StringIO((await public.get(f"{HERE}/data.csv")).content.decode("utf-8-sig"))))
    told = [line["satisfied"] for line in lines if line["name"] == "Ấp Trà Quýt"]
    assert told and not any(told)


async def test_the_data_are_the_public_scores_with_licence_and_hash(
    results: WebDependencies, public: httpx.AsyncClient
) -> None:
    page = (await public.get(HERE)).text
    expected = results.database.read_now(lambda connection: score(connection, NUMBER, public=True))
    for kind in ("json", "csv"):
        answer = await public.get(f"{HERE}/data.{kind}")
        digest = hashlib.sha256(answer.content).digest()
        assert digest.hex() in page
        assert b64decode(answer.headers["repr-digest"].removeprefix("sha-256=:").rstrip(":")) == digest
        assert 'rel="license"' in answer.headers["link"] and "attachment" in answer.headers["content-disposition"]
        assert (await public.get(f"{HERE}/data.{kind}")).content == answer.content
    data = (await public.get(f"{HERE}/data.json")).json()
    assert data["licence"] == "CC BY 4.0" and data["units"] == json.loads(json.dumps(expected.to_json()["units"]))
    lines = list(csv.DictReader(io.StringIO((await public.get(f"{HERE}/data.csv")).content.decode("utf-8-sig"))))
    closing = next(line for line in lines if line["unit"] == "31582" and line["of"] == "chung")
    assert (closing["satisfied"], closing["not_satisfied"], closing["rate"]) == ("712", "38", str(712 / 750))
    assert (await public.get(f"{HERE}/data.exe")).status_code == 404


async def test_a_formula_in_a_name_cannot_run_in_a_spreadsheet(
    results: WebDependencies, public: httpx.AsyncClient
) -> None:
    change(results, update(Unit).where(Unit.id == 3).values(name="=1+1"))
    assert ",'=1+1," in (await public.get(f"{HERE}/data.csv")).content.decode("utf-8-sig")


async def test_the_map_has_the_communes_outline_or_says_that_it_is_a_scheme(
    results: WebDependencies, public: httpx.AsyncClient
) -> None:
    page = (await public.get(HERE)).text
    assert (
        'role="img"' in page and 'class="around"' in page and "thanglequoc" in page and "sơ đồ, không phải" not in page
    )
    change(results, update(Unit).where(Unit.code == "31582").values(code="99001"))
    page = (await public.get(HERE)).text
    assert "sơ đồ, không phải bản đồ" in page and 'class="around"' not in page


async def test_a_commune_has_a_page_of_its_own_and_no_other_has(public: httpx.AsyncClient) -> None:
    page = await public.get(f"{HERE}/{COMMUNE}")
    assert page.status_code == 200 and "Ấp Phước Thuận" in page.text and len(page.content) <= MOST
    for wrong in (*HAMLETS, 6, 999):
        assert (await public.get(f"{HERE}/{wrong}")).status_code == 404


async def test_a_round_that_counts_persons_says_so(results: WebDependencies, public: httpx.AsyncClient) -> None:
    change(results, update(Round).where(Round.id == NUMBER).values(counts="person"))
    assert "độ phủ tính theo hộ chỉ để tham khảo" in (await public.get(HERE)).text
