"""Whoever has everything that is published, and the program's source, is left in doubt about every withheld cell.

LANGNGHE_SEEDS sets how many random rounds are tried (60; 500 and more at night), LANGNGHE_SEED the first; a failure
names its seed.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from scorecards import commune, hamlet
from worlds import BAD, GOOD, Doubt, World, drawn

from surveys.results.scoring import UnitScore
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


# Households, ballots, and how many are dissatisfied with each of three questions: six hamlets, one of one ballot.
SIX = [
    (210, 140, 9, 4, 6),
    (185, 120, 3, 0, 1),
    (97, 61, 0, 2, 1),
    (143, 88, 5, 7, 0),
    (61, 40, 1, 1, 3),
    (118, 1, 1, 0, 1),
]


def six_hamlets() -> World:
    units = [commune(sum(row[1] for row in SIX), sum(row[0] for row in SIX))]
    units += [hamlet(number, ballots, households) for number, (households, ballots, *_) in enumerate(SIX, 1)]
    ballots = {1: Counter[tuple[str, tuple[int, ...]]]()}
    for number, (_, sent, *bad) in enumerate(SIX, 1):
        # The dissatisfied with one question are others than those with the next, as far as there are others.
        said = (
            Counter((tuple(BAD if few > 0 else GOOD for few in bad)) for _ in range(1))
            if sent == 1
            else Counter(
                tuple(BAD if sum(bad[:place]) <= ballot < sum(bad[: place + 1]) else GOOD for place in range(3))
                for ballot in range(sent)
            )
        )
        ballots[number + 1] = Counter({("self", answers): count for answers, count in said.items()})
    return World(tuple(units), ballots, "household")


def estimates_of_each_hamlet(scores: Sequence[UnitScore]) -> tuple[UnitScore, ...]:
    """What used to be published: withheld hamlets without answers, and a commune's estimates made of them all."""
    told = [replace(one, bands={}, together=()) for one in for_everybody(scores)]
    return tuple(
        replace(one, questions=raw.questions, content_mean=raw.content_mean, overall=raw.overall)
        if one.unit.level != "hamlet"
        else one
        for one, raw in zip(told, scores, strict=True)
    )


def test_the_single_household_of_a_hamlet_can_have_said_either() -> None:
    doubt = Doubt(six_hamlets(), for_everybody)
    assert len(doubt.cells()) == 6 * 3 * 2
    assert doubt.doubtful() == []


def test_what_used_to_be_published_left_no_doubt() -> None:
    doubt = Doubt(six_hamlets(), estimates_of_each_hamlet)
    assert len(doubt.doubtful(300)) > 20
