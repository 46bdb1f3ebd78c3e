"""The editor's page: what residents asked in one's own communes, taught in one step."""

from scripted import NOW, PASSWORD
from sqlalchemy import insert, select

from storage.tables import AuditEntry, FaqCount, FaqExample, FaqQuestion, Staff
from vietnamese.masking import mask_everything


async def sign_in(browser, name="thuan.hoa"):
    await browser.post("/staff/sign-in", data={"name": name, "password": PASSWORD})


def ask(site, text, unit, number):
    row = {"id": number, "state": "unanswered", "topic": "", "unit_id": unit, "text": text, "asked_on": NOW.date()}

    def job(connection):
        connection.execute(insert(FaqQuestion).values(**row))

    return site.database.write(job)


async def own_unit(site, name="thuan.hoa"):
    return await site.database.read(lambda db: db.execute(select(Staff.unit_id).where(Staff.name == name)).scalar_one())


async def test_a_group_is_taught_in_one_step_and_logged(browser, site):
    unit = await own_unit(site)
    await ask(site, "xin giấy phép xây nhà ở đâu <b>", unit, 10)
    await ask(site, "xin giay phep xay nha o dau vay", unit, 11)
    await sign_in(browser)
    page = await browser.get("/staff/questions")
    assert "2 lần" in page.text and "ở đâu &lt;b&gt;" in page.text
    done = await browser.post("/staff/questions", data={"questions": "a b", "topic": "land-first-certificate"})
    assert (done.status_code, done.headers["location"]) == (303, "/staff/questions")
    rows = await site.database.read(lambda db: db.execute(select(FaqExample.topic)).scalars().all())
    assert rows == ["land-first-certificate"] * 2
    logged = select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
    noted = await site.database.read(lambda db: db.execute(logged).all())
    assert noted == [("thuan.hoa", "faq.learn", "land-first-certificate")]
    assert "Không có câu nào chờ xem." in (await browser.get("/staff/questions")).text


async def test_nobody_teaches_with_questions_of_other_places_or_to_no_topic(browser, site):
    elsewhere = await own_unit(site, "an.thanh")
    await ask(site, "hỏi ở xã khác", elsewhere, 12)
    counted = {"topic": "id-card", "unit_id": elsewhere, "what": "answered", "number": 4177}
    await site.database.write(lambda connection: connection.execute(insert(FaqCount).values(**counted)))
    await sign_in(browser)
    page = (await browser.get("/staff/questions")).text
    assert "hỏi ở xã khác" not in page and "4177" not in page
    await browser.post("/staff/questions", data={"questions": "c", "topic": ""})
    assert not await site.database.read(lambda db: db.execute(select(FaqExample.id)).first())
    assert (await browser.post("/staff/questions", data={"questions": "c", "topic": "khong-co"})).status_code == 400


async def test_a_group_is_dismissed_and_counts_are_shown(browser, site):
    unit = await own_unit(site)
    await ask(site, "hỏi chơi thôi", unit, 13)
    counted = {"topic": "id-card", "unit_id": unit, "what": "answered", "number": 41}
    await site.database.write(lambda connection: connection.execute(insert(FaqCount).values(**counted)))
    await sign_in(browser)
    page = await browser.get("/staff/questions")
    assert "hỏi chơi thôi" in page.text and ">41<" in page.text
    await browser.post("/staff/questions", data={"questions": "d", "dismiss": "1"})
    assert "hỏi chơi thôi" not in (await browser.get("/staff/questions")).text


async def test_a_helper_sees_neither_the_page_nor_the_way_to_it(browser):
    await sign_in(browser, "phuoc.loi")
    assert "/staff/questions" not in (await browser.get("/staff")).text
    assert (await browser.get("/staff/questions")).status_code == 403
    assert (await browser.post("/staff/questions", data={"questions": "a"})).status_code == 403


async def test_the_page_stands_among_the_staffs_pages_and_hides_who_asked(browser, site):
    unit = await own_unit(site)
    await ask(site, mask_everything("tôi tên Nguyễn Văn Tèo, số 0912 345 678, làm lại thẻ ở đâu"), unit, 14)
    await sign_in(browser)
    assert 'href="/staff/questions"' in (await browser.get("/staff")).text
    page = (await browser.get("/staff/questions")).text
    assert "làm lại thẻ ở đâu" in page and "Tèo" not in page and "0912" not in page
    assert "Số và tên đã che" in page


async def test_without_a_session_there_is_nothing(browser):
    assert (await browser.get("/staff/questions")).headers["location"] == "/staff"
    assert (await browser.post("/staff/questions", data={"questions": "a"})).headers["location"] == "/staff"
