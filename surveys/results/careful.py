"""An interval that holds for whatever is withheld: what a public verdict stands on.

Officials keep each hamlet as a stratum, everybody one for each withheld group, and their verdicts can differ. To look
at the officials' would tell of the withheld: in a test it gave one hamlet away. So a public verdict must hold for every
way in which a group's sum may be spread over its hamlets, the officials' among them. What goes in here is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from surveys.results.estimates import Estimate, Sample, interval, stratify


@dataclass(frozen=True, slots=True)
class Spread:
    """The sum of a withheld group, and the strata that officials may make of it: their ballots and households."""

    together: Sample
    parts: Sequence[tuple[int, int]]


def widest(told: Estimate, strata: Sequence[Sample], groups: Sequence[Spread]) -> Estimate:
    """The estimate with the widest interval that its groups allow; `strata` are those of no group.

    1. the mean with all that is missing to satisfaction in the hamlets that weigh most, and in those that weigh least
    2. the error with the squares of what is missing where they count most
    3. from these the interval, and never less than the one that is told
    """
    if told.stratified is None or told.low is None or told.high is None:
        return told
    homes = fsum(one.households or 0 for one in strata) + sum(count for group in groups for _, count in group.parts)
    if not homes:
        return told
    certain = fsum((one.households or 0) / homes * one.mean for one in strata)
    variance = fsum(((one.households or 0) / homes * stratify([one])[1]) ** 2 for one in strata)
    least = most = certain
    for group in groups:
        full = group.together.full
        missing = group.together.ballots * full - group.together.points
        squares = group.together.ballots * full**2 - 2 * full * group.together.points + group.together.squares
        weight = sum(count for _, count in group.parts) / homes
        weighs = [(count / homes / (ballots * full), ballots * full) for ballots, count in group.parts]
        least += weight - _poured(missing, sorted(weighs, reverse=True))
        most += weight - _poured(missing, sorted(weighs))
        counts = [
            (
                (count / homes / full) ** 2 * _unasked(ballots, count) / (ballots * max(1, ballots - 1)),
                ballots * full**2,
            )
            for ballots, count in group.parts
        ]
        variance += _poured(squares, sorted(counts, reverse=True))
    every = [*strata, *(Sample(ballots, 0, 0, 1, count) for group in groups for ballots, count in group.parts if count)]
    low = interval(min(1.0, max(0.0, least)), sqrt(variance), every)[0]
    high = interval(min(1.0, max(0.0, most)), sqrt(variance), every)[1]
    return Estimate(told.rate, told.stratified, told.se, min(low, told.low), max(high, told.high))


def _unasked(ballots: int, households: int) -> float:
    return Sample(ballots, 0, 0, 1, households).missing


def _poured(amount: int, into: Sequence[tuple[float, int]]) -> float:
    """What an amount is worth when it fills the first, then the next: (worth of one, how much goes in)."""
    worth = 0.0
    for each, room in into:
        worth += each * min(amount, room)
        amount -= min(amount, room)
    return worth
