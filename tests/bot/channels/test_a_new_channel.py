"""A channel that nobody has written yet, added as CONTRIBUTING says: its platform, "loa", is a server on this machine.

Its events come in by a webhook signed over the raw body and a timestamp; it takes messages at any time for two days
after somebody's last word, at most five buttons, and no edits.
"""

import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import aiohttp
import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import update
from village import Village, until

from bot.app import App, open_app
from bot.channels.demands import contradictions, shortcomings
from bot.channels.registry import CHANNELS, Registered
from bot.channels.web import WebChannel
from bot.config import Config, ConfigError, DatabaseSection, QuietHoursSection, SecrecySection, Section, WebSection
from handlers.messages import Capabilities, Inbound, Part, Rejected, RetryLater, Unreadable
from storage.tables import Address, Delivery, Event, Pace
from surveys.rounds.audience import reach
from surveys.rounds.delivery_states import DeliveryKind
from surveys.rounds.rounds import open_round
from surveys.rounds.sending_status import messages

SECRET = "khóa của loa"
HOUR = timedelta(hours=1)

# 1. bot/channels/<name>.py


class LoaChannel:
    name = "loa"

    def __init__(self, section: Any) -> None:
        self.capabilities = able(section)
        self._url, self._secret = section.base_url, section.secret.get_secret_value()

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        signed = sign(body, headers.get("x-loa-time", ""), self._secret)
        return hmac.compare_digest(headers.get("x-loa-signature", "").encode(), signed.encode())

    def read(self, raw: Any) -> Inbound:
        try:
            fields = {"address": str(raw["from"]), "event_key": str(raw["id"]), "text": str(raw["text"])}
            kind = "start" if raw["text"] == "follow" else "choice" if raw["text"].startswith("#") else "text"
            at = datetime.fromtimestamp(raw["at"], UTC)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(type(error).__name__) from None
        choice = fields["text"][1:] if kind == "choice" else ""
        return Inbound(self.name, kind=kind, occurred_at=at, choice=choice, **fields)  # type: ignore[arg-type]

    async def send(self, address: str, part: Part) -> str:
        said = {"to": address, "text": "\n\n".join(each for each in (part.title, part.text, part.note) if each)}
        buttons = [{"title": button.label, "payload": f"#{button.token}"} for button in part.buttons]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{self._url}/send", json={**said, "buttons": buttons}) as answer,
            ):
                if answer.status != 200:
                    raise Rejected(f"loa said {answer.status}")
                return str((await answer.json())["id"])
        except aiohttp.ClientConnectorError:
            raise RetryLater(1) from None


def able(section: Any) -> Capabilities:
    return Capabilities(text_limit=2000, button_limit=5, label_limit=100, proactive_window=section.window)


# 2. bot/config.py


class LoaSection(Section):
    enabled: bool = True
    base_url: str = ""
    secret: SecretStr = SecretStr(SECRET)
    rate: float = 200
    window: int = 48


class LoaConfig(Config):
    loa: LoaSection = LoaSection()


# 3. bot/channels/registry.py


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, "loa", Registered(lambda section, site: LoaChannel(section), able))


# The platform and the program.


