"""The first page and the public results."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from storage.tables import Round, RoundUnit
from web.number_format import count, percent


async def test_the_first_page_leads_everywhere(browser):
    page = (await browser.get("/")).text
    for path in ("/s/thuanhoa26", "/s/anthanh26", "/chat", "/results", "/staff"):
        assert f'href="{path}"' in page
    assert "Đợt chưa mở" not in page


async def test_without_rounds_the_first_page_says_so(browser, site):
    def remove(connection):
        connection.execute(delete(RoundUnit))
        connection.execute(delete(Round))

    await site.database.write(remove)
    assert "chưa có đợt lấy ý kiến nào" in (await browser.get("/")).text
    assert "Chưa có đợt nào được công bố" in (await browser.get("/results")).text


async def test_published_results_show_verdicts_and_never_round_up_to_everybody(browser):
    page = (await browser.get("/results")).text
    assert "Chuyển đổi số năm 2025" in page and "Đợt 1 năm 2026" not in page
    assert "4.329 phiếu trên 4.810 hộ" in page
    assert "99,9 %" in page and "100 %" not in page
    assert "Đạt" in page and "Chưa đủ căn cứ" in page


async def test_a_closed_round_is_not_public_before_it_is_published(browser, site):
    await site.database.write(lambda db: db.execute(update(Round).values(state="closed")))
    assert "Chuyển đổi số năm 2025" not in (await browser.get("/results")).text


async def test_sample_data_is_called_so_on_every_page(browse, site):
    browser = browse(replace(site, sample=True))
    for path in ("/", "/chat", "/results", "/staff", "/s/thuanhoa26", "/khong-co"):
        assert "Dữ liệu mẫu" in (await browser.get(path)).text


async def test_a_chosen_language_is_kept(browser):
    page = await browser.get("/?lang=en")
    assert 'lang="en"' in page.text and "You speak" in page.text
    assert "Published results" in (await browser.get("/results")).text
    assert 'lang="vi"' in (await browser.get("/?lang=vi")).text


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "–"),
        (0, "0 %"),
        (0.00003, "< 0,1 %"),
        (0.29, "29 %"),
        (0.305, "30,5 %"),
        (0.9, "90 %"),
        (0.99997, "99,9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_said_as_people_here_write_it(share, said):
    assert percent(share) == said


def test_large_numbers_have_points():
    assert (count(1234567), count(0), count(None)) == ("1.234.567", "0", "–")
