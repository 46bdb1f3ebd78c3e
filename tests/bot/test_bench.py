"""The benches run; what they measure is never asserted."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchmarks import bench

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


def test_the_inbound_bench_measures_ours_and_its_peers_on_both_stores() -> None:
    arguments = ["inbound", "--events", "40", "--people", "10", "--rounds", "1", "--json"]
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    [report] = json.loads(done.stdout)
    measured = {(row["store"], row["what"].partition(":")[0]) for row in report["rows"]}
    assert {store for store, _ in measured} == {"sqlite", "postgresql"}
    assert len(measured) == 12
    assert all(row["per_second"] > 0 for row in report["rows"])
    assert {goal["name"] for goal in report["goals"]} >= {"sqlite: ours / usual", "postgresql: ours / usual"}


def test_the_startup_bench_gives_seconds_and_megabytes() -> None:
    done = CliRunner().invoke(bench, ["startup", "--seconds", "0.1", "--rounds", "1"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "seconds to ready" in done.stdout
    assert "MB at rest" in done.stdout


def test_the_score_bench_closes_and_scores_the_same_ballots_on_both_stores_beside_duckdb() -> None:
    arguments = ["score", "--communes", "5", "--households", "20", "--rounds", "1", "--json"]
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    [report] = json.loads(done.stdout)
    assert {(row["store"], row["what"].partition(":")[0].partition(",")[0]) for row in report["rows"]} >= {
        ("-", "DuckDB"), ("sqlite", "close"), ("sqlite", "ours"), ("postgresql", "close"), ("postgresql", "ours")
    }  # fmt: skip
    assert {goal["name"] for goal in report["goals"]} >= {"sqlite: ours / DuckDB", "postgresql: ours / DuckDB"}


def test_the_export_bench_writes_every_format_from_both_stores_beside_plain_csv() -> None:
    arguments = ["export", "--communes", "4", "--households", "25", "--json"]
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    [report] = json.loads(done.stdout)
    formats = {"plain csv", "csv", "json", "parquet", "sav", "xlsx"}
    found = {(row["store"], row["format"]) for row in report["rows"]}
    assert found == {(store, name) for store in ("sqlite", "postgresql") for name in formats}
    assert all(row["peak"] > 10 and row["rate"] > 0 for row in report["rows"])
    assert len(report["goals"]) == 5


def test_the_broadcast_bench_sends_a_round_on_both_stores_beside_loops_without_a_ledger() -> None:
    done = CliRunner().invoke(bench, ["broadcast", "--recipients", "100", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    [report] = json.loads(done.stdout)
    sent = {(row["store"], row["what"]): row.get("sent") for row in report["rows"]}
    for store in ("sqlite", "postgresql"):
        assert sent[store, "ours at 30/s"] >= 30  # and the replies to who wrote meanwhile
        assert sent[store, "ours at 1000/s"] == 100
    assert sent["postgresql", "two workers at 30/s"] == 30
    assert {what.rpartition(" at ")[0] for store, what in sent if store == "none"} == {
        "bare aiohttp, no ledger", "AIORateLimiter", "plain loop"
    }  # fmt: skip
    assert any(goal["name"] == "memory of a sender, MB" for goal in report["goals"])


def test_the_open_bench_opens_a_round_on_both_stores_and_weighs_who_sends_it() -> None:
    done = CliRunner().invoke(
        bench, ["open", "--recipients", "100", "--seconds", "0.1", "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0
    [report] = json.loads(done.stdout)
    assert [(row["store"], row["people"]) for row in report["rows"]] == [("sqlite", 300), ("postgresql", 300)]
    assert all(row["sent"] > 0 and row["memory"] > 10 for row in report["rows"])
    assert len(report["goals"]) == 4


def test_an_unknown_bench_is_wrong_usage() -> None:
    assert CliRunner().invoke(bench, ["nonsense"]).exit_code == 2


def test_running_the_program_imports_nothing_that_only_commands_need() -> None:
    heavy = ("alembic", "pyxform", "openpyxl", "pyarrow", "xlsxwriter", "readstat_arrow", "tqdm")
    code = f"import sys, bot.app; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
