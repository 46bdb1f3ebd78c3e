"""Random rounds, and what else they might be: rounds of the same turnout whose publication is the same to the byte.

Whoever reads everything that is published, and the program's source, can't tell such rounds from the true one. They are
found by exchanging answers among the withheld units of one parent, step by step.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from scorecards import QUESTIONS, RULE

from surveys.results.counts import Tally, UnitCounts
from surveys.results.scoring import UnitScore, score
from surveys.rounds.units import CountedUnit, Turnout

GOOD, BAD, BLANK = range(3)
CONTENT = 2  # the first questions of QUESTIONS
Ballot = tuple[int, ...]  # what it says to each question
Cell = tuple[int, int, int]  # a unit, a question, an answer
View = Callable[[Sequence[UnitScore]], tuple[UnitScore, ...]]


@dataclass(frozen=True)
class World:
    """A round: its units, parents first, and each one's own ballots by mode and what they say."""

    units: tuple[Turnout, ...]
    ballots: Mapping[int, Counter[tuple[str, Ballot]]]
    counts: CountedUnit

    def counted(self) -> list[UnitCounts]:
        tallies: dict[int, dict[str, Tally]] = {unit.id: {} for unit in self.units}
        for unit in self.units:
            for (mode, ballot), number in self.ballots[unit.id].items():
                if number:
                    tallies[unit.id][mode] = tallies[unit.id].get(mode, Tally()) + _tally(ballot, number)
        for unit in reversed(self.units):
            if unit.parent is not None:
                above = tallies[unit.parent]
                for mode, tally in tallies[unit.id].items():
                    above[mode] = above.get(mode, Tally()) + tally
        return [UnitCounts(unit, dict(sorted(tallies[unit.id].items()))) for unit in self.units]

    def scores(self) -> tuple[UnitScore, ...]:
        return score(QUESTIONS, self.counted(), RULE, self.counts)

    def told(self, view: View) -> str:
        """Everything that a view tells of it."""
        return json.dumps([unit.to_json() for unit in view(self.scores())], sort_keys=True)

    def cell(self, units: Set[int], question: int, says: int) -> int:
        """How many ballots of these units say this."""
        return sum(
            number for id in units for (_, ballot), number in self.ballots[id].items() if ballot[question] == says
        )


def _tally(ballot: Ballot, number: int) -> Tally:
    names = [question.name for question in QUESTIONS]
    satisfied = {name: number for name, says in zip(names, ballot, strict=True) if says == GOOD}
    dissatisfied = {name: number for name, says in zip(names, ballot, strict=True) if says == BAD}
    return Tally(number, satisfied, dissatisfied, {ballot[:CONTENT].count(GOOD): number})


def drawn(seed: int) -> World:
    """A round by lot: one commune or several, small hamlets, unanimous ones, ballots without a hamlet, both counts."""
    lot = random.Random(seed)
    communes = lot.choice([1, 1, 1, 2, 3])
    units: list[Turnout] = []
    if communes > 1:
        units.append(Turnout(1, "province", "92", "Cần Thơ", None, 0))
    bad = lot.choice([0.01, 0.02, 0.04, 0.04, 0.07, 0.12, 0.25])
    ballots: dict[int, Counter[tuple[str, Ballot]]] = {1: Counter()}
    for number in range(communes):
        commune = len(units) + 1
        units.append(
            Turnout(commune, "commune", f"{31582 + number}", f"Xã {number}", None, 0, 1 if communes > 1 else None)
        )
        ballots[commune] = _sent(lot, lot.choice([0, 0, 0, 1, 4, 15]), bad)
        for hamlet in range(lot.choice([2, 3, 4, 6, 8]) if lot.random() < 0.9 else 0):
            id = len(units) + 1
            sent = lot.choice([lot.randint(0, 12), lot.randint(10, 40), lot.randint(30, 130), lot.randint(60, 250)])
            mood = lot.choice([0, 0, bad, bad, bad, 2 * bad, 1 if lot.random() < 0.1 else 0.3])
            ballots[id] = _sent(lot, sent, mood)
            units.append(
                Turnout(id, "hamlet", f"{31582 + number}", f"Ấp {hamlet}", sent + lot.randint(0, 150), 0, commune)
            )
    return World(_summed(units, ballots), ballots, lot.choice(["household", "household", "person"]))


