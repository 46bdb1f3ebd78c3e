"""Trying to tell from what is left after a close who gave which ballot; and what chance alone would tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import scipy

from storage.database import Database

SIGMAS = 3.0
_ALARM = 1 - NormalDist().cdf(SIGMAS)  # how often chance alone goes beyond, in one attack


@dataclass(frozen=True)
class Attack:
    """People in one order, answers in another: the k-th person gave the k-th answer."""

    name: str
    people: Sequence[Any]
    answers: Sequence[Any]


def found_by_chance(attacks: Sequence[Attack], truth: Mapping[Any, Any]) -> list[str]:
    """The attacks that tell more than chance. Their number is allowed for: of all together chance alone goes beyond
    as seldom as of one beyond three sigmas."""
    alarm = _ALARM / (2 * len(attacks))
    most = int(scipy.stats.poisson.isf(alarm, 1))  # of a random order one person in all is hit, whatever their number
    beyond = []
    for attack in attacks:
        pairs = list(zip(attack.people, attack.answers, strict=False))
        hits = sum(truth.get(person) == answer for person, answer in pairs)
        if hits > most:
            beyond.append(f"{attack.name}: {hits} of {len(pairs)} linked")
        place = {answer: index for index, answer in enumerate(attack.answers)}
        mine = [(index, place[truth[each]]) for index, each in enumerate(attack.people) if truth.get(each) in place]
        if len(mine) > 10:
            correlation = float(scipy.stats.spearmanr([each[0] for each in mine], [each[1] for each in mine]).statistic)
            if abs(correlation) * sqrt(len(mine) - 1) > NormalDist().inv_cdf(1 - alarm / 2):
                beyond.append(f"{attack.name}: the orders are alike, {correlation:.2f}")
    return beyond


def files_of(database: Database) -> list[Path]:
    """Every file that the store keeps: SQLite's and its log's, or all of PostgreSQL's folder, its log included."""
    if database.dialect == "sqlite":
        path = Path(str(database.engine.url.database))
        return sorted(path.parent.glob(f"{path.name}*"))
    with database.engine.connect() as connection:
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        connection.exec_driver_sql("CHECKPOINT")
    return sorted(path for name in ("base", "pg_wal") for path in (folder / name).rglob("*") if path.is_file())


def offsets(files: Sequence[Path], words: Sequence[bytes]) -> dict[Path, list[tuple[int, bytes]]]:
    """Where each of these words first stands in each file that holds any."""
    found: dict[Path, list[tuple[int, bytes]]] = {}
    for path in files:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # removed by the server meanwhile
        here = [(place, word) for word in words if (place := content.find(word)) >= 0]
        if here:
            found[path] = sorted(here)
    return found
