"""When two places are the same: within a centimetre, wherever their line begins."""

import numpy as np
import pytest
from shapely import MultiPolygon, Point, Polygon

from importers.comparison.values import same, same_shapes
from layers.divisions import METRES_A_DEGREE

CORNERS = [(109.0, 28.0), (109.1, 28.0), (109.1, 28.1), (109.0, 28.1)]
TURNED = [*CORNERS[2:], *CORNERS[:2]]


def pair(one, other):
    return np.array([one], dtype=object), np.array([other], dtype=object)


@pytest.mark.parametrize(("metres", "expected"), [(0.005, True), (0.02, False)])
def test_points_within_a_centimetre_are_the_same(metres, expected):
    there = Point(109.5, 28.5 + metres / METRES_A_DEGREE)
    assert same_shapes(*pair(Point(109.5, 28.5), there))[0] == expected


def test_a_polygon_is_the_same_from_whatever_corner_it_begins():
    one, other = (MultiPolygon([Polygon(corners)]) for corners in (CORNERS, TURNED))
    assert same_shapes(*pair(one, other))[0]
    assert not same_shapes(*pair(one, MultiPolygon([Polygon(CORNERS[:3])])))[0]


def test_no_place_is_the_same_as_none_only():
    assert same_shapes(*pair(None, None))[0]
    assert not same_shapes(*pair(None, Point(109, 28)))[0]
    assert same("geom", None, None)
    assert not same("geom", "", None)
