"""The Telegram webhook, and the pages for whoever watches the program."""

import hmac
from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.database import Database

SECRET = "a-secret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def verify(headers, body):
    return hmac.compare_digest(headers.get(HEADER.lower(), ""), SECRET)


@pytest.fixture
def telegram(browse, site):
    return browse(replace(site, webhooks={"telegram": verify}))


async def test_an_event_is_accepted_before_telegram_is_told(telegram, conversation):
    answer = await telegram.post("/in/telegram", content=b'{"update_id": 1}', headers={HEADER: SECRET})
    assert answer.status_code == 200
    assert conversation.bodies == [b'{"update_id": 1}']


async def test_telegram_is_not_told_when_the_event_could_not_be_stored(telegram, conversation):
    conversation.fails = True
    answer = await telegram.post("/in/telegram", content=b"{}", headers={HEADER: SECRET})
    assert answer.status_code == 500
    assert answer.text == "500"


@pytest.mark.parametrize("headers", [{}, {HEADER: "wrong"}, {HEADER: SECRET[:-1]}])
async def test_a_wrong_secret_is_refused(telegram, conversation, headers):
    assert (await telegram.post("/in/telegram", content=b"{}", headers=headers)).status_code == 403
    assert conversation.bodies == []


async def test_a_body_over_one_megabyte_is_refused(telegram, conversation):
    body = b"x" * (1024 * 1024 + 1)
    assert (await telegram.post("/in/telegram", content=body, headers={HEADER: SECRET})).status_code == 413
    assert conversation.bodies == []


async def test_without_telegram_there_is_no_such_page(browser):
    assert (await browser.post("/in/telegram", content=b"{}")).status_code == 404


async def test_the_program_is_alive_and_ready(browser):
    assert (await browser.get("/healthz")).text == "ok"
    assert (await browser.get("/readyz")).status_code == 200


async def test_an_old_schema_is_not_ready(browser, site):
    await site.database.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    assert (await browser.get("/readyz")).status_code == 503


async def test_a_database_that_cannot_be_read_is_not_ready_but_alive(browse, site, tmp_path):
    gone = Database(f"sqlite:///{tmp_path}")  # a folder is no database
    browser = browse(replace(site, database=gone))
    assert (await browser.get("/readyz")).status_code == 503
    assert (await browser.get("/healthz")).status_code == 200
