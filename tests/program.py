"""The real program as a process of its own: started, stopped, killed and asked, as an operator does it."""

import asyncio
import contextlib
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forked import Forked
from sqlalchemy import select

from bot.samples import make_sample
from standin import TelegramStandIn
from storage.database import Database
from storage.schema import upgrade
from storage.tables import Delivery, Event, Round
from surveys.secrecy.vault import Vault

ROOT = Path(__file__).parents[1]
READY = "Lắng Nghe đang chạy"
WEBHOOK_SECRET = "mot-chuoi-bi-mat"


class Program:
    """The program with a database and a folder of its own, its bot at a stand-in, the sample rounds open.

    `quick`: it starts as a fork, for tests that start it often. `word`: the command that runs, `run` or `work`.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str,
        telegram: TelegramStandIn,
        *,
        word: str = "run",
        quick: bool = False,
        **settings: str,
    ) -> None:
        self.folder = folder
        self.url = database_url
        self.word = word
        self._quick = quick
        self.port = free_port()
        self._standard_output, self._log = folder / "output", folder / "log"
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._environment = {
            **os.environ,
            "LANGNGHE_DATABASE__URL": database_url,
            "LANGNGHE_SECRECY__FOLDER": str(folder / "secrets"),
            "LANGNGHE_WEB__PORT": str(self.port),
            "LANGNGHE_TELEGRAM__TOKEN": telegram.token,
            "LANGNGHE_TELEGRAM__BASE_URL": telegram.base_url,
            "LANGNGHE_TELEGRAM__RATE": "1000",
            "LANGNGHE_QUIET_HOURS__START": "00:00:00",  # never quiet: a test may run at night
            "LANGNGHE_QUIET_HOURS__END": "00:00:00",
            **settings,
        }

    def use_webhook(self) -> None:
        """From the next start on, updates come in by webhook."""
        self._environment |= {
            "LANGNGHE_TELEGRAM__MODE": "webhook",
            "LANGNGHE_TELEGRAM__WEBHOOK_URL": self.webhook_url,
            "LANGNGHE_TELEGRAM__WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in/telegram"

    @property
    def log(self) -> str:
        """Everything that it wrote to standard error, over all its starts."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """Of the running process; fails when it has ended."""
        assert self._process is not None, "the program was not started"
        code = self._process.poll()
        assert code is None, f"the program ended with {code}; the end of its log:\n{self.log[-3000:]}"
        return self._process.pid

    def set_up(self) -> None:
        """Migrate the database and open the sample rounds, as an operator does."""
        self.command("migrate")
        self.command("sample")

    async def set_up_here(self) -> None:
        """The same within this process: three times as fast."""
        await asyncio.to_thread(upgrade, self.url)
        database = Database(self.url)
        make_sample(database, self.vault, datetime.now(UTC))
        database.close()

    def command(self, *words: str) -> Any:
        """Run a command that must succeed; its output, parsed where `--json` is among the words."""
        run = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, f"{' '.join(words)} ended with {run.returncode}: {run.stderr}"
        return json.loads(run.stdout) if "--json" in words else run.stdout

    def round_codes(self) -> dict[str, str]:
        """The codes of the sample rounds, by the commune that each asks."""
        return {f"X{row.name.rpartition(', x')[2]}": row.code for row in self.rows(Round.name, Round.code)}

    def exported(self, number: str) -> list[dict[str, str]]:
        """The ballots of a closed round as `export` writes them."""
        out = self.folder / f"{number}.csv"
        self.command("export", str(number), "--format", "csv", "--out", str(out))
        with out.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    async def all_settled(self, seconds: float = 60.0) -> None:
        """Wait until every event is handled and every reply settled."""
        deadline = time.monotonic() + seconds
        while True:
            new = len(self.rows(Event.id, where=Event.state == "new"))
            owed = len(self.rows(Delivery.id, where=Delivery.state.in_(("pending", "claimed"))))
            if not new and not owed:
                return
            left = f"{new} events and {owed} replies wait after {seconds:g} s:\n{self.log[-2000:]}"
            assert self.pid and time.monotonic() < deadline, left
            await asyncio.sleep(0.2)

    def start(self) -> None:
        """Start; does not wait until it is ready."""
        if self._quick:
            self._standard_output.write_bytes(b"")
            self._process = Forked([self.word], self._environment, self._standard_output, self._log)
            return
        with self._standard_output.open("wb") as output, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", self.word], cwd=ROOT, env=self._environment, stdout=output, stderr=log
            )

    async def ready(self, seconds: float = 60.0) -> None:
        """Wait until it says that it runs."""
        deadline = time.monotonic() + seconds
        while READY not in self._standard_output.read_text(encoding="utf-8"):
            assert self.pid and time.monotonic() < deadline, f"not ready after {seconds:g} s:\n{self.log[-3000:]}"
            await asyncio.sleep(0.02)

    async def stop(self, seconds: float = 60.0) -> float:
        """SIGTERM; it must end well. Returns how long it took. The stand-in goes on meanwhile."""
        begun, process = time.monotonic(), self._running()
        process.send_signal(signal.SIGTERM)
        while process.poll() is None:
            if time.monotonic() > begun + seconds:
                self.kill()
                raise AssertionError(f"still running {seconds:g} s after SIGTERM:\n{self.log[-3000:]}")
            await asyncio.sleep(0.02)
        assert process.returncode == 0, f"SIGTERM ended it with {process.returncode}:\n{self.log[-3000:]}"
        self._process = None
        return time.monotonic() - begun

    def kill(self) -> None:
        """kill -9; the process must have been alive."""
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    @property
    def ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def freeze(self) -> None:
        """Stand still in the middle of whatever it does, as a machine that is moved or starved."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on as if no time had passed."""
        self._running().send_signal(signal.SIGCONT)

    def _running(self) -> subprocess.Popen[bytes] | Forked:
        assert self.pid and self._process is not None
        return self._process

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Program"]:
        """Started and ready; stopped at the end, killed when something failed."""
        self.start()
        try:
            await self.ready()
            yield self
            await self.stop()
        finally:
            self.end()

    def end(self) -> None:
        """Kill it if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def rows(self, *what: Any, where: Any = True) -> Sequence[Any]:
        """Rows of the database, as it is now."""
        database = Database(self.url)
        try:
            return database.read_now(lambda connection: connection.execute(select(*what).where(where)).all())
        finally:
            database.close()

    @property
    def vault(self) -> Vault:
        return Vault(self.folder / "secrets")


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
