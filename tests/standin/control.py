"""What another process may ask of the stand-in and order from it, over HTTP.

GET  /standin/report   counts: ledger, floods, violations, calls, pending
GET  /standin/ledger   [[chat_id, message_id, moment, kind, text], …]
POST /standin/say      [[user_id, text], …]: people write
POST /standin/push     [update, …]: any updates
"""

from aiohttp import web

from standin.server import TelegramStandIn


def add_controls(telegram: TelegramStandIn) -> None:
    """Offer the controls, before the stand-in starts."""

    async def report(request: web.Request) -> web.Response:
        return web.json_response(
            {
                "ledger": len(telegram.ledger),
                "floods": telegram.floods,
                "violations": [f"{entry.method}: {entry.description}" for entry in telegram.violations],
                "calls": telegram.calls,
                "pending": len(telegram.pending),
            }
        )

    async def ledger(request: web.Request) -> web.Response:
        return web.json_response(
            [[sent.chat_id, sent.message_id, sent.moment, sent.kind, sent.text] for sent in telegram.ledger]
        )

    async def say(request: web.Request) -> web.Response:
        for user_id, text in await request.json():
            await telegram.phone(user_id).say(text)
        return web.json_response(True)

    async def push(request: web.Request) -> web.Response:
        return web.json_response([await telegram.push(update) for update in await request.json()])

    telegram.application.router.add_get("/standin/report", report)
    telegram.application.router.add_get("/standin/ledger", ledger)
    telegram.application.router.add_post("/standin/say", say)
    telegram.application.router.add_post("/standin/push", push)
