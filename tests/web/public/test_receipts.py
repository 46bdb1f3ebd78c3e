"""The public page on which a receipt is looked up."""

from collections.abc import Callable

import httpx
import pytest
import scripted
from sqlalchemy import insert, update

from storage.tables import Receipt, Round
from surveys.ballots.receipts import receipt_digest
from web.site import WebDependencies

HERE = f"/results/{scripted.CODE}"
MINE = "abcde-fghjk"


@pytest.fixture
def closed(site: WebDependencies) -> WebDependencies:
    with site.database.transaction() as connection:
        number = connection.execute(
            update(Round).where(Round.code == scripted.CODE).values(state="closed").returning(Round.id)
        ).scalar_one()
        rows = [{"round_id": number, "digest": receipt_digest(scripted.CODE, code)} for code in (MINE, "zzzzz-zzzzz")]
        connection.execute(insert(Receipt), rows)
    return site


async def test_before_the_close_the_page_says_when_to_come_back_and_has_no_form(browser: httpx.AsyncClient) -> None:
    page = await browser.get(f"{HERE}/receipt")
    assert page.status_code == 200 and "sau khi đợt khép lại" in page.text and "<form" not in page.text
    answer = await browser.post(f"{HERE}/receipt", data={"code": MINE}, headers={"Origin": "http://xa.test"})
    assert answer.status_code == 200 and "<form" not in answer.text and MINE not in answer.text
    assert (await browser.get(f"{HERE}/receipts.txt")).status_code == 404


@pytest.mark.parametrize(
    ("code", "said"),
    [(MINE, "Đã được đếm"), ("ABCDE FGHJK", "Đã được đếm"), ("kkkkk-kkkkk", "Không tìm thấy"), ("", "Không tìm thấy")],
)
async def test_a_code_is_counted_or_not_found(
    closed: WebDependencies, browser: httpx.AsyncClient, code: str, said: str
) -> None:
    page = await browser.post(f"{HERE}/receipt", data={"code": code}, headers={"Origin": "http://xa.test"})
    assert page.status_code == 200 and said in page.text and page.headers["cache-control"] == "no-store"


async def test_the_page_speaks_three_languages_and_escapes_what_was_typed(
    closed: WebDependencies, browser: httpx.AsyncClient
) -> None:
    for language, said in (("vi", "Không tìm thấy"), ("en", "not in the round"), ("km", "រកមិនឃើញ")):
        page = await browser.post(
            f"{HERE}/receipt?lang={language}", data={"code": "<b>x</b>"}, headers={"Origin": "http://xa.test"}
        )
        assert said in page.text and "<b>x</b>" not in page.text


async def test_the_list_of_hashes_can_be_downloaded_in_its_own_order(
    closed: WebDependencies, browser: httpx.AsyncClient
) -> None:
    listed = await browser.get(f"{HERE}/receipts.txt")
    assert "attachment" in listed.headers["content-disposition"]
    expected = sorted(receipt_digest(scripted.CODE, code).hex() for code in (MINE, "zzzzz-zzzzz"))
    assert listed.text.splitlines() == expected


@pytest.mark.parametrize("state", ["draft", "scheduled", "cancelled"])
async def test_a_round_that_takes_no_ballots_looks_as_if_it_did_not_exist(
    site: WebDependencies, browse: Callable[..., httpx.AsyncClient], state: str
) -> None:
    with site.database.transaction() as connection:
        connection.execute(update(Round).values(state=state))
    for path in (f"{HERE}/receipt", f"{HERE}/receipts.txt", "/results/nothing/receipt"):
        assert (await browse().get(path)).status_code == 404
