"""Rounds in simulated universes: every point at which a process can die, and hundreds of universes drawn by lot.

LANGNGHE_SEEDS sets how many (10; at night 10,000, in CI's night 200), LANGNGHE_SEED the first; a failure names its
seed. With 200 or more, the broadcast whose every point is tried is a larger one.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from rings import SEED, how_often
from simulation.judge import judge
from simulation.universe import Faults, Plan, Universe, drawn, once

pytestmark = pytest.mark.slow

SEEDS = how_often("LANGNGHE_SEEDS", test=10, night=10_000)
FIRST = SEED
SHARES = 2  # tests among which the seeds are dealt, for two cores
LARGE = SEEDS >= 200
ONE = Plan(invited=6 if LARGE else 3, reminder=LARGE)
TWO = Plan(invited=6 if LARGE else 2, machines=2, alone=False, reminder=LARGE)


def lived(seed: int | str, plan: Plan, template: Path, folder: Path) -> Universe:
    universe = Universe(seed, plan, template, folder).run()
    judge(universe)
    return universe


@pytest.mark.parametrize("plan", [ONE, TWO], ids=["one process", "two machines"])
def test_a_process_may_die_at_any_point_of_a_broadcast(plan: Plan, filled_sqlite: Path, tmp_path: Path) -> None:
    steps = lived("points", plan, filled_sqlite, tmp_path / "0").steps
    assert steps > 4 * plan.invited
    for step in range(1, steps + 1):
        died = lived("points", replace(plan, crashes=once(step)), filled_sqlite, tmp_path / str(step))
        assert died.crashes == 1, step
    print(f"{steps} crash points: nobody missed, nobody asked twice")


@pytest.mark.parametrize("share", range(SHARES))
def test_in_universes_drawn_by_lot_nobody_is_missed_or_asked_twice(
    share: int, filled_sqlite: Path, tmp_path: Path
) -> None:
    for seed in range(FIRST + share, FIRST + SEEDS, SHARES):
        judge(drawn(seed, filled_sqlite, tmp_path / str(seed)).run())


def test_the_same_seed_is_the_same_history(filled_sqlite: Path, tmp_path: Path) -> None:
    rough = Plan(residents=1, faults=Faults(0.05, 0.05, 0.05, 0.02, 0.05, 0.05), crashes=lambda step: step % 40 == 0)
    one, two, other = (
        Universe(seed, rough, filled_sqlite, tmp_path / str(number)).run()
        for number, seed in enumerate(("same", "same", "other"))
    )
    assert one.history == two.history != other.history