class Loa:
    """The platform: keeps what it was given, calls the program as a webhook does."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        return web.json_response({"id": f"m{len(self.sent)}"})

    def to(self, address: str) -> list[dict[str, Any]]:
        return [each for each in self.sent if each["to"] == address]

    async def call(self, port: int, text: str, *, who: str = "mai", secret: str = SECRET, name: str = "loa") -> int:
        """An event, signed; returns the status of the answer."""
        now = datetime.now(UTC).timestamp()
        body = json.dumps({"from": who, "id": f"{who}-{now}", "text": text, "at": now}).encode()
        headers = {"X-Loa-Time": str(now), "X-Loa-Signature": sign(body, str(now), secret)}
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"http://127.0.0.1:{port}/in/{name}", content=body, headers=headers)
            return answer.status_code


def sign(body: bytes, at: str, secret: str) -> str:
    return hmac.new(secret.encode(), body + at.encode(), sha256).hexdigest()


@pytest.fixture
async def loa() -> AsyncIterator[Loa]:
    platform, application = Loa(), web.Application()
    application.router.add_post("/send", platform.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield platform
    await runner.cleanup()


@pytest.fixture
def config(village: Village, loa: Loa) -> LoaConfig:
    return LoaConfig(
        database=DatabaseSection(url=village.url),
        secrecy=SecrecySection(folder=village.folder / "secrets"),
        web=WebSection(port=0),
        quiet_hours=QuietHoursSection(start=time(0), end=time(0)),
        loa=LoaSection(base_url=loa.url),
    )


@asynccontextmanager
async def running(config: LoaConfig) -> AsyncIterator[App]:
    async with open_app(config) as app:
        yield app


@pytest.fixture
def asked(village: Village) -> Iterator[Any]:
    """A draft round, and two people of the commune who came by loa: one today, one three days ago."""
    village.settle("1", "2")
    today, before = datetime.now(UTC) - HOUR, datetime.now(UTC) - 72 * HOUR
    with village.database.transaction() as connection:
        for address, since in (("1", today), ("2", before)):
            values = {"channel": "loa", "since": since}
            connection.execute(update(Address).where(Address.address == address).values(**values))
    yield village.draft("Đợt")


async def test_an_event_comes_in_by_its_webhook_and_the_reply_goes_out_by_its_own_lane(
    village: Village, loa: Loa, config: LoaConfig
) -> None:
    async with running(config) as app:
        assert await loa.call(app.port, "follow") == 200
        await until(lambda: loa.to("mai"))
        consent = loa.sent[-1]
        assert "Đồng ý" in [button["title"] for button in consent["buttons"]]
        yes = next(button for button in consent["buttons"] if button["title"] == "Đồng ý")
        assert await loa.call(app.port, yes["payload"]) == 200
        await until(lambda: len(loa.sent) > 1)
        await until(lambda: {row.state for row in village.rows(Delivery)} == {"sent"})
    assert [row.state for row in village.rows(Event)] == ["done", "done"]
    assert {row.channel for row in village.rows(Delivery)} == {row.channel for row in village.rows(Pace)} == {"loa"}
    assert [(row.channel, row.address) for row in village.rows(Address)] == [("loa", "mai")]


async def test_a_call_with_a_wrong_signature_is_refused_and_nothing_is_kept(
    village: Village, loa: Loa, config: LoaConfig
) -> None:
    async with running(config) as app:
        assert await loa.call(app.port, "follow", secret="đoán mò") == 403
        assert await loa.call(app.port, "follow", name="web") == 404
        assert await loa.call(app.port, "follow", name="telegram") == 404
    assert village.rows(Event) == [] and loa.sent == []


async def test_who_has_been_silent_for_longer_than_its_window_is_counted_as_unreachable_and_not_invited(
    village: Village, loa: Loa, config: LoaConfig, asked: Any
) -> None:
    now = datetime.now(UTC)
    told = village.database.read_now(lambda connection: reach(connection, asked.id, now, config.sending).people)
    assert (told.reachable, told.by_channel, told.no_channel, told.blocked) == (1, {"loa": 1}, 1, 0)
    with village.database.transaction() as connection:
        windows = config.sending.windows
        assert open_round(connection, village.vault, asked.id, now, windows=windows) == 1
    async with running(config):
        await until(lambda: loa.to("1"))
    assert loa.to("2") == []


async def test_an_invitation_whose_window_ends_while_it_waits_is_not_sent_and_the_ledger_says_why(
    village: Village, loa: Loa, config: LoaConfig, asked: Any
) -> None:
    with village.database.transaction() as connection:
        assert open_round(connection, village.vault, asked.id, datetime.now(UTC)) == 2
    async with running(config):
        await until(lambda: not {row.state for row in village.rows(Delivery)} & {"pending", "claimed"})
    assert {row.address: (row.state, row.reason) for row in village.rows(Delivery)} == {
        "1": ("sent", ""),
        "2": ("expired", "window over"),
    }
    counted = village.database.read_now(lambda connection: messages(connection, asked.id))
    assert counted[DeliveryKind.INVITE].why == {"silent": 1} and [each["to"] for each in loa.sent] == ["1"]


async def test_a_word_opens_the_window_again_and_only_its_hour_is_kept(
    village: Village, loa: Loa, config: LoaConfig, asked: Any
) -> None:
    now = datetime.now(UTC)
    async with running(config) as app:
        assert await loa.call(app.port, "menu", who="2") == 200
        await until(lambda: loa.to("2"))
    heard = {row.address: row.heard_at for row in village.rows(Address)}
    hours = {each.replace(minute=0, second=0, microsecond=0) for each in (now, datetime.now(UTC))}
    assert heard["1"] is None and heard["2"] in hours
    told = village.database.read_now(lambda connection: reach(connection, asked.id, now, config.sending).people)
    assert told.reachable == 2


async def test_its_lane_does_not_wait_for_another_channel_that_is_out_of_reach(
    village: Village, loa: Loa, config: LoaConfig
) -> None:
    nowhere = {"token": SecretStr("7000000001:AAAA"), "base_url": "http://127.0.0.1:9/bot"}
    both = config.model_copy(update={"telegram": config.telegram.model_copy(update=nowhere)})
    village.settle("501")
    village.round()
    async with running(both) as app:
        assert list(app.channels) == ["telegram", "web", "loa"]
        assert await loa.call(app.port, "follow") == 200
        await until(lambda: loa.to("mai"))
    assert {row.channel: row.state for row in village.rows(Delivery)} == {"telegram": "pending", "loa": "sent"}


async def test_a_webhook_channel_without_pages_to_serve_it_is_named_at_the_start(config: LoaConfig) -> None:
    dark = config.model_copy(update={"web": config.web.model_copy(update={"enabled": False})})
    with pytest.raises(ConfigError, match=r"^loa: kênh này nhận tin qua webhook /in/loa nên cần web.enabled = true$"):
        async with running(dark):
            raise AssertionError("started")


def test_what_a_channel_lacks_is_said_in_one_sentence_that_names_it() -> None:
    loa = LoaChannel(LoaSection())

    class Mute:  # sends, and hears nothing
        name, capabilities = "loa", loa.capabilities
        read, send = loa.read, loa.send

    def said(channel: Any, name: str = "loa", **rates: float) -> list[str]:
        return list(contradictions({name: channel}, rates, served=True))

    assert said(loa, loa=1) == []
    assert said(loa) == ["loa.rate: kênh này gửi tin nên cần biết mỗi giây được gửi mấy tin"]
    assert said(Mute(), loa=1) == ["loa: kênh này gửi được nhưng không nhận được tin nào (thiếu verify hoặc poll)"]
    assert said(loa, "kèn", kèn=1) == ["kèn: kênh tự gọi mình là loa; hai tên phải là một"]
    assert list(contradictions({}, {}, served=True)) == ["telegram.token, web.enabled: không có kênh nào được bật"]


def test_that_nobody_can_be_invited_is_said_when_the_program_starts() -> None:
    [sentence] = shortcomings({"web": WebChannel()})
    assert sentence.startswith("web: không kênh nào nhắn trước được")
    loa = LoaChannel(LoaSection())
    assert list(shortcomings({"web": WebChannel(), "loa": loa})) == []
    loa.capabilities = replace(loa.capabilities, proactive_window=0)
    assert len(list(shortcomings({"loa": loa}))) == 1
