"""Anger, insults and accusations, told from questions. Pure; the phrases are in `temper.toml`."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from faq.phrases import any_of, readings, without

Temper = Literal["accuse", "insult", "anger"]
TEMPERS: tuple[Temper, ...] = get_args(Temper)
_LIKE = -0.2  # of what no phrase says: how much more must speak for it than for anything else
_FEWEST = 2  # words
_ANGRY_LONGEST = 14  # words; a longer message tells what about, and the search reads that


def temper(text: str, judge: Callable[[str], tuple[str, float]] | None = None) -> Temper | None:
    """Whether a message accuses somebody in office, insults us, or only lets off steam; None where it does not.

    1. what a phrase says
    2. what is like an example, though no phrase says it
    """
    harmless, kinds = _phrases()
    said = [without(each, harmless) for each in readings(text)]
    found = next((kind for kind, pattern in kinds.items() if any(map(pattern.search, said))), None)
    size = len(text.split())
    if found is None and judge is not None and size >= _FEWEST:
        likely, sure = judge(text)
        found = next((kind for kind in TEMPERS if kind == likely and sure >= _LIKE), None)
    return found if found == "accuse" or size <= _ANGRY_LONGEST else None


def calmed(text: str) -> str:
    """The message without its angry words: what it may ask besides."""
    _, kinds = _phrases()
    left = readings(text)[1]
    for kind in ("insult", "anger"):
        left = without(left, kinds[kind])
    parted = (each.split("/") for each in left.split())
    return " ".join(spelled or folded for folded, spelled in parted if folded != "_")


@cache
def _phrases() -> tuple[re.Pattern[str], Mapping[Temper, re.Pattern[str]]]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    names: Mapping[str, Sequence[str]] = read["names"]
    return any_of(read["harmless"], names), {kind: any_of(read["kinds"][kind], names) for kind in TEMPERS}
