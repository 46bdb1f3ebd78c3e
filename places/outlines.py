"""Outlines of the shipped communes, and the same with fewer points."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

Point = tuple[float, float]
Ring = tuple[Point, ...]  # closed: the last point is the first
Outline = tuple[Ring, ...]

_FILE = "can-tho-communes.geojson"
SOURCE = "thanglequoc/vietnamese-provinces-database (MIT)"


@cache
def outlines() -> Mapping[str, Outline]:
    """The outline of each commune by its code, in degrees east and north; hamlets have none."""
    text = (resources.files("places") / "data" / _FILE).read_text(encoding="utf-8")
    found: dict[str, Outline] = {}
    for feature in json.loads(text)["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        found[feature["properties"]["code"]] = tuple(
            tuple((float(x), float(y)) for x, y, *_ in ring) for polygon in polygons for ring in polygon
        )
    return found


def simplified(ring: Sequence[Point], tolerance: float) -> list[Point]:
    """The ring with those points only that lie further than `tolerance` from the line without them.

    D. H. Douglas, T. K. Peucker, Cartographica 10 (1973), 112-122, with a stack in place of recursion.
    """
    keep = {0, len(ring) - 1}
    spans = [(0, len(ring) - 1)]
    if len(ring) > 3 and ring[0] == ring[-1]:  # a line from a point to itself: cut the ring in two
        middle = max(range(len(ring)), key=lambda at: _distance(ring[at], ring[0], ring[0]))
        keep.add(middle)
        spans = [(0, middle), (middle, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        inner = range(first + 1, last)
        if not inner:
            continue
        farthest = max(inner, key=lambda at: _distance(ring[at], ring[first], ring[last]))
        if _distance(ring[farthest], ring[first], ring[last]) > tolerance:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [ring[at] for at in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch of line."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
    return float(((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2) ** 0.5)
