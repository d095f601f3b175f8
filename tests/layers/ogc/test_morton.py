"""Spans of Morton codes: what is in the box is in them, and what they call inside is."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from layers.ogc.morton import Span, merged, spans, split


def code(lon: float, lat: float) -> int:
    """By the formula of the XYZ scheme at zoom 24, bit by bit."""
    from math import asinh, pi, radians, tan

    x = int((lon + 180) / 360 * 2**24)
    y = int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**24)
    return sum((x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1 for bit in range(24))


longitudes = st.floats(108.7, 114.35)
latitudes = st.floats(24.55, 30.21)


@given(st.tuples(longitudes, longitudes), st.tuples(latitudes, latitudes), st.integers())
def test_a_point_in_the_box_is_in_a_span_and_a_point_inside_a_span_is_in_the_box(
    xs, ys, seed
) -> None:
    (west, east), (south, north) = sorted(xs), sorted(ys)
    found = spans(west, south, east, north)
    assert all(one.last < other.first for one, other in pairwise(found))
    chance = random.Random(seed)  # noqa: S311
    corners = [(west, south), (east, north), (west, north), (east, south)]
    within = [(chance.uniform(west, east), chance.uniform(south, north)) for _each in range(20)]
    for place in corners + within:
        assert any(span.first <= code(*place) <= span.last for span in found)
    around = [(chance.uniform(108, 115), chance.uniform(24, 31)) for _each in range(20)]
    for lon, lat in around:
        inside = any(span.inside and span.first <= code(lon, lat) <= span.last for span in found)
        assert not inside or (west <= lon <= east and south <= lat <= north)
    assert len(found) < 400


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30), st.booleans()), max_size=12))
def test_merged_spans_are_disjoint_and_hold_the_same_codes(parts) -> None:
    given_spans = [Span(first, first + length, inside) for first, length, inside in parts]
    found = merged(given_spans)
    held = {each for span in given_spans for each in range(span.first, span.last + 1)}
    assert [each for span in found for each in range(span.first, span.last + 1)] == sorted(held)


@given(st.integers(0, 100), st.integers(0, 500), st.integers(1, 40))
def test_a_split_span_is_the_same_codes_in_order(first, length, pieces) -> None:
    whole = [Span(first, first + length, inside=True), Span(2000, 2100, inside=False)]
    found = split(whole, pieces)
    codes = [each for span in found for each in range(span.first, span.last + 1)]
    assert codes == [*range(first, first + length + 1), *range(2000, 2101)]
    assert pieces <= len(found) or pieces > len(codes) // 2
