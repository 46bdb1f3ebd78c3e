"""The program called as a shell does: exit code, standard output, standard error."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from village import THUAN_HOA, Village

from bot.commands import main

RULE = "xa-nang-cao-chua-xac-nhan"
SOON, LATER = "2099-01-01T08:00", "2099-02-01T08:00"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]
# Who asks: without it no round opens.
ASKER = {
    "LANGNGHE_ORGANISATION__NAME": "UBND xã thử",
    "LANGNGHE_ORGANISATION__CONTACT": "nhà văn hóa ấp",
    "LANGNGHE_ORGANISATION__RETENTION": "một năm",
}


@pytest.fixture
def run(
    village: Village,
    quiet_logs: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Calls the program as a shell does, on the village's database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGNGHE_DATABASE__URL", village.url)
    monkeypatch.setenv("LANGNGHE_SECRECY__FOLDER", str(tmp_path / "secrets"))
    for name, value in ASKER.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> Result:
        monkeypatch.setattr("sys.argv", ["langnghe", *arguments])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    yield call


def create(run: Run, **changes: Any) -> Result:
    options = {
        "form": "ntm-hai-long", "unit": THUAN_HOA, "name": "Đợt lệnh", "opens": "now", "closes": LATER, "rule": RULE
    } | changes  # fmt: skip
    return run("round", "create", "--json", *(word for key, value in options.items() for word in (f"--{key}", value)))


def refused(result: Result, *words: str) -> bool:
    """One line on stderr that holds these words, nothing on stdout, exit code 1."""
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1), result
    assert all(word in result.err for word in words), result.err
    return True
