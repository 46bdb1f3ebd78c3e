"""Whoever has everything that is published, and the program's source, is left in doubt about every withheld cell.

LANGNGHE_SEEDS sets how many random rounds are tried (60; 500 and more at night), LANGNGHE_SEED the first; a failure
names its seed.
"""

import os

import pytest
from worlds import Doubt, drawn

from surveys.results.suppression import for_everybody

SEEDS = int(os.environ.get("LANGNGHE_SEEDS") or 60)
FIRST = int(os.environ.get("LANGNGHE_SEED") or 1)
SHARES = 2  # tests among which the seeds are dealt, for two cores


@pytest.mark.parametrize("share", range(SHARES))
def test_every_withheld_cell_of_a_random_round_has_three_values(share: int) -> None:
    cells = 0
    for seed in range(FIRST + share, FIRST + SEEDS, SHARES):
        doubt = Doubt(drawn(seed), for_everybody, seed)
        cells += len(doubt.cells())
        assert doubt.doubtful() == [], f"seed {seed}"
    assert cells > SEEDS // SHARES
