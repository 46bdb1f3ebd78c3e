"""Logs with a shape: an event name and ids. Never a text that somebody wrote, a token or a chat id."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A Telegram token, as it stands in every Bot API address, where the letters "bot" come right before it.
_TOKEN = re.compile(r"(?<!\d)\d{3,}:[A-Za-z0-9_-]{20,}")


def set_up_logs(level: str, shape: str) -> None:
    """One line an event on standard error: JSON, or text on a terminal."""
    json = shape == "json" or (shape == "auto" and not sys.stderr.isatty())
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_Redacting())
    # These write whole updates, addresses with the token, or request lines.
    for name in ("telegram", "httpx", "httpcore", "aiohttp", "uvicorn", "apscheduler", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.CRITICAL if name == "telegram" else logging.ERROR)
    logging.getLogger("telegram").propagate = False
    logging.getLogger("telegram").addHandler(logging.NullHandler())  # without one Python prints to stderr itself


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take tokens out of every text field."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TOKEN.sub("[token]", value)
    return event


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub("[token]", record.getMessage()), ()
        if record.exc_info:
            record.exc_text = _TOKEN.sub("[token]", logging.Formatter().formatException(record.exc_info))
        return True
