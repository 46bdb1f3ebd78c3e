"""Logs never hold a token."""

import json
import logging

import pytest
import structlog

from bot.logs import redact, set_up_logs

TOKEN = "7000000001:AAF-abcdefghijklmnopqrstuvwxyz_0123456"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


def begin(level: str, shape: str) -> None:
    """As at the program's start, when nobody handles logs yet (pytest does)."""
    logging.getLogger().handlers = []
    set_up_logs(level, shape)


def test_a_token_is_taken_out_of_every_field() -> None:
    event = redact(None, "info", {"event": f"token {TOKEN}", "url": ADDRESS, "number": 5})
    assert event == {"event": "token [token]", "url": "https://api.telegram.org/bot[token]/sendMessage", "number": 5}


def test_our_own_lines_are_json_and_redacted_with_their_tracebacks(
    quiet_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    begin("INFO", "json")
    try:
        raise RuntimeError(ADDRESS)
    except RuntimeError:
        structlog.get_logger("test").error("send_failed", url=ADDRESS, exc_info=True)
    structlog.get_logger("test").debug("not shown")
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry["event"] == "send_failed" and entry["level"] == "error" and "RuntimeError" in entry["exception"]
    assert TOKEN not in line and "[token]" in line


def test_other_libraries_lines_are_redacted_with_their_tracebacks(
    quiet_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    begin("INFO", "json")
    try:
        raise RuntimeError(ADDRESS)
    except RuntimeError:
        logging.getLogger("some.library").warning("request to %s failed", ADDRESS, exc_info=True)
    said = capsys.readouterr().err
    assert "failed" in said and "RuntimeError" in said and TOKEN not in said


def test_the_telegram_library_which_logs_whole_updates_is_silent(
    quiet_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    begin("DEBUG", "text")
    for name in ("telegram", "telegram.ext", "telegram.Bot", "telegram.request"):
        logging.getLogger(name).critical("an update with an answer")
    logging.getLogger("httpx").info("HTTP Request: POST %s", ADDRESS)
    assert capsys.readouterr().err == ""