def _sent(lot: random.Random, number: int, bad: float) -> Counter[tuple[str, Ballot]]:
    """Ballots, each with a mood of its own, so that a household's answers go together."""
    found: Counter[tuple[str, Ballot]] = Counter()
    for _ in range(number):
        share = bad if bad in (0, 1) else min(1.0, bad * lot.choice([0.3, 0.3, 3]))
        says = tuple(BLANK if lot.random() < 0.01 else BAD if lot.random() < share else GOOD for _ in QUESTIONS)
        found[lot.choice(["self", "self", "paper"]), says] += 1
    return found


def _summed(units: Sequence[Turnout], ballots: Mapping[int, Counter[tuple[str, Ballot]]]) -> tuple[Turnout, ...]:
    sent = {unit.id: ballots[unit.id].total() for unit in units}
    homes = {unit.id: unit.households or 0 for unit in units}
    for unit in reversed(units):
        if unit.parent is not None:
            sent[unit.parent] += sent[unit.id]
            homes[unit.parent] += homes[unit.id]
    return tuple(
        Turnout(one.id, one.level, one.code, one.name, homes[one.id] or None, sent[one.id], one.parent) for one in units
    )


class Doubt:
    """Which other rounds a publication could be of: the values that each withheld cell has in them."""

    def __init__(self, world: World, view: View, seed: int = 0) -> None:
        self.world, self.view = world, view
        self.shown = {one.unit.id: one for one in view(world.scores())}
        self._told = world.told(view)
        self._lot = random.Random(seed)
        self._below = {unit.id: _below(world.units, unit.id) for unit in world.units}
        self._withheld = [
            (unit.unit.id, place)
            for unit in self.shown.values()
            for place, question in enumerate(QUESTIONS)
            if question.name in unit.suppressed and unit.unit.ballots
        ]
        self._same: list[World] = []
        self._known: dict[Cell, set[int]] = {cell: set() for cell in self.cells()}
        self._keep(world)
        self._true = {cell: world.cell(self._below[cell[0]], *cell[1:]) for cell in self._known}

    def cells(self) -> list[Cell]:
        """Every unit, question and answer that is withheld; a blank is no answer."""
        return [(id, place, says) for id, place in self._withheld for says in (GOOD, BAD)]

    def doubtful(self, swaps: int = 2000) -> list[str]:
        """The withheld cells for which fewer values were found than there must be."""
        must = {cell: self._must(*cell) for cell in self._known}
        for _ in range(swaps):
            must = {cell: least for cell, least in must.items() if len(self._known[cell]) < least}
            if not must:
                break
            proposed = self._swapped(*self._lot.choice(sorted(must)))
            if proposed is not None and proposed.told(self.view) == self._told:
                self._keep(proposed)
        return [
            f"{cell} is one of {sorted(self._known[cell])}, not of {least}"
            for cell, least in must.items()
            if len(self._known[cell]) < least
        ]

    def _keep(self, world: World) -> None:
        self._same.append(world)
        for cell, known in self._known.items():
            known.add(world.cell(self._below[cell[0]], *cell[1:]))

    def _must(self, id: int, place: int, _says: int) -> int:
        """Three, or as many as turnout and the row of the unit above leave, which are told."""
        unit, above = self.shown[id].unit, self.shown.get(self.shown[id].unit.parent or 0)
        while above is not None and QUESTIONS[place].name in above.suppressed:
            above = self.shown.get(above.unit.parent or 0)
        most = min(3, unit.ballots + 1)
        if above is None:
            return most
        row = [self.world.cell(self._below[above.unit.id], place, answer) for answer in (GOOD, BAD)]
        return min(most, min(row) + 1, above.unit.ballots - unit.ballots + 1)

    def _swapped(self, id: int, place: int, says: int) -> World | None:
        """One of the worlds so far, with answers of a few ballots of two withheld places exchanged.

        Either all their answers on content or that on the whole: so most sums stay as they are.
        """
        lot = self._lot
        if self._hidden(self.world.units[0].id, place):  # then nothing is told of this question at all
            return _other_minds(self.world, lot)
        known, cell = self._known[id, place, says], (self._below[id], place, says)
        missing = [value for value in range(self.shown[id].unit.ballots + 1) if value not in known] or [0]
        aim = lot.choice(sorted(missing, key=lambda value: abs(value - self._true[id, place, says]))[:3])
        near = min(self._same[-60:], key=lambda one: (abs(one.cell(*cell) - aim), lot.random()))
        world = lot.choice([self.world, *self._same[-2:], near, near])
        more = aim > world.cell(*cell)
        part = range(CONTENT) if place < CONTENT else range(CONTENT, len(QUESTIONS))
        members = self._members(id, place)
        pairs = [
            (one, other, mine, theirs)
            for one in sorted(members & self._below[id])
            for other in sorted(members - self._below[id])
            for mine in world.ballots[one]
            for theirs in world.ballots[other]
            if (mine[1][place] == says) == (not more)
            and (theirs[1][place] == says) == more
            and (mine[0] == theirs[0] or _with(mine, theirs, part)[1] == theirs[1])  # modes go along
            and all(mine[1][at] == theirs[1][at] or self._both_hidden(one, other, at) for at in part)
        ]
        if not pairs:
            return None
        one, other = lot.choice(sorted({pair[:2] for pair in pairs}))
        mine, theirs = lot.choice([pair[2:] for pair in pairs if pair[:2] == (one, other)])
        number = min(lot.choice([1, 1, 1, 2, 3]), world.ballots[one][mine], world.ballots[other][theirs])
        ballots = dict(world.ballots)
        ballots[one] = world.ballots[one] - Counter({mine: number}) + Counter({_with(mine, theirs, part): number})
        ballots[other] = world.ballots[other] - Counter({theirs: number}) + Counter({_with(theirs, mine, part): number})
        return World(world.units, ballots, world.counts)

    def _members(self, id: int, place: int) -> set[int]:
        """The places whose ballots are withheld together with a unit's."""
        while self._hidden(self.shown[id].unit.parent, place):
            id = self.shown[id].unit.parent or 0
        above = self.shown[id].unit.parent
        beside = [one for one in self.shown.values() if one.unit.parent == above and self._hidden(one.unit.id, place)]
        return set().union(*(self._below[one.unit.id] for one in beside)) | ({above} if above in self.shown else set())

    def _both_hidden(self, one: int, other: int, place: int) -> bool:
        return self._unseen(one, place) and self._unseen(other, place)

    def _unseen(self, id: int, place: int) -> bool:
        """Whether a unit's own ballots are: of one that has parts they are those of no part."""
        return self._hidden(id, place) or len(self._below[id]) > 1

    def _hidden(self, id: int | None, place: int) -> bool:
        return id in self.shown and QUESTIONS[place].name in self.shown[id].suppressed


def _other_minds(world: World, lot: random.Random) -> World:
    """The same turnout, with answers by lot."""
    ballots = {
        id: Counter((mode, tuple(lot.choice((GOOD, BAD, BLANK)) for _ in QUESTIONS)) for mode, _ in kinds.elements())
        for id, kinds in world.ballots.items()
    }
    return World(world.units, ballots, world.counts)


def _with(ballot: tuple[str, Ballot], other: tuple[str, Ballot], part: range) -> tuple[str, Ballot]:
    """A ballot with the other's mode and its answers to these questions."""
    return other[0], tuple(other[1][at] if at in part else says for at, says in enumerate(ballot[1]))


def _below(units: Sequence[Turnout], id: int) -> set[int]:
    """A unit and everything below it."""
    below = {id}
    for one in units:
        if one.parent in below:
            below.add(one.id)
    return below
