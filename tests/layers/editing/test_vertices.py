"""The three-way merge of geometries: different vertices merge, the same vertex clashes."""

import math
import time
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import wkt
from shapely.geometry.base import BaseGeometry

from layers.editing.vertices import GeometryClash, Reason, merge_geometries

LINE = "LINESTRING (0 0, 1 0, 2 0, 3 0, 4 0)"
SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"
HOLED = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))"
TWO_LINES = "MULTILINESTRING ((0 0, 1 0, 2 0), (0 5, 1 5, 2 5))"
TWO_SQUARES = "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((5 5, 6 5, 6 6, 5 6, 5 5)))"

MERGES = {
    "neighbouring vertices moved": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (0 0, 1 0, 2 0, 3 1, 4 0)",
        "LINESTRING (0 0, 1 0, 2 1, 3 1, 4 0)",
    ),
    "both ends of the shortest line moved": (
        "LINESTRING (0 0, 1 0)",
        "LINESTRING (0 1, 1 0)",
        "LINESTRING (0 0, 1 1)",
        "LINESTRING (0 1, 1 1)",
    ),
    "one vertex moved beside one put in": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (0 0, 1 0, 1.5 0, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 1 0, 1.5 0, 2 1, 3 0, 4 0)",
    ),
    "a vertex moved and another put in by the same hand": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 2.5 1, 3 0, 4 0)",
        "LINESTRING (0 0, 1 1, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 1 1, 2 1, 2.5 1, 3 0, 4 0)",
    ),
    "one vertex moved and its neighbour taken out": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (0 0, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 2 1, 3 0, 4 0)",
    ),
    "the same vertex put in by both": (
        LINE,
        "LINESTRING (0 0, 0.5 1, 1 0, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 0.5 1, 1 0, 2 0, 3 0, 4 2)",
        "LINESTRING (0 0, 0.5 1, 1 0, 2 0, 3 0, 4 2)",
    ),
    "an end moved and gone on from": (
        "LINESTRING (0 0, 1 0)",
        "LINESTRING (0 0, 1 0, 2 0)",
        "LINESTRING (0 0, 1 1)",
        "LINESTRING (0 0, 1 1, 2 0)",
    ),
    "a line turned round by one": (
        LINE,
        "LINESTRING (4 0, 3 0, 2 0, 1 0, 0 0)",
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (4 0, 3 0, 2 1, 1 0, 0 0)",
    ),
    "a line that runs over the same vertices again": (
        "LINESTRING (0 0, 1 0, 0 0, 1 0, 0 0, 5 0)",
        "LINESTRING (0 0, 1 0, 0 0, 2 2, 0 0, 5 0)",
        "LINESTRING (0 0, 1 0, 0 0, 1 0, 0 0, 6 0)",
        "LINESTRING (0 0, 1 0, 0 0, 2 2, 0 0, 6 0)",
    ),
    "a ring started elsewhere and run the other way": (
        SQUARE,
        "POLYGON ((0 0, 12 0, 10 10, 0 10, 0 0))",
        "POLYGON ((0 10, 11 11, 10 0, 0 0, 0 10))",
        "POLYGON ((0 0, 12 0, 11 11, 0 10, 0 0))",
    ),
    "no vertex that both left alone": (
        SQUARE,
        "POLYGON ((1 1, 10 0, 10 10, 0 10, 1 1))",
        "POLYGON ((11 11, -1 11, 0 0, 11 0, 11 11))",
        "POLYGON ((1 1, 11 0, 11 11, -1 11, 1 1))",
    ),
    "vertices put in before the start of a ring and after it": (
        SQUARE,
        "POLYGON ((0 0, 5 -1, 10 0, 10 10, 0 10, 0 0))",
        "POLYGON ((-1 5, 0 0, 10 0, 10 10, 0 10, -1 5))",
        "POLYGON ((0 0, 5 -1, 10 0, 10 10, 0 10, -1 5, 0 0))",
    ),
    "a triangle's corner dragged across, its orientation with it": (
        "POLYGON ((0 0, 4 0, 2 3, 0 0))",
        "POLYGON ((0 0, 4 0, 2 -3, 0 0))",
        "POLYGON ((0 0, 5 0, 2 3, 0 0))",
        "POLYGON ((0 0, 5 0, 2 -3, 0 0))",
    ),
    "a hole added by each": (
        SQUARE,
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 2 1, 2 2, 1 1))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 5 4, 5 5, 4 4))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (1 1, 2 1, 2 2, 1 1), (4 4, 5 4, 5 5, 4 4))",
    ),
    "a hole filled in and the shell moved": (
        HOLED,
        SQUARE,
        "POLYGON ((0 0, 10 0, 11 11, 0 10, 0 0), (2 4, 4 4, 4 2, 2 2, 2 4))",
        "POLYGON ((0 0, 10 0, 11 11, 0 10, 0 0))",
    ),
    "a part added by each, another in another order": (
        TWO_LINES,
        "MULTILINESTRING ((0 5, 1 5, 2 5), (0 0, 1 0, 2 0), (9 9, 8 8))",
        "MULTILINESTRING ((7 7, 6 6), (0 0, 1 1, 2 0), (0 5, 1 5, 2 5))",
        "MULTILINESTRING ((0 0, 1 1, 2 0), (0 5, 1 5, 2 5), (7 7, 6 6), (9 9, 8 8))",
    ),
    "a part removed by one, the other changed": (
        TWO_SQUARES,
        "MULTIPOLYGON (((5 5, 6 5, 6 6, 5 6, 5 5)))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((5 5, 6 5, 7 7, 5 6, 5 5)))",
        "MULTIPOLYGON (((5 5, 6 5, 7 7, 5 6, 5 5)))",
    ),
    "points added to many by both": (
        "MULTIPOINT (0 0, 1 1)",
        "MULTIPOINT (0 0, 1 1, 3 3)",
        "MULTIPOINT (0 1, 1 1, 2 2)",
        "MULTIPOINT (0 1, 1 1, 2 2, 3 3)",
    ),
    "parts and holes that hold nothing": (
        TWO_SQUARES,
        "MULTIPOLYGON (((0 0, 1 0, 2 2, 0 1, 0 0), EMPTY), ((5 5, 6 5, 6 6, 5 6, 5 5)), EMPTY)",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), EMPTY, ((5 5, 6 5, 7 7, 5 6, 5 5)))",
        "MULTIPOLYGON (((0 0, 1 0, 2 2, 0 1, 0 0)), ((5 5, 6 5, 7 7, 5 6, 5 5)))",
    ),
    "a line that became several by another's hand": (
        "LINESTRING (0 0, 1 0, 2 0)",
        "MULTILINESTRING ((0 0, 1 0, 2 0), (5 5, 6 6))",
        "LINESTRING (0 0, 1 1, 2 0)",
        "MULTILINESTRING ((0 0, 1 1, 2 0), (5 5, 6 6))",
    ),
}

