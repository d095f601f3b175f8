"""Points as one block of bytes are what shapely reads and writes; deep shapes never reach GEOS."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from importers.places.shapes import PointRows, ShapeRows
from importers.places.wkb import read_points, shallow, write_points

ORDINATES = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.lists(st.none() | st.tuples(ORDINATES, ORDINATES), max_size=20)


def shapes_of(points):
    found = np.full(len(points), None, dtype=object)
    for row, place in enumerate(points):
        found[row] = None if place is None else shapely.Point(place)
    return found


def binary(shapes, **options):
    return pa.array(shapely.to_wkb(shapes, **options).tolist(), pa.binary())


@given(POINTS, st.integers(0, 3))
def test_points_are_read_and_written_as_shapely_does(points, skipped):
    shapes = shapes_of(points)[skipped:]
    found = read_points(binary(shapes_of(points))[skipped:])
    rows = PointRows(found)
    assert (shapely.get_x(shapes) == found[:, 0]).tolist() == rows.present.tolist()
    numbered = shapely.set_srid(shapes, 4490)
    expected = shapely.to_wkb(numbered, hex=True, include_srid=True).tolist()
    written = write_points(found, rows.present)
    written.validate(full=True)
    assert written.to_pylist() == expected == ShapeRows(shapes).ewkb_hex().to_pylist()


def test_original_ordinates_of_points_are_wkt_with_every_digit():
    rows = PointRows(np.array([[37549406.431, 3043133.0], [np.nan, np.nan]]))
    assert rows.texts().to_pylist() == ["POINT (37549406.431 3043133)", ""]
    assert ShapeRows(rows.shapes).texts().to_pylist() == rows.texts().to_pylist()


def test_heights_are_left_out_and_large_binary_is_taken():
    high = np.array([shapely.Point(1, 2, 3), None, shapely.Point(4, 5, 6)])
    for flavor in ("extended", "iso"):
        column = binary(high, flavor=flavor).cast(pa.large_binary())
        assert read_points(column)[[0, 2]].tolist() == [[1, 2], [4, 5]]


@pytest.mark.parametrize(
    "column",
    [
        binary([shapely.Point(1, 2)], byte_order=0),
        binary([shapely.Point(1, 2), shapely.Point(1, 2, 3)]),
        binary([shapely.Point(1, 2), shapely.LineString([(1, 2), (3, 4)])]),
        pa.array([b"\1\2\0\0\0" + b"\0" * 16]),
        pa.array([b"", b"x"]),
        pa.array(["01"]),
    ],
)
def test_other_columns_are_left_to_shapely(column):
    assert read_points(column) is None


@pytest.mark.parametrize(
    "text",
    [
        "POINT (1 2)",
        "POINT EMPTY",
        "LINESTRING Z (1 2 3, 4 5 6)",
        "POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))",
        "MULTIPOINT (1 2, 3 4)",
        "MULTILINESTRING EMPTY",
        "MULTIPOLYGON Z (((0 0 1, 1 0 1, 1 1 1, 0 0 1)), ((3 3 1, 4 3 1, 4 4 1, 3 3 1)))",
    ],
)
@pytest.mark.parametrize("flavor", ["extended", "iso"])
@pytest.mark.parametrize("order", [0, 1])
def test_single_and_multi_shapes_are_safe_to_parse_unless_cut_short(text, flavor, order):
    wkb = shapely.to_wkb(shapely.from_wkt(text), flavor=flavor, byte_order=order)
    assert shallow(wkb)
    assert not shallow(wkb[:-1])


@pytest.mark.parametrize("head", ["010400000001000000", "010700000001000000", "010600000001000000"])
def test_shapes_in_shapes_in_shapes_are_not(head):
    assert not shallow(bytes.fromhex(head * 100_000))


@given(st.binary(max_size=60))
def test_no_bytes_break_the_look(value):
    if shallow(value):
        shapely.from_wkb(value, on_invalid="ignore")
