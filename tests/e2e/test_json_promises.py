"""What `--json` promises (docs/commands.md), asked from outside: only JSON on standard output, keys and types as told.

One round lives its whole life by commands of the real program, each in a process of its own; the tests look at what
they printed.
"""

import csv
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from terminal import ASKER

from surveys.forms.xlsform import read_form, shipped_forms

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
COMMUNE, HAMLET = "31582", "Ấp 1 (mẫu)"
NAME = "Đợt của bài kiểm"
SHARE, COUNT, TEXT, MOMENT = "share", "count", "text", "moment"


class Shell:
    """The program as somebody with a terminal has it, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        plain = {key: value for key, value in os.environ.items() if not key.startswith("LANGNGHE_")}
        self.environment = (
            plain
            | ASKER
            | {
                "PYTHONPATH": str(ROOT),
                "LANGNGHE_DATABASE__URL": f"sqlite:///{folder}/langnghe.db",
                "LANGNGHE_SECRECY__FOLDER": str(folder / "secrets"),
            }
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120
        )

    def json(self, *words: str) -> Any:
        """What a command prints on standard output, which is JSON and nothing else."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """By command, what a round's life printed: half a minute of commands, once for all processes of the tests."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine if worker_id == "master" else mine.parent
    with (shared / "promises.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = shared / "promises.json"
        if not kept.exists():
            kept.write_text(json.dumps(_live(tmp_path_factory.mktemp("promises"))), encoding="utf-8")
        said: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return said


def _live(folder: Path) -> dict[str, Any]:
    shell = Shell(folder)
    for words in (("migrate",), ("sample",)):
        assert shell.run(*words).returncode == 0
    closes = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    options = {"form": "ntm-hai-long", "unit": COMMUNE, "name": NAME, "opens": "now", "closes": closes}
    options["rule"] = "xa-nang-cao-chua-xac-nhan"
    said: dict[str, Any] = {}
    said["create"] = shell.json("round", "create", *(word for key in options for word in (f"--{key}", options[key])))
    number = str(said["create"]["round"])
    for name in ("reach", "open", "pause", "resume", "remind", "status", "recipients"):
        said[name] = shell.json("round", name, number)
    said["score before"] = shell.json("score", number)
    said["ballots"] = shell.json("ballots", "import", number, str(_paper(shell.folder / "phieu.csv")))
    said["status after"] = shell.json("round", "status", number)
    said["close"] = shell.json("round", "close", number, "--by", "Mai", "--with", "Lan")
    said["score"] = shell.json("score", number)
    said["publish"] = shell.json("round", "publish", number)
    said["list"] = shell.json("round", "list")
    said["cancel"] = shell.json("round", "cancel", "1")
    said["export"] = shell.json("export", number, "--format", "csv", "--out", "phieu-thu.csv")
    said["criteria"] = shell.json("criteria", COMMUNE)
    said["find"] = shell.json("places", "find", "phu tan, chau thanh")
    said["places"] = shell.json("places", "list")
    said["survey"] = shell.json("survey", "check", "ntm-hai-long")
    said["audit"] = shell.json("audit", "verify")
    return said


def _paper(path: Path) -> Path:
    """Twelve ballots, and one of a hamlet that is not there."""
    form = read_form(shipped_forms()["ntm-hai-long"])
    questions = [question.name for question in form.questions if question.role in ("content", "overall")]
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["commune", "hamlet", *questions])
        for number in range(13):
            sheet.writerow([COMMUNE, HAMLET if number else "Ấp Không Có", *["Hài lòng"] * len(questions)])
    return path