CLASHES = {
    "the same vertex moved differently": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (0 0, 1 0, 2 2, 3 0, 4 0)",
        Reason.SAME_VERTEX,
    ),
    "a vertex moved by one and taken out by the other": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 1, 3 0, 4 0)",
        "LINESTRING (0 0, 1 0, 3 0, 4 0)",
        Reason.SAME_VERTEX,
    ),
    "the same gap filled differently": (
        LINE,
        "LINESTRING (0 0, 0.5 1, 1 0, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 0.5 2, 1 0, 2 0, 3 0, 4 0)",
        Reason.SAME_VERTEX,
    ),
    "a vertex put in between two that the other took out": (
        LINE,
        "LINESTRING (0 0, 1 0, 1.5 1, 2 0, 3 0, 4 0)",
        "LINESTRING (0 0, 3 0, 4 0)",
        Reason.SAME_VERTEX,
    ),
    "a line gone on from an end that the other took out": (
        LINE,
        "LINESTRING (0 0, 1 0, 2 0, 3 0)",
        "LINESTRING (0 0, 1 0, 2 0, 3 0, 4 0, 5 0)",
        Reason.SAME_VERTEX,
    ),
    "a line moved as a whole and gone on from": (
        "LINESTRING (0 0, 1 0, 2 0)",
        "LINESTRING (0 9, 1 9, 2 9)",
        "LINESTRING (0 0, 1 0, 2 0, 3 0)",
        Reason.SAME_VERTEX,
    ),
    "a ring moved away and a vertex of it taken out": (
        SQUARE,
        "POLYGON ((20 20, 30 20, 30 30, 20 30, 20 20))",
        "POLYGON ((0 0, 10 0, 10 10, 0 0))",
        Reason.SAME_VERTEX,
    ),
    "a point moved to two places": (
        "POINT (0 0)",
        "POINT (1 0)",
        "POINT (0 1)",
        Reason.SAME_VERTEX,
    ),
    "a part removed by one and changed by the other": (
        TWO_LINES,
        "MULTILINESTRING ((0 0, 1 0, 2 0))",
        "MULTILINESTRING ((0 0, 1 0, 2 0), (0 5, 1 6, 2 5))",
        Reason.PART_CHANGED_AND_REMOVED,
    ),
    "a hole filled in by one and changed by the other": (
        HOLED,
        SQUARE,
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 5 5, 2 4, 2 2))",
        Reason.PART_CHANGED_AND_REMOVED,
    ),
    "a ring that crosses itself": (
        SQUARE,
        "POLYGON ((0 0, 10 0, 10 10, 5 1, 0 10, 0 0))",
        "POLYGON ((0 0, 5 3, 10 0, 10 10, 0 10, 0 0))",
        Reason.INVALID_TOGETHER,
    ),
    "a hole outside its shell": (
        SQUARE,
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (6 6, 9 7, 9 9, 6 6))",
        "POLYGON ((0 0, 10 0, 3 3, 0 10, 0 0))",
        Reason.INVALID_TOGETHER,
    ),
    "every part removed by one or the other": (
        TWO_LINES,
        "MULTILINESTRING ((0 0, 1 0, 2 0))",
        "MULTILINESTRING ((0 5, 1 5, 2 5))",
        Reason.INVALID_TOGETHER,
    ),
    "fewer vertices than a ring needs": (
        SQUARE,
        "POLYGON ((0 0, 10 0, 10 10, 0 0))",
        "POLYGON ((0 0, 10 10, 0 10, 0 0))",
        Reason.INVALID_TOGETHER,
    ),
    "fewer vertices than a line needs": (
        "LINESTRING (0 0, 1 0, 2 0)",
        "LINESTRING (0 0, 2 0)",
        "LINESTRING (1 0, 2 0)",
        Reason.INVALID_TOGETHER,
    ),
    "a line against a point": ("POINT (0 0)", "POINT (1 1)", LINE, Reason.TYPE),
    "a place against none": ("POINT (0 0)", "POINT (1 1)", "POINT EMPTY", Reason.TYPE),
}


