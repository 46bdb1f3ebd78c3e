"""A Bot API server for benches of sending: it takes messages, answers after a while, and enforces a strict window.

`python -m benchmarks.window_server --rate 30 --latency 0.05` prints its address as one line of JSON.
GET /report tells what passed, to whom and when, and how many were turned away.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

from aiohttp import web

JSON = "application/json"
BOT = {"id": 7000000001, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
OVER = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}


class Window:
    """At most `rate` messages in any second, by arrival."""

    def __init__(self, rate: int, latency: float) -> None:
        self._rate, self._latency = rate, latency
        self._passed: deque[float] = deque()
        self.moments: list[float] = []
        self.chats: list[int] = []
        self.turned_away = 0

    async def take(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "getUpdates":
            await asyncio.sleep(1)
            return web.json_response({"ok": True, "result": []})
        if method != "sendMessage":
            return web.json_response({"ok": True, "result": BOT if method == "getMe" else True})
        fields: dict[str, Any] = await request.json() if request.content_type == JSON else dict(await request.post())
        chat, text = int(fields["chat_id"]), fields["text"]
        if not text or len(text) > 4096:
            return web.json_response({"ok": False, "error_code": 400, "description": "Bad Request"}, status=400)
        await asyncio.sleep(self._latency / 2)
        now = time.monotonic()
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if len(self._passed) >= self._rate:
            self.turned_away += 1
            return web.json_response({**OVER, "parameters": {"retry_after": 1}}, status=429)
        self._passed.append(now)
        self.moments.append(now)
        self.chats.append(chat)
        await asyncio.sleep(self._latency / 2)
        number = len(self.moments)
        result = {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": result})

    async def report(self, request: web.Request) -> web.Response:
        return web.json_response({"moments": self.moments, "chats": self.chats, "turned_away": self.turned_away})


async def serve(rate: int, latency: float) -> None:
    window = Window(rate, latency)
    application = web.Application()
    application.router.add_post("/bot{token}/{method}", window.take)
    application.router.add_get("/report", window.report)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"address": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str

    def report(self) -> dict[str, Any]:
        with urlopen(f"{self.address}/report") as answer:
            arrived: dict[str, Any] = json.load(answer)
        return arrived


@contextmanager
def server(rate: int, latency: float = 0.05) -> Iterator[Server]:
    """The server as a process of its own, so that it takes no time from what is measured."""
    command = [sys.executable, "-m", "benchmarks.window_server", "--rate", str(rate), "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield Server(json.loads(process.stdout.readline())["address"])
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.05)
    options = parser.parse_args()
    asyncio.run(serve(options.rate, options.latency))
