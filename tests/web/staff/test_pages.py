"""Sign-in, sessions, and what an official may see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from scripted import NOW, PASSWORD
from sqlalchemy import select

from storage.tables import StaffSession
from web.staff.sessions import ATTEMPTS, WINDOW, Throttle


async def sign_in(browser, name="thuan.hoa", password=PASSWORD):
    return await browser.post("/staff/sign-in", data={"name": name, "password": password})


async def test_a_right_password_opens_a_session_that_scripts_cannot_read(browser, site):
    answer = await sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/staff" in cookie
    stored = await site.database.read(lambda db: db.execute(select(StaffSession.digest)).scalar_one())
    assert stored not in cookie


@pytest.mark.parametrize("name", ["Thuan.Hoa", " THUAN.HOA "])
async def test_a_name_is_known_whatever_its_capitals(browser, name):
    assert (await sign_in(browser, name)).headers["location"] == "/staff"


async def test_a_wrong_name_and_a_wrong_password_sound_the_same(browser):
    pages = [await sign_in(browser, password="sai"), await sign_in(browser, name="khong.co")]
    assert [page.status_code for page in pages] == [403, 403]
    assert pages[0].text == pages[1].text
    assert "chưa đúng" in pages[0].text


async def test_the_sixth_attempt_waits_even_with_the_right_password(browser):
    for _ in range(ATTEMPTS):
        await sign_in(browser, password="sai")
    assert (await sign_in(browser)).status_code == 429


def test_attempts_are_forgotten_after_a_quarter_of_an_hour_and_by_success():
    throttle = Throttle()
    for _ in range(ATTEMPTS):
        assert throttle.admit("An", "10.0.0.1", NOW)
    assert not throttle.admit("an ", "10.0.0.1", NOW)
    assert throttle.admit("an", "10.0.0.2", NOW)
    assert throttle.admit("an", "10.0.0.1", NOW + WINDOW)
    throttle.clear("An", "10.0.0.1")
    assert throttle.admit("an", "10.0.0.1", NOW + WINDOW)


async def test_nobody_sees_a_dashboard_without_a_session(browser):
    page = await browser.get("/staff")
    assert "Mật khẩu" in page.text and "Thuận Hòa" not in page.text
    assert (await browser.get("/staff/rounds/4")).headers["location"] == "/staff"


async def test_a_session_ends_after_twelve_hours(browse, site):
    clock = [NOW]
    browser = browse(replace(site, clock=lambda: clock[0]))
    await sign_in(browser)
    clock[0] += timedelta(hours=11, minutes=59)
    assert "Đăng xuất" in (await browser.get("/staff")).text
    clock[0] += timedelta(minutes=1)
    assert "Đăng xuất" not in (await browser.get("/staff")).text


async def test_signing_out_ends_the_session_in_the_database_too(browser):
    await sign_in(browser)
    token = browser.cookies["staff"]
    await browser.post("/staff/sign-out")
    page = await browser.get("/staff", headers={"Cookie": f"staff={token}"})
    assert "Đăng xuất" not in page.text


async def test_an_official_sees_the_rounds_and_places_of_their_own_commune_only(browser):
    await sign_in(browser)
    page = (await browser.get("/staff")).text
    assert "xã Thuận Hòa" in page and "An Thạnh" not in page
    assert "Ấp Phước Lợi" in page and "Ấp Nguyễn Công Minh" not in page
    assert page.index("Ấp Phước Thuận") < page.index("Ấp Trà Quýt")  # the lowest coverage first


async def test_a_round_of_another_commune_looks_like_none(browser):
    await sign_in(browser)
    assert (await browser.get("/staff/rounds/2")).status_code == 404
    assert (await browser.get("/staff/rounds/99")).status_code == 404


async def test_a_helper_sees_the_coverage_of_their_hamlet_and_no_results(browser):
    await sign_in(browser, "phuoc.loi")
    page = (await browser.get("/staff/rounds/4")).text
    assert "Ấp Phước Lợi" in page and "Ấp Trà Quýt" not in page
    assert "99,9" not in page


@pytest.mark.parametrize(("number", "shown"), [(1, False), (3, True), (4, True)])
async def test_results_show_only_after_the_close(browser, number, shown):
    await sign_in(browser)
    page = (await browser.get(f"/staff/rounds/{number}")).text
    assert ("99,9 %" in page) is shown
    assert "Xã An Thạnh" not in page