def merged(base: str, mine: str, theirs: str) -> BaseGeometry:
    return merge_geometries(base=wkt.loads(base), mine=wkt.loads(mine), theirs=wkt.loads(theirs))


@pytest.mark.parametrize("case", MERGES.values(), ids=MERGES.keys())
def test_different_changes_merge_whichever_side_they_come_from(case: tuple[str, ...]) -> None:
    base, mine, theirs, wanted = case
    assert merged(base, mine, theirs) == wkt.loads(wanted)
    assert shapely.normalize(merged(base, theirs, mine)) == shapely.normalize(wkt.loads(wanted))


@pytest.mark.parametrize("case", CLASHES.values(), ids=CLASHES.keys())
def test_what_cannot_both_stand_clashes_and_says_why(case: tuple[str, str, str, Reason]) -> None:
    base, mine, theirs, reason = case
    for one, other in ((mine, theirs), (theirs, mine)):
        with pytest.raises(GeometryClash) as clash:
            merged(base, one, other)
        assert clash.value.reason is reason


def test_a_ring_stored_another_way_by_both_stays_as_it_was() -> None:
    rotated = "POLYGON ((10 0, 10 10, 0 10, 0 0, 10 0))"
    backwards = "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"
    assert merged(SQUARE, rotated, backwards) == wkt.loads(SQUARE)


# Properties. Vertices stand on a circle, each in a sector of its own, so that any choice of radii
# makes a valid ring; lines may take any places.

SPOTS = st.tuples(st.floats(-100, 100, allow_nan=False), st.floats(-100, 100, allow_nan=False))
FEW = settings(max_examples=150, deadline=None)


def on_circle(sector: float, radius: float, sectors: int) -> tuple[float, float]:
    angle = 2 * math.pi * sector / sectors
    return (radius * math.cos(angle), radius * math.sin(angle))


@st.composite
def ring_edits(draw: st.DrawFn) -> tuple[list[tuple[float, float]], ...]:
    """Base and two edits of a ring, with any vertices moved, taken out or put in by either."""
    size = draw(st.integers(4, 12))
    base = [on_circle(sector, 10, size) for sector in range(size)]
    return base, _edited(draw, base), _edited(draw, base)


