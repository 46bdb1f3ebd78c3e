"""Outlines as paths."""

import re

import pytest

from places.outlines import outlines, simplified
from surveys.rounds.units import Turnout
from web.public.maps import MOST_POINTS, WIDTH, draw, shade

SQUARE = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0))


def unit(number: int, code: str, coverage: float | None = 0.5) -> Turnout:
    households, ballots = (None, 0) if coverage is None else (100, round(coverage * 100))
    return Turnout(number, "commune", code, code, households, ballots)


@pytest.mark.parametrize(
    ("coverage", "look"),
    [(None, "s0"), (0, "s1"), (0.2499, "s1"), (0.25, "s2"), (0.5, "s3"), (0.75, "s4"), (1.2, "s4")],
)
def test_a_shade_is_a_quarter_of_coverage(coverage: float | None, look: str) -> None:
    assert shade(coverage) == look


def test_a_ring_loses_the_points_that_do_not_matter() -> None:
    assert simplified([(0, 0), (0, 0.5), *SQUARE[1:]], 0.1) == list(SQUARE)
    assert simplified(SQUARE, 0.1) == list(SQUARE)
    assert simplified(SQUARE[:2], 9) == list(SQUARE[:2])


def test_every_shipped_commune_has_an_outline_of_closed_rings() -> None:
    assert len(outlines()) == 103
    assert all(ring[0] == ring[-1] and len(ring) > 3 for outline in outlines().values() for ring in outline)


def test_the_whole_province_fits_on_a_page() -> None:
    drawn = draw([unit(number, code) for number, code in enumerate(outlines())])
    assert drawn and drawn.outlined and not drawn.scheme and len(drawn.shapes) == 103
    steps = sum(len(re.findall(r"-?\d+ -?\d+", shape.path)) for shape in drawn.shapes)
    assert steps <= MOST_POINTS and sum(len(shape.path) for shape in drawn.shapes) < 20_000
    assert all(0 <= shape.x <= WIDTH and 0 <= shape.y <= drawn.height for shape in drawn.shapes)


def test_neighbours_are_drawn_for_orientation() -> None:
    drawn = draw([unit(1, "31582")])
    assert drawn and 1 <= len(drawn.around) <= 20


def test_what_has_no_outline_is_a_square_below() -> None:
    drawn = draw([unit(1, "ô", None), unit(2, "x", 1), unit(3, "y", 0)], {"ô": (SQUARE,)})
    assert drawn and drawn.outlined and drawn.scheme
    assert [(shape.number, shape.shade) for shape in drawn.shapes] == [(1, "s0"), (2, "s4"), (3, "s1")]
    assert drawn.shapes[1].y > drawn.shapes[0].y and drawn.height > drawn.shapes[2].y
    assert draw([]) is None
    alone = draw([unit(1, "x")], {})
    assert alone and not alone.outlined and alone.around == ()
