"""Opening a round: everybody owed an invitation in one transaction, and the memory of who then sends them."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.broadcast_round import Opened, open_for, unsettled
from benchmarks.report import Goal, Options, Report
from benchmarks.stores import stores
from benchmarks.window_server import Server, server
from storage.database import Database

TOKEN = "7000000001:bench"
TIMES = 3  # as many people as the broadcast at 1000/s
RATE = 1000  # messages a second


def measure(options: Options) -> Report:
    people = TIMES * options.recipients
    columns = {"store": "store", "people": "people", "seconds": "s to open", "sent": "sent", "memory": "sender's MB"}
    report = Report("open", columns)
    with stores(options.folder) as found:
        for store, new in found.items():
            with server(RATE) as telegram:
                opened = open_for(new(), options.folder / "secrets", people)
                sent, memory = _send_for(opened, options, telegram)
            row = {"store": store, "people": people, "seconds": round(opened.seconds, 2), "sent": sent}
            report.rows.append({**row, "memory": round(memory)})
            report.goals.append(Goal(f"{store}: seconds to open for {people}", opened.seconds, at_most=5))
            if memory:
                report.goals.append(Goal(f"{store}: memory of the sender, MB", memory, at_most=150))
    return report


def _send_for(opened: Opened, options: Options, telegram: Server) -> tuple[int, float]:
    """Let one process send for some seconds; how much it sent, and its most memory in MB."""
    database = Database(opened.address)
    before = database.read_now(unsettled)
    with sender(opened, options.folder, telegram, RATE) as process:
        while database.read_now(unsettled) == before:
            time.sleep(0.05)
        time.sleep(options.seconds)
        memory, left = peak(process.pid), database.read_now(unsettled)
    database.close()
    return before - left, memory


@contextlib.contextmanager
def sender(opened: Opened, folder: Path, telegram: Server, rate: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that only sends: `work`, or on SQLite `run` without anything else."""
    settings = {
        "DATABASE__URL": opened.address,
        "SECRECY__FOLDER": str(folder / "secrets"),
        "TELEGRAM__TOKEN": TOKEN,
        "TELEGRAM__BASE_URL": f"{telegram.address}/bot",
        "TELEGRAM__RATE": str(rate),
        "WEB__ENABLED": "false",
        "QUIET_HOURS__START": "00:00:00",  # never quiet
        "QUIET_HOURS__END": "00:00:00",
        "LOG__LEVEL": "ERROR",
    }
    known = {f"LANGNGHE_{name}": value for name, value in settings.items()}
    word = "work" if opened.address.startswith("postgres") else "run"
    command = [sys.executable, "-m", "bot", word]
    with subprocess.Popen(command, env={**os.environ, **known}, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def peak(pid: int) -> float:
    """The most memory that a process had, in MB; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0
