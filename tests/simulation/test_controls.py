"""The judge is not blind: ways of sending that lose people or ask them twice do not pass it."""

import pytest
from simulation.judge import wrongs
from simulation.naive import Sender, checkpoint_at_fetch, commit_per_batch, outcome, restart_from_the_top

INVITED = 6


@pytest.mark.parametrize(
    ("sender", "what"),
    [(checkpoint_at_fetch, "missed"), (commit_per_batch, "got 2"), (restart_from_the_top, "got 2")],
    ids=["checkpoint at fetch", "commit per batch", "restart from the top"],
)
def test_a_naive_way_to_send_is_found_out(sender: Sender, what: str) -> None:
    telegram, told = outcome(sender, INVITED, dies_at=0)
    assert wrongs(telegram, INVITED, told) == []
    found = []
    for step in range(1, 4 * INVITED):
        telegram, told = outcome(sender, INVITED, dies_at=step)
        found += wrongs(telegram, INVITED, told)
    assert any(what in wrong for wrong in found)
