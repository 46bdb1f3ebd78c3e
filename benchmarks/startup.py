"""How soon `run` is ready, and what it weighs at rest: web and Telegram on SQLite with the sample rounds."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from benchmarks.report import Goal, Options, Report
from benchmarks.standin_process import ABSENT, StandIn, stand_in
from benchmarks.stores import load_sample_rounds

RUNS = 5
PATIENCE = 30.0  # seconds; by then something is wrong
READY, MEMORY = 1.5, 110.0  # goals: seconds, MB


def measure(options: Options) -> Report:
    """Best and median of five starts."""
    address = f"sqlite:///{options.folder}/langnghe.db"
    secrets = options.folder / "secrets"
    load_sample_rounds(address, secrets)
    with stand_in(0) as telegram:
        settings = _settings(address, secrets, telegram)
        starts = [_start(settings, options.folder, options.seconds) for _ in range(RUNS)]
    seconds, megabytes = [ready for ready, _ in starts], [memory for _, memory in starts]
    report = Report("startup", {"what": "what", "best": "best", "median": "median"})
    report.rows = [
        _row("seconds until /readyz answers", seconds),
        _row(f"MB resident after {options.seconds:g} s at rest", megabytes),
    ]
    report.goals = [
        Goal("seconds to ready, median", median(seconds), at_most=READY),
        Goal("MB at rest, median", median(megabytes), at_most=MEMORY),
    ]
    if telegram is None:
        report.notes.append(ABSENT)
    return report


def _row(what: str, values: list[float]) -> dict[str, Any]:
    return {"what": what, "best": round(min(values), 2), "median": round(median(values), 2)}


def _settings(address: str, secrets: Path, telegram: StandIn | None) -> dict[str, str]:
    settings = {"DATABASE__URL": address, "SECRECY__FOLDER": str(secrets), "LOG__LEVEL": "ERROR"}
    if telegram is not None:
        settings |= {"TELEGRAM__TOKEN": telegram.token, "TELEGRAM__BASE_URL": telegram.base_url}
    return {f"LANGNGHE_{key}": value for key, value in settings.items()}


def _start(settings: Mapping[str, str], folder: Path, rest: float) -> tuple[float, float]:
    """Seconds to readiness and MB at rest of one start."""
    port = _free_port()
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("LANGNGHE_")}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,  # no config.toml there
        env={**inherited, **settings, "LANGNGHE_WEB__PORT": str(port), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/readyz", begun + PATIENCE)
        ready = time.perf_counter() - begun
        time.sleep(rest)
        return ready, _resident(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str, deadline: float) -> None:
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            with urlopen(address):  # raises for anything but success
                return
        except OSError as refused:
            if isinstance(refused, HTTPError):
                refused.close()
            time.sleep(0.01)
    raise RuntimeError("run did not become ready")


def _resident(process: int) -> float:
    kibibytes = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    ).stdout
    return int(kibibytes) * 1024 / 1e6


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
