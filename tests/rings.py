"""Which ring of tests runs, by `LANGNGHE_RING`: `test` (the gate, and `make quick`) or `night`.

The gate draws nothing by lot: a seed that fails at night is set by LANGNGHE_SEED, which a failure names. At night
seeds are drawn, every test runs on both stores, and what is done again and again is done more often.
"""

import os
import random

RINGS = ("test", "night")
RING = os.environ.get("LANGNGHE_RING") or "test"
assert RING in RINGS, f"LANGNGHE_RING is one of {', '.join(RINGS)}, not {RING}"
NIGHT = RING == "night"
SEED = int(os.environ.get("LANGNGHE_SEED") or (random.SystemRandom().randrange(10**6) if NIGHT else 1))
os.environ["LANGNGHE_SEED"] = str(SEED)  # so that all workers have the same


def how_often(name: str, *, test: int, night: int) -> int:
    """How often something is done: what the variable says, or what belongs to this ring."""
    return int(os.environ.get(name) or (night if NIGHT else test))
