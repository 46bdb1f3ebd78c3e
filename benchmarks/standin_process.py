"""The tests' Telegram stand-in as a process of its own, so that it takes no time from what is measured."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

TESTS = Path(__file__).resolve().parent.parent / "tests"
ABSENT = "without tests/ there is no Telegram stand-in: what needs one was left out"


@dataclass(frozen=True, slots=True)
class StandIn:
    base_url: str  # as python-telegram-bot takes it
    token: str

    def call(self, method: str, parameters: dict[str, Any]) -> None:
        """Call a Bot API method."""
        body = json.dumps(parameters).encode()
        request = Request(f"{self.base_url}{self.token}/{method}", body, {"Content-Type": "application/json"})
        with urlopen(request) as answer:
            answer.read()

    def report(self) -> dict[str, Any]:
        """Counts of what arrived, and requests that no correct program would send."""
        with urlopen(self.base_url.removesuffix("/bot") + "/standin/report") as answer:
            counts: dict[str, Any] = json.load(answer)
        return counts


@contextmanager
def stand_in(people: int) -> Iterator[StandIn | None]:
    """A running stand-in whose people 1 to `people` wrote to the bot before; None in an installation without tests."""
    if not (TESTS / "standin").is_dir():
        yield None
        return
    with subprocess.Popen(
        [sys.executable, "-m", "standin", "--people", str(people)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield StandIn(told["base_url"], told["token"])
        finally:
            process.terminate()
