"""Ordinates as people write them, in columns of their own and both in one cell."""

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.places.ordinates import Axis, read_column, unpacked
from importers.places.written import read_places

ANGLE = 109 + 42 / 60 + 36.5 / 3600


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("109.71", 109.71),
        ("  109.71 ", 109.71),
        ("１０９．７１", 109.71),
        ("109,71", 109.71),
        ("109,712", 109.712),
        ("109.71E", 109.71),
        ("109.71°", 109.71),
        ("经度：109.71", 109.71),
        ("北纬28.57度", 28.57),
        ("28.57N", 28.57),
        ("109°42′36.5″", ANGLE),
        ("109°41′60.0″", 109.7),
        ("109°42'36.5\"", ANGLE),
        ("109°42’36.5”", ANGLE),
        ("109º42´36.5''", ANGLE),
        ("109° 42′ 36.5″", ANGLE),
        ("109-42-36.5", ANGLE),
        ("109:42:36.5", ANGLE),
        ("109 42 36.5", ANGLE),
        ("109度42分36.5秒", ANGLE),
        ("东经109°42′36.5″", ANGLE),
        ("E109°42′36.5″", ANGLE),
        ("109°42′36.5″E", ANGLE),
        ("１０９°４２′３６．５″", ANGLE),
        ("109°42′36,5″", ANGLE),
        ("E109°42′", 109.7),
        ("109°42.6′", 109.71),
        ("37 549 406.431", 37_549_406.431),
        ("37,549,406.431", 37_549_406.431),
        ("549,406", 549_406),
        ("X=3043133.573", 3_043_133.573),
        ("549406.431米", 549_406.431),
        ("3.0431E+06", 3_043_100),
    ],
)
def test_a_cell_in_any_usual_spelling_is_its_ordinate(cell, value):
    column = read_column(pa.array([cell, "bad", cell]))
    assert column.values[[0, 2]] == pytest.approx([value, value], abs=1e-9)
    assert list(column.problems) == [1]


@pytest.mark.parametrize(
    "cell", ["109°72′", "109°42′61″", "abc", "2020-01-01", "12 34", "1,2,3", "109.5°42′"]
)
def test_what_is_no_ordinate_is_a_problem_of_its_row(cell):
    column = read_column(pa.array([cell, "109.71"]))
    assert list(column.problems) == [0]
    assert column.problems[0].en != column.problems[0].zh
    assert np.isnan(column.values[0])


def test_cells_tell_their_direction_and_that_they_are_degrees():
    column = read_column(pa.array(["N28°34′", "东经109.7", "109°42′", "28.57"]))
    assert column.axes.tolist() == [Axis.NORTH, Axis.EAST, Axis.UNSAID, Axis.UNSAID]
    assert column.sexagesimal.tolist() == [True, False, True, False]


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "无", "null", "#N/A"])
def test_a_blank_cell_is_no_problem(cell):
    column = read_column(pa.array([cell, "1"], pa.string()))
    assert column.blank.tolist() == [True, False]
    assert not column.problems


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([109, None], pa.int64()),
        pa.array([109.0, float("nan")]),
        pa.array([Decimal("109.00"), None]),
        pa.array(["109", None], pa.large_string()),
        pa.chunked_array([["109"], pa.array([None], pa.string())]),
    ],
)
def test_numbers_of_every_type_are_taken(cells):
    column = read_column(cells)
    assert (column.values[0], column.blank[1]) == (109, True)


def test_dates_are_problems():
    assert list(read_column(pa.array([date(2020, 1, 1)])).problems) == [0]


@given(st.lists(st.floats(-1e8, 1e8).map(lambda value: round(value, 6)), min_size=1))
def test_numbers_as_text_are_those_numbers(numbers):
    texts = pa.array([f"{number:.6f}" for number in numbers])
    assert read_column(texts).values == pytest.approx(numbers, abs=1e-6)


@given(st.text("0123456789.,-:°′″'\"EN东经北纬度分秒 ()；;|", max_size=24))
def test_no_text_breaks_the_reading(text):
    one, both = read_column(pa.array([text])), read_places(pa.array([text]))
    assert np.isfinite(one.values[0]) or one.blank[0] or 0 in one.problems
    assert (both.shapes[0] is not None) or both.blank[0] or 0 in both.problems


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 599))
def test_packed_degrees_are_taken_apart_exactly(degrees, minutes, tenths):
    packed = float(f"{degrees}.{minutes:02}{tenths // 10:02}{tenths % 10}")
    [found] = unpacked(np.array([packed]))
    assert found == pytest.approx(degrees + minutes / 60 + tenths / 36_000, abs=1e-9)


def test_a_number_that_is_no_packed_angle_is_none():
    assert np.isnan(unpacked(np.array([109.72, 109.4271]))).tolist() == [True, True]


@pytest.mark.parametrize(
    "cell",
    [
        "109.71,28.57",
        "109.71 28.57",
        "(109.71，28.57)",
        "[109.71; 28.57]",
        "109.71/28.57",
        "109,71; 28,57",
        "109.71E,28.57N",
        "北纬28.57，东经109.71",
        "经度:109.71 纬度:28.57",
        "lng:109.71,lat:28.57",
        "109°42′36″ 28°34′12″",
        "109° 42′ 36″ 28° 34′ 12″",
        "109°42′36″E28°34′12″N",
        "N28°34′12″E109°42′36″",
        "POINT(109.71 28.57)",
        "SRID=4490;POINT Z (109.71 28.57 300)",
        '{"type": "Point", "coordinates": [109.71, 28.57]}',
    ],
)
def test_a_place_in_one_cell_is_read_in_any_usual_spelling(cell):
    found = read_places(pa.array(["", cell]))
    assert (found.shapes[1].x, found.shapes[1].y) == pytest.approx((109.71, 28.57))
    assert found.blank.tolist() == [True, False]


@pytest.mark.parametrize(
    "cell",
    [
        "109,71,28,57",
        "小学旁",
        "N28.57,N28.58",
        "GEOMETRYCOLLECTION(" * 200_000,
        "MULTIPOINT(" + "(" * 200_000,
        '{"type": "GeometryCollection", "geometries": [' * 100_000,
        "010400000001000000" * 200_000,
        "010700000001000000" * 200_000,
        "POLYGON((0 0, 1",
    ],
)
def test_a_text_that_is_no_place_or_would_end_the_process_is_a_problem(cell):
    found = read_places(pa.array([cell]))
    assert found.shapes[0] is None
    assert list(found.problems) == [0]
    assert len(found.problems[0].en) < 100
