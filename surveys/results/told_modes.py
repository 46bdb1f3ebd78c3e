"""Modes beside answers: told of a unit and all its neighbours, or of none, for what is left of the whole is theirs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from surveys.results.scoring import UnitScore


def with_modes(scores: Sequence[UnitScore], small: int, *, public: bool) -> tuple[UnitScore, ...]:
    """The scores with modes where they may be told; parents come before what is below them.

    Everybody reads no hamlet's and no mode of fewer than `small` ballots; officials none of these of a hamlet.
    """
    below: dict[int | None, list[UnitScore]] = defaultdict(list)
    for one in scores:
        below[one.unit.parent].append(one)
    ids = {one.unit.id for one in scores}
    told = {one.unit.id for one in scores if one.unit.parent not in ids and _may(one, small, public)}
    for above in scores:
        parts = [part for part in below[above.unit.id] if part.unit.ballots]
        if above.unit.id in told and _rest(above, parts, small) and all(_may(part, small, public) for part in parts):
            told |= {part.unit.id for part in parts}
    return tuple(one if one.unit.id in told else replace(one, by_mode=(), mode_warnings=()) for one in scores)


def _may(one: UnitScore, small: int, public: bool) -> bool:
    hamlet = one.unit.level == "hamlet"
    if one.suppressed or (hamlet and public):
        return False
    return all(number >= small for number in _modes(one).values()) or not (hamlet or public)


def _rest(above: UnitScore, parts: Sequence[UnitScore], small: int) -> bool:
    """Whether the ballots that name no part are in no mode, or many."""
    rest = _modes(above)
    for part in parts:
        rest.subtract(_modes(part))
    return all(number == 0 or number >= small for number in rest.values())


def _modes(one: UnitScore) -> Counter[str]:
    counted = one.basis.counted.by_mode if one.basis else {}
    return Counter({mode: tally.ballots for mode, tally in counted.items()})
