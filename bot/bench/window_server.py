"""A Bot API server for benches of sending: it takes messages, answers after a while, and enforces a strict window.

`python -m bot.bench.window_server --rate 30 --latency 0.05` prints its address as one line of JSON.
GET /report tells what passed, what was turned away, and when the first and the last came. `POST /reset` forgets.
"""

import argparse
import asyncio
import json
import time
from collections import deque
from typing import Any

from aiohttp import web

OVER = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}


class Window:
    """At most `rate` messages in any second, by arrival."""

    def __init__(self, rate: int, latency: float) -> None:
        self._rate, self._latency = rate, latency
        self._passed: deque[float] = deque()
        self.moments: list[float] = []
        self.chats: list[int] = []
        self.turned_away = 0
        self.edits: dict[int, float] = {}

    async def take(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method != "sendMessage":
            return web.json_response({"ok": True, "result": True})
        fields: dict[str, Any] = dict(await request.post()) or await request.json()
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

    async def reset(self, request: web.Request) -> web.Response:
        self.moments, self.chats, self.turned_away = [], [], 0
        return web.json_response(True)


async def serve(rate: int, latency: float) -> None:
    window = Window(rate, latency)
    application = web.Application()
    application.router.add_post("/bot{token}/{method}", window.take)
    application.router.add_get("/report", window.report)
    application.router.add_post("/reset", window.reset)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"address": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--latency", type=float, default=0.05)
    options = parser.parse_args()
    asyncio.run(serve(options.rate, options.latency))
