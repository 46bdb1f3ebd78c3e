"""One story, on Telegram and on the web chat: a question in mid-survey, the end of the survey, a person who helps."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from program import Program
from village import Village

from faq.search.shipped_index import load_index
from standin import TelegramStandIn
from standin.phone import Phone
from storage.tables import FaqCount, Interview

HAMLET = "31582/Ấp 1 (mẫu)"
TOPIC = "Đăng ký thường trú, tạm trú, lưu trú"
ROADS = "Đường sá thế nào?"
REST = (  # what is typed, and what stands then
    ("dạ hài lòng", "Xã cần gì trước?"),
    ("xong", "Nhà mấy người?"),
    ("4", "Ngày dọn về đây?"),
    ("bỏ qua", "Nói chung có hài lòng không?"),
    ("1", "phiếu đã được ghi nhận"),
)
NUMBER = "0912 345 678"
NEED = f"tui hổng biết nộp hồ sơ khai sinh trên mạng, số tui {NUMBER}"
ANSWER = "Bác ra nhà văn hóa ấp sáng mai, tụi con nộp chung với bác nghen"


@pytest.fixture(scope="module", autouse=True)
def searched() -> None:
    """The program answers at once where the index is built."""
    load_index()


async def short_round(program: Program) -> str:
    """The program set up, with a round of few questions beside the sample's; returns its code."""
    await program.set_up_here()
    village = Village(program.url, program.folder)
    code: str = village.round().code
    village.database.close()
    return code


async def a_helper(program: Program, telegram: TelegramStandIn) -> Phone:
    """Somebody of the hamlet's digital group, whose chat is on duty."""
    program.command("staff", "add", "Lan", "--role", "helper", "--unit", HAMLET, "--password", "mot mat khau dai")
    lan = telegram.phone(700_000_001)
    await lan.start()
    await lan.wait()
    await lan.say(program.command("staff", "code", "Lan", "--json")["code"])
    await lan.wait("Yêu cầu của bà con")
    return lan


def check_books(program: Program) -> None:
    """One ballot; one closed request with its transcript, without a telephone number; the question was counted."""
    assert [row.state for row in program.rows(Interview.state)] == ["submitted"]
    [ticket] = program.command("tickets", "list", "--state", "closed", "--json")["tickets"]
    lines = program.command("tickets", "show", str(ticket["ticket"]), "--json")["lines"]
    assert [line["by"] for line in lines] == ["resident", "staff", "resident"]
    assert lines[1]["text"] == ANSWER and NUMBER not in str(lines)
    counted = program.rows(FaqCount.topic, FaqCount.what, FaqCount.number)
    assert [tuple(row) for row in counted] == [("residence-registration", "answered", 2)]


async def test_on_telegram_a_resident_asks_in_mid_survey_finishes_and_is_helped_by_a_person(
    postgres_url: str, tmp_path: Path
) -> None:
    async with TelegramStandIn() as telegram:
        program = Program(tmp_path, postgres_url, telegram)
        code = await short_round(program)
        async with program.running():
            lan = await a_helper(program, telegram)
            mai = telegram.phone(600_000_001)
            await mai.start(code)
            for label in ("Đồng ý", "Ấp 1 (mẫu)"):
                await mai.wait(lambda shown, label=label: label in shown.labels)
                await mai.tap(label)
            standing = (await mai.wait(ROADS)).text

            await mai.say("làm sao đăng ký tạm trú?")
            assert TOPIC in (await mai.wait("Nguồn:")).text
            assert (await mai.wait(ROADS)).text == standing
            await mai.say("bao lâu?")
            assert "3 ngày làm việc" in (await mai.wait(TOPIC)).text
            await mai.wait(ROADS)
            for said, asked in REST:
                await mai.say(said)
                await mai.wait(asked)

            await mai.say("cho tôi gặp người")
            await mai.wait("Nhờ người giúp")
            await mai.say(NEED)
            await mai.wait("chuyển cho người trực")
            told = await lan.wait("Yêu cầu mới")
            assert "nộp hồ sơ khai sinh" in told.text and NUMBER not in told.text
            await lan.tap("Nhận")
            await mai.wait("đã có người nhận")
            await lan.wait(lambda shown: "Đóng" in shown.labels)
            await lan.say(ANSWER)
            assert ANSWER in (await mai.wait("người giúp trả lời")).text
            await mai.tap("Nhắn thêm")
            await mai.wait("Bà con nhắn thêm")
            await mai.say("cám ơn cháu nghen")
            await lan.wait("bà con nhắn thêm")
            await lan.tap("Xem")
            await lan.wait(lambda shown: "cám ơn cháu" in shown.text and "Đóng" in shown.labels)
            await lan.tap("Đóng")
            await mai.wait("đã đóng")
            await telegram.idle()
            assert str(mai.user_id) not in read(lan) and str(lan.user_id) not in read(mai) and "Lan" not in read(mai)
            assert telegram.violations == [] and "error" not in program.log.lower()
            check_books(program)


