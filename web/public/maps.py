"""The communes of a round as shapes of an inline SVG: values in, path texts out.

Drawn from the outlines that ship with the program. A commune without one stands in a row of squares below, which is a
scheme and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import cos, radians

from places.outlines import Outline, Point, outlines, simplified
from surveys.rounds.units import Turnout

WIDTH, TALLEST = 1000, 1100  # of the drawing, in its own units
MARGIN = 40
MOST_POINTS = 1600  # what a page can carry
SQUARE, GAP = 150, 20
STEPS = (0.25, 0.5, 0.75)  # where the shade of coverage changes


@dataclass(frozen=True, slots=True)
class Shape:
    """One commune: its path, the class of its shade, where its number stands."""

    id: int
    path: str
    shade: str
    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """What is drawn. `scheme` says that some communes are squares, for want of an outline."""

    height: int
    shapes: tuple[Shape, ...]
    around: tuple[str, ...]  # neighbours, for orientation
    outlined: bool
    scheme: bool


def shade(coverage: Fraction | None) -> str:
    """The class of a coverage: s1 below 25 %, …, s4 from 75 %; s0 where it is not known."""
    return "s0" if coverage is None else f"s{1 + sum(coverage >= step for step in STEPS)}"


def draw(units: Sequence[Turnout], known: Mapping[str, Outline] | None = None) -> Map | None:
    """The map of these units of a round, numbered in their order; None where there are none."""
    known = outlines() if known is None else known
    with_outline = [unit for unit in units if unit.key in known]
    frame = _Frame([point for unit in with_outline for ring in known[unit.key] for point in ring])
    tolerance = frame.tolerance([known[unit.key] for unit in with_outline])
    shapes: list[Shape] = []
    squares = 0
    for number, unit in enumerate(units, 1):
        look = shade(unit.coverage)
        if unit.key in known:
            rings = [frame.ring(ring, tolerance) for ring in known[unit.key]]
            x, y = _middle(max(rings, key=len))
            shapes.append(Shape(unit.id, "".join(map(_path, rings)), look, number, x, y))
        else:
            row, column = divmod(squares, (WIDTH - 2 * MARGIN) // (SQUARE + GAP))
            x, y = MARGIN + column * (SQUARE + GAP), frame.height + row * (SQUARE + GAP)
            path = f"M{x} {y}h{SQUARE}v{SQUARE}h-{SQUARE}z"
            shapes.append(Shape(unit.id, path, look, number, x + SQUARE // 2, y + SQUARE // 2))
            squares += 1
    if not shapes:
        return None
    mine = {unit.key for unit in with_outline}
    around = [
        path for code, outline in known.items() if code not in mine and (path := frame.around(outline, 2.5 * tolerance))
    ]
    rows = -(-squares // ((WIDTH - 2 * MARGIN) // (SQUARE + GAP)))
    height = frame.height + rows * (SQUARE + GAP)
    return Map(height, tuple(shapes), tuple(around), bool(with_outline), bool(squares))


class _Frame:
    """Degrees to units of the drawing: near enough to true shape for a province."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.height = 0
        self._scale = 0.0
        if not points:
            self.height = MARGIN
            return
        self._west, self._north = min(x for x, _ in points), max(y for _, y in points)
        self._narrow = cos(radians(self._north))
        wide = (max(x for x, _ in points) - self._west) * self._narrow
        high = self._north - min(y for _, y in points)
        self._scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
        self._left = (WIDTH - wide * self._scale) / 2
        self.height = round(high * self._scale) + 2 * MARGIN

    def point(self, point: Point) -> tuple[int, int]:
        x = self._left + (point[0] - self._west) * self._narrow * self._scale
        return round(x), round(MARGIN + (self._north - point[1]) * self._scale)

    def ring(self, ring: Sequence[Point], tolerance: float) -> list[tuple[int, int]]:
        return [(round(x), round(y)) for x, y in simplified([self.point(point) for point in ring], tolerance)]

    def tolerance(self, found: Sequence[Outline]) -> float:
        """The least that leaves few enough points."""
        tolerance = 2.0
        while sum(len(self.ring(ring, tolerance)) for outline in found for ring in outline) > MOST_POINTS:
            tolerance *= 1.5
        return tolerance

    def around(self, outline: Outline, tolerance: float) -> str:
        """The path of a neighbour; empty where it is out of the frame, or there is none."""
        if not self._scale:
            return ""
        rings = [self.ring(ring, tolerance) for ring in outline]
        seen = any(-MARGIN < x < WIDTH + MARGIN and 0 < y < self.height for ring in rings for x, y in ring)
        return "".join(map(_path, rings)) if seen else ""


def _path(ring: Sequence[tuple[int, int]]) -> str:
    """A ring as a path, each point by its distance from the one before."""
    steps = [f"{x - before_x} {y - before_y}" for (before_x, before_y), (x, y) in pairwise(ring[:-1])]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z" if steps else ""


def _middle(ring: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The centre of gravity of a ring (the shoelace formula); of a line, its first point."""
    crosses = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in pairwise(ring)]
    area = sum(cross for cross, _, _ in crosses)
    if not area:
        return ring[0]
    x = sum(cross * (a[0] + b[0]) for cross, a, b in crosses) / (3 * area)
    y = sum(cross * (a[1] + b[1]) for cross, a, b in crosses) / (3 * area)
    return round(x), round(y)