def fits(value: object, shape: Any) -> bool:
    """Whether a value has the promised keys and types; None in a shape stands for null."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(key in value and fits(value[key], each) for key, each in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, one) for each in value for one in shape)
    if isinstance(shape, tuple):
        return any(fits(value, each) for each in shape)
    kinds: dict[Any, Callable[[Any], bool]] = {
        None: lambda one: one is None,
        COUNT: lambda one: type(one) is int and one >= 0,
        SHARE: lambda one: type(one) in (int, float) and 0 <= one <= 1,
        MOMENT: lambda one: isinstance(one, str) and datetime.fromisoformat(one).tzinfo is not None,
        TEXT: lambda one: isinstance(one, str),
        bool: lambda one: type(one) is bool,
        float: lambda one: type(one) in (int, float),
    }
    return kinds[shape](value)


def maybe(shape: Any) -> tuple[Any, None]:
    return (shape, None)


BY_MODE = {"self": COUNT, "assisted": COUNT, "kiosk": COUNT, "paper": COUNT}
PLACE = {"unit": TEXT, "name": TEXT, "households": maybe(COUNT), "ballots": COUNT, "coverage": maybe(SHARE)}
E = {"rate": maybe(SHARE), "stratified": maybe(SHARE), "se": maybe(float), "low": maybe(SHARE), "high": maybe(SHARE)}
STATUS = {
    "round": COUNT, "name": TEXT, "state": TEXT, "opens_at": MOMENT, "closes_at": MOMENT,
    "people": dict.fromkeys(("invited", "sent", "pending", "unreachable", "rejected", "uncertain"), COUNT),
    "ballots": {"started": COUNT, "submitted": COUNT, "by_mode": BY_MODE},
    "units": [PLACE], "rate_per_second": float, "eta_seconds": maybe(float), "quiet_until": maybe(MOMENT),
    "reminders": {"planned": [MOMENT], "owed": [{"invited": COUNT, "sent": COUNT, "pending": COUNT}]},
}  # fmt: skip
QUESTION = {"name": TEXT, "label": TEXT, "satisfied": COUNT, "not_satisfied": COUNT, "blank": COUNT,
            "rate_answered": maybe(SHARE), **E}  # fmt: skip
MARK = {"mark": TEXT, "threshold": SHARE, "value": maybe(SHARE), "official": bool, "verdict": TEXT}
SCORE = {
    "round": COUNT, "rule": TEXT, "status": TEXT,
    "units": [{**PLACE, "level": TEXT, "questions": [QUESTION], "content_mean": maybe(E), "overall": maybe(E),
               "all_satisfied": maybe(E), "if_all_silent_dissatisfied": (SHARE, E, None), "by_mode": {},
               "marks": [MARK]}],
}  # fmt: skip
MOVED = {"round": COUNT, "state": TEXT, "paused": bool}


@pytest.mark.parametrize(
    ("command", "shape"),
    [
        ("create", {"round": COUNT}),
        ("reach", {"round": COUNT, "households": maybe(COUNT), "people": {"known": COUNT, "reachable": COUNT},
                   "units": [{"unit": TEXT, "name": TEXT, "households": maybe(COUNT), "known": COUNT,
                              "reachable": COUNT, "by_channel": {}}],
                   "estimate": {"messages": COUNT, "rate_per_second": float, "seconds": float}}),
        ("open", {"round": COUNT, "state": TEXT, "invited": COUNT, "code": TEXT, "first_wave": None}),
        ("pause", MOVED), ("resume", MOVED), ("publish", MOVED), ("cancel", MOVED),
        ("remind", {"reminded": COUNT}),
        ("status", STATUS), ("status after", STATUS),
        ("recipients", {"recipients": [{"person": COUNT, "kind": TEXT, "state": TEXT, "reason": TEXT}]}),
        ("ballots", {"accepted": COUNT, "refused": [{"row": COUNT, "reason": TEXT}]}),
        ("close", {"round": COUNT, "state": TEXT, "ballots": COUNT}),
        ("score before", SCORE), ("score", SCORE),
        ("list", {"rounds": [{"round": COUNT, "name": TEXT, "code": TEXT, "state": TEXT, "opens_at": MOMENT,
                              "closes_at": MOMENT, "sample": bool}]}),
        ("export", {"round": COUNT, "format": TEXT, "rows": COUNT, "file": TEXT}),
        ("criteria", {"unit": TEXT, "name": TEXT,
                      "rows": [{"set": TEXT, "code": TEXT, "title": TEXT, "pillar": maybe(TEXT),
                                "threshold": (float, TEXT, None), "value": (float, TEXT, bool, None),
                                "low": maybe(SHARE), "high": maybe(SHARE), "answers": maybe(COUNT), "verdict": TEXT,
                                "evidence": []}]}),
        ("find", {"places": [{"code": TEXT, "name": TEXT, "level": TEXT, "province": TEXT, "was": [TEXT],
                              "score": SHARE}]}),
        ("places", {"places": [{"code": TEXT, "level": TEXT, "name": TEXT, "households": maybe(COUNT)}]}),
        ("survey", {"form": TEXT, "questions": COUNT, "problems": [{"row": COUNT, "message": TEXT}]}),
        ("audit", {"sound": bool, "entries": COUNT}),
    ],
)  # fmt: skip
def test_each_command_prints_the_promised_keys(told: dict[str, Any], command: str, shape: Any) -> None:
    assert fits(told[command], shape), told[command]


def test_a_shape_that_is_not_kept_is_noticed() -> None:
    assert fits({"a": [1], "b": None, "more": 1}, {"a": [COUNT], "b": maybe(SHARE)})
    for broken in ({}, {"a": 1, "b": None}, {"a": [True], "b": None}, {"a": [1], "b": 1.2}):
        assert not fits(broken, {"a": [COUNT], "b": maybe(SHARE)})


def test_the_life_of_a_round_is_told_by_its_states(told: dict[str, Any]) -> None:
    assert (told["status"]["name"], told["status"]["state"]) == (NAME, "open")
    assert (told["open"]["state"], told["close"]["state"], told["publish"]["state"]) == ("open", "closed", "published")
    assert [told[name]["paused"] for name in ("pause", "resume")] == [True, False]
    assert told["cancel"]["state"] == "cancelled"


def test_ballots_are_counted_alike_wherever_they_are_told(told: dict[str, Any]) -> None:
    assert (told["ballots"]["accepted"], len(told["ballots"]["refused"])) == (12, 1)
    assert told["status after"]["ballots"]["by_mode"] == {"self": 0, "assisted": 0, "kiosk": 0, "paper": 12}
    assert told["close"]["ballots"] == told["score"]["units"][0]["ballots"] == told["export"]["rows"] == 12


def test_before_the_close_there_is_coverage_and_nothing_else(told: dict[str, Any]) -> None:
    for unit in told["score before"]["units"]:
        assert unit["questions"] == [] and unit["overall"] is None and unit["by_mode"] == {}
        assert {mark["mark"] for mark in unit["marks"]} <= {"coverage"}
    verdicts = {mark["verdict"] for unit in told["score"]["units"] for mark in unit["marks"]}
    assert told["score"]["units"][0]["questions"] and verdicts <= {"reached", "not_reached", "not_established"}