def read(phone: Phone) -> str:
    return "\n".join(shown.text for shown in phone.messages)


async def test_on_a_page_a_resident_asks_in_mid_survey_finishes_and_is_helped_by_a_person(tmp_path: Path) -> None:
    async with TelegramStandIn() as telegram:
        program = Program(tmp_path, f"sqlite:///{tmp_path}/langnghe.db", telegram)
        code = await short_round(program)
        async with program.running(), httpx.AsyncClient(base_url=f"http://127.0.0.1:{program.port}") as client:
            lan = await a_helper(program, telegram)
            mai = Browser(client)
            await mai.agrees(f"/s/{code}")
            await mai.opens()
            await mai.says("ap 1")
            assert mai.last["title"] == ROADS

            await mai.says("làm sao đăng ký tạm trú?")
            assert [message["title"] for message in mai.heard[-2:]] == [TOPIC, ROADS]
            await mai.says("bao lâu?")
            assert "3 ngày làm việc" in mai.heard[-2]["text"] and mai.last["title"] == ROADS
            for said, asked in REST:
                await mai.says(said)
                assert asked in mai.last["title"]

            await mai.says("cho tôi gặp người")
            assert mai.last["title"] == "Nhờ người giúp"
            await mai.says(NEED)
            assert "mở lại chỗ này" in str(mai.heard[-2:])
            told = await lan.wait("Yêu cầu mới")
            assert NUMBER not in told.text
            await lan.tap("Nhận")
            await lan.wait(lambda shown: "Đóng" in shown.labels)
            await lan.say(ANSWER)
            await lan.wait("Đã gửi cho bà con")
            assert ANSWER in (await mai.opens())  # told when the page is opened again
            await mai.says("người giúp")
            assert ANSWER in mai.last["text"]
            await mai.says("cám ơn cháu nghen")
            await lan.wait("bà con nhắn thêm")
            await mai.taps("Xong rồi, cảm ơn")
            await lan.wait("bà con báo đã xong")
            assert "Lan" not in str(mai.heard) and str(lan.user_id) not in str(mai.heard)
            check_books(program)


class Browser:
    """The chat page's script, over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._key = ""
        self.heard: list[dict[str, Any]] = []

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1]

    async def agrees(self, address: str) -> None:
        """On the page of a round, without its script."""
        await self.opens(address)
        await self._client.post(address, data={"text": "đồng ý", "key": self._key})

    async def opens(self, address: str = "/chat") -> str:
        page = (await self._client.get(address)).text
        found = re.search(r'name="key" value="([^"]+)"', page)
        assert found, page
        self._key = found[1]
        return page

    async def says(self, text: str) -> None:
        await self._posts({"text": text})

    async def taps(self, label: str) -> None:
        shown = [choice for message in reversed(self.heard[-2:]) for choice in message["choices"]]
        token = next((choice["token"] for choice in shown if choice["label"] == label), "")
        assert token, f"{label!r} is not among {[choice['label'] for choice in shown]}"
        await self._posts({"choice": token})

    async def _posts(self, said: dict[str, str]) -> None:
        answer = await self._client.post(
            "/chat", data={**said, "key": self._key}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 200, answer.text
        self._key = answer.json()["key"]
        self.heard += answer.json()["messages"]
