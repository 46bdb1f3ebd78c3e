"""The program as processes of its own that start in milliseconds: forked from one that has imported everything.

`python -m bot` spends nine tenths of its start on imports. What a kill can spoil begins after them.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["compiled", "ready_pages", "bot.commands.run", "bot.app", "psycopg", "sqlalchemy.dialects.postgresql.psycopg"]
)


class Forked:
    """`python -m bot WORDS`; its output goes to files, as a shell would send it."""

    def __init__(self, words: list[str], environment: Mapping[str, str], output: Path, log: Path) -> None:
        self._process = _FORKS.Process(target=_main, args=(words, dict(environment), str(output), str(log)))
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """What it ended with, by the rules of `subprocess`; None while it runs."""
        return self._process.exitcode

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended."""
        self._process.join()


def _main(words: list[str], environment: dict[str, str], output: str, log: str) -> None:
    for path, stream, mode in ((output, 1, os.O_TRUNC), (log, 2, os.O_APPEND)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | mode, 0o600), stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which the parent of all ignores
    os.environ.clear()
    os.environ.update(environment)
    from bot.commands import main

    sys.argv = ["langnghe", *words]
    main()
