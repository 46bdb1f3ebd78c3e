"""Updates as Telegram would never write them: valid ones of every kind, spoiled by chance."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

CANARY = "chim sẻ kêu"  # in everything that people write: it must show up nowhere
_BOT = {"id": 7000000001, "is_bot": True, "first_name": "Lắng Nghe", "username": "langnghe_standin_bot"}
HUGE = (2**31, 2**53, 2**63, 2**64, -(2**63), 10**100, 10**3000)
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, float("nan"), float("-inf"), "", "x", CANARY, "\x00", f"{CANARY}\x00",
    "\ud800", f"\udfff{CANARY}", "9" * 5000, [], [[]], [None], {}, {"": ""}, {"id": "x"}, {"\x00": "\ud800"}, *HUGE,
)  # fmt: skip
CHAT_TYPES = ("group", "supergroup", "channel", "secret", "", None, 7, ["private"])


def person(chance: random.Random) -> Json:
    """A stranger who has never written to the bot."""
    number = chance.randrange(800_000_000, 800_002_000)
    return {"id": number, "is_bot": False, "first_name": CANARY, "language_code": chance.choice(("vi", "en", "km"))}


def valid(chance: random.Random) -> Json:
    """A valid update of any kind that a bot may get, without its number."""
    user, bot = person(chance), dict(_BOT)
    chat = {"id": user["id"], "type": "private", "first_name": CANARY}
    message = {"message_id": chance.randrange(1, 999), "from": user, "chat": chat, "date": 1_790_000_000}
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
    contents: tuple[Json, ...] = (
        {"text": CANARY},
        {"text": f"/start {CANARY}", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
        {"text": "/stop", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]},
        {"photo": photo, "caption": CANARY},
        {"contact": {"phone_number": "+84900000000", "first_name": CANARY, "user_id": user["id"]}},
        {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 9, "height": 9,
                     "is_animated": False, "is_video": False}},
        {"location": {"latitude": 9.6, "longitude": 105.9}},
        {"text": CANARY, "reply_to_message": {**message, "text": CANARY}},
    )  # fmt: skip
    member = {"user": bot, "status": "member"}
    kinds: tuple[Callable[[], Json], ...] = (
        *((lambda: {"message": message | chance.choice(contents)}),) * 4,
        lambda: {"edited_message": message | {"edit_date": 1_790_000_001, "text": CANARY}},
        *(
            lambda: {
                "callback_query": {
                    "id": str(chance.getrandbits(62)),
                    "from": user,
                    "message": message | {"from": bot, "text": CANARY},
                    "chat_instance": "1",
                    "data": CANARY[:20],
                }
            },
        )
        * 3,
        lambda: {
            "my_chat_member": {
                "chat": chat,
                "from": user,
                "date": 1_790_000_000,
                "old_chat_member": member,
                "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
            }
        },
    )
    return chance.choice(kinds)()


def mutated(chance: random.Random) -> Json:
    """A valid update with one to three things spoiled, without its number."""
    update = valid(chance)
    for _ in range(chance.choice((1, 2, 3))):
        chance.choice(MUTATIONS)(update, chance)
    return update


def noise(chance: random.Random, number: int) -> bytes:
    """The body of a webhook call: a mutated update, or one with broken bytes, or nothing but noise."""
    update = mutated(chance) | {"update_id": chance.choice((number, number, number, *JUNK[:12]))}
    body = json.dumps(update).encode()
    match chance.randrange(6):
        case 0:
            return bytes(chance.randrange(256) for _ in range(chance.randrange(60)))
        case 1:
            return body[: chance.randrange(len(body))]
        case 2:
            broken = bytearray(body)
            for _ in range(chance.randrange(1, 8)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            return bytes(broken)
        case 3:
            opening = chance.choice((b"[", b'{"a":'))
            return opening * chance.choice((10, 400, 990, 1000, 5000, 50_000))
        case 4:
            return chance.choice((b"null", b"[]", b"0", b'""', b"", b"[" * 600 + b"]" * 600, b"1e999", b"9" * 5000))
    return body


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place inside a JSON value, as a container and a key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        inside = waiting.pop()
        keys = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else ()
        found += [(inside, key) for key in keys]
        waiting += [inside[key] for key in keys]
    return found


def _swap(update: Json, chance: random.Random) -> None:
    if spots := _spots(update):
        inside, key = chance.choice(spots)
        inside[key] = copy.deepcopy(chance.choice(JUNK))


def _drop(update: Json, chance: random.Random) -> None:
    inside, key = chance.choice(_spots(update) or [({0: 0}, 0)])
    del inside[key]


def _wrap(update: Json, chance: random.Random) -> None:
    inside, key = chance.choice(_spots(update) or [({0: 0}, 0)])
    inside[key] = [inside[key]] if chance.random() < 0.5 else {"value": inside[key]}


def _nest(update: Json, chance: random.Random) -> None:
    """Deep, as far as the stand-in can still write it."""
    inside, key = chance.choice(_spots(update) or [({0: 0}, 0)])
    deep: Any = CANARY
    for _ in range(chance.choice((20, 50, 400))):
        deep = [deep] if chance.random() < 0.5 else {"reply_to_message": deep}
    inside[key] = deep


def _rename(update: Json, chance: random.Random) -> None:
    inside, key = chance.choice([spot for spot in _spots(update) if isinstance(spot[0], dict)] or [({0: 0}, 0)])
    inside[chance.choice(("\x00", "\ud800", "message", "chat", "id", CANARY))] = inside.pop(key)


def _move(update: Json, chance: random.Random) -> None:
    """Another chat: of another type, a negative or a huge one."""
    for event in update.values():
        holder = event.get("message", event) if isinstance(event, dict) else None
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict):
            if chance.random() < 0.5:
                chat["type"] = chance.choice(CHAT_TYPES)
            else:
                chat["id"] = chance.choice((0, -5, -1001234567890, "800000001", True, 1.5, None, *HUGE))


MUTATIONS = (_swap, _swap, _swap, _drop, _drop, _wrap, _nest, _rename, _move)