def _edited(draw: st.DrawFn, base: list[tuple[float, float]]) -> list[tuple[float, float]]:
    size = len(base)
    edits = st.sampled_from(["keep"] * 6 + ["move", "delete", "insert"])
    side = []
    for sector in range(size):
        edit = draw(edits)
        radius = draw(st.integers(6, 14)) + 0.25
        if edit != "delete":
            side.append(on_circle(sector, radius, size) if edit == "move" else base[sector])
        if edit == "insert":
            side.append(on_circle(sector + 0.5, radius, size))
    assume(len(side) > 3)
    turn = draw(st.integers(0, len(side) - 1))
    side = side[turn:] + side[:turn]
    return side[::-1] if draw(st.booleans()) else side


def either(build: Callable[[], BaseGeometry]) -> BaseGeometry | Reason:
    try:
        return build()
    except GeometryClash as clash:
        return clash.reason


@given(ring_edits())
@FEW
def test_rings_merge_the_same_from_both_sides_and_validly_or_not_at_all(
    edits: tuple[list[tuple[float, float]], ...],
) -> None:
    base, mine, theirs = map(shapely.Polygon, edits)
    assume(mine.is_valid and theirs.is_valid)
    one = either(lambda: merge_geometries(base=base, mine=mine, theirs=theirs))
    other = either(lambda: merge_geometries(base=base, mine=theirs, theirs=mine))
    if isinstance(one, Reason):
        assert one == other
        return
    assert one.is_valid
    assert shapely.normalize(one) == shapely.normalize(other)
    untouched = set(edits[0]) & set(edits[1]) & set(edits[2])
    assert untouched <= set(one.exterior.coords)
    changed = (set(edits[1]) ^ set(edits[2])) - set(edits[0])
    assert changed <= set(one.exterior.coords)
    gone = (set(edits[0]) - set(edits[1])) | (set(edits[0]) - set(edits[2]))
    assert not gone & set(one.exterior.coords)


@given(st.lists(SPOTS, min_size=2, max_size=8), st.lists(SPOTS, min_size=2, max_size=8))
@FEW
def test_what_only_one_side_changed_is_taken_as_it_came(
    base: list[tuple[float, float]], changed: list[tuple[float, float]]
) -> None:
    was, now = shapely.LineString(base), shapely.LineString(changed)
    assert merge_geometries(base=was, mine=was, theirs=now) == now
    assert merge_geometries(base=was, mine=now, theirs=was) == now
    assert merge_geometries(base=was, mine=now, theirs=now) == now


@given(
    st.lists(SPOTS, min_size=3, max_size=30, unique=True),
    st.lists(st.sampled_from(["mine", "theirs", "neither"]), min_size=30, max_size=30),
)
@FEW
def test_vertices_moved_by_different_people_are_all_where_they_were_moved(
    base: list[tuple[float, float]], movers: list[str]
) -> None:
    def moved(by: set[str]) -> list[tuple[float, float]]:
        return [
            (x + 1000, y + 1000) if mover in by else (x, y)
            for (x, y), mover in zip(base, movers, strict=False)
        ]

    one, other, both = (
        shapely.LineString(moved(by)) for by in ({"mine"}, {"theirs"}, {"mine", "theirs"})
    )
    assert merge_geometries(base=shapely.LineString(base), mine=one, theirs=other) == both


def test_a_hundred_thousand_vertices_merge_in_seconds() -> None:
    size = 100_000
    angles = np.linspace(0, 2 * np.pi, size, endpoint=False)
    base = np.column_stack([np.cos(angles), np.sin(angles)])
    mine, theirs = base.copy(), base.copy()
    mine[::7] *= 1.00001
    theirs[3::7] *= 1.00001
    there_and_back = np.array([[each % 2, 0.0] for each in range(size)])
    shorter = np.delete(there_and_back, [500, 501, 70_000], axis=0)
    detour = there_and_back.copy()
    detour[200] = (5, 5)
    started = time.process_time()
    ring = merge_geometries(
        base=shapely.Polygon(base),
        mine=shapely.Polygon(mine),
        theirs=shapely.Polygon(np.roll(theirs, 501, axis=0)[::-1]),
    )
    line = merge_geometries(
        base=shapely.LineString(there_and_back),
        mine=shapely.LineString(shorter),
        theirs=shapely.LineString(detour),
    )
    assert time.process_time() - started < 10
    assert len(ring.exterior.coords) == size + 1
    assert len(line.coords) == size - 3
