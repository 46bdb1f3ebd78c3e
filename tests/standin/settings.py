"""The methods by which a bot sets itself up and fetches its updates."""

import json
from typing import Any

from standin import limits, objects
from standin.reading import Call
from standin.refusals import Refused, Violated
from standin.state import Method, State
from standin.webhook import Webhook

PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def get_me(state: State, call: Call) -> Any:
    abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
    return state.bot | dict.fromkeys(abilities, False)


async def get_updates(state: State, call: Call) -> Any:
    if state.webhook is not None:
        raise Refused(409, WEBHOOK_ACTIVE)
    _remember_allowed(state, call)
    return await state.polling.fetch(
        call.parameters.get("offset", 0), call.parameters.get("limit", 100), call.parameters.get("timeout", 0)
    )


async def set_webhook(state: State, call: Call) -> bool:
    if not call.parameters["url"]:
        return await delete_webhook(state, call)
    limits.webhook(call.parameters)
    _remember_allowed(state, call)
    if call.parameters.get("drop_pending_updates"):
        state.updates.clear()
    state.polling.interrupt("terminated by setWebhook request")
    await state.replace_webhook(
        Webhook(call.parameters, state.updates, state.clock, state.retry_delays, state.attempts)
    )
    return True


async def delete_webhook(state: State, call: Call) -> bool:
    await state.replace_webhook(None)
    if call.parameters.get("drop_pending_updates"):
        state.updates.clear()
    return True


def get_webhook_info(state: State, call: Call) -> Any:
    webhook = state.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.alive()),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error is not None:
            info["last_error_date"], info["last_error_message"] = webhook.last_error
    if state.updates.allowed:
        info["allowed_updates"] = state.updates.allowed
    return info


def get_chat(state: State, call: Call) -> Any:
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return objects.private_chat(state.chat(call.parameters["chat_id"])) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def set_my_commands(state: State, call: Call) -> bool:
    limits.commands(call.parameters["commands"])
    state.commands[_audience(call)] = call.parameters["commands"]
    return True


def get_my_commands(state: State, call: Call) -> Any:
    return state.commands.get(_audience(call), [])


def delete_my_commands(state: State, call: Call) -> bool:
    state.commands.pop(_audience(call), None)
    return True


def set_chat_menu_button(state: State, call: Call) -> bool:
    state.menu_button = call.parameters.get("menu_button", {"type": "default"})
    return True


def set_my_name(state: State, call: Call) -> bool:
    return _set_profile(state, call, "name")


def set_my_description(state: State, call: Call) -> bool:
    return _set_profile(state, call, "description")


def set_my_short_description(state: State, call: Call) -> bool:
    return _set_profile(state, call, "short_description")


def get_my_name(state: State, call: Call) -> Any:
    return {"name": _profile(state, call, "name") or state.bot["first_name"]}


def get_my_description(state: State, call: Call) -> Any:
    return {"description": _profile(state, call, "description")}


def get_my_short_description(state: State, call: Call) -> Any:
    return {"short_description": _profile(state, call, "short_description")}


def _remember_allowed(state: State, call: Call) -> None:
    state.updates.allowed = call.parameters.get("allowed_updates", state.updates.allowed)


def _audience(call: Call) -> tuple[str, str]:
    scope = call.parameters.get("scope", {"type": "default"})
    name = scope["type"] if len(scope) == 1 else json.dumps(scope, sort_keys=True)
    return name, call.parameters.get("language_code", "")


def _set_profile(state: State, call: Call, field: str) -> bool:
    text = call.parameters.get(field, "")
    if len(text) > PROFILE_LIMITS[field]:
        raise Violated(f"{field} is longer than {PROFILE_LIMITS[field]} characters")
    state.profile[field, call.parameters.get("language_code", "")] = text
    return True


def _profile(state: State, call: Call, field: str) -> str:
    fallback = state.profile.get((field, ""), "")
    return state.profile.get((field, call.parameters.get("language_code", "")), "") or fallback


METHODS: dict[str, Method] = {
    "deleteMyCommands": delete_my_commands,
    "deleteWebhook": delete_webhook,
    "getChat": get_chat,
    "getMe": get_me,
    "getMyCommands": get_my_commands,
    "getMyDescription": get_my_description,
    "getMyName": get_my_name,
    "getMyShortDescription": get_my_short_description,
    "getUpdates": get_updates,
    "getWebhookInfo": get_webhook_info,
    "setChatMenuButton": set_chat_menu_button,
    "setMyCommands": set_my_commands,
    "setMyDescription": set_my_description,
    "setMyName": set_my_name,
    "setMyShortDescription": set_my_short_description,
    "setWebhook": set_webhook,
}
