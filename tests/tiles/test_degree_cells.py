"""Tiles in degrees from the pyramid: what the rows say, to the last feature, at every edge."""

import random

import pytest
from django.core.management import call_command
from django.db import connection

from layers.access.policy import Scope
from layers.registry import LAYERS
from tests.conftest import HUAYUAN, place
from tests.tiles.decoding import features
from tiles import rule
from tiles.direct import from_overview
from tiles.direct.degree_cells import DegreeCells, Extent
from tiles.direct.squares import square_of
from tiles.direct.states import Present
from tiles.matrices.catalogue import CGCS2000_QUAD

pytestmark = pytest.mark.django_db

TOILETS = LAYERS["toilets"]
EVERYTHING = Scope(("",))
WEST, EAST, SOUTH, NORTH = 109.3, 109.8, 28.05, 28.55
"""28.125° is an edge of zooms 6 and deeper, 28.4765625° one of zoom 10."""


@pytest.fixture
def places(make_features) -> list[tuple[float, float]]:
    chance = random.Random(11)  # noqa: S311  (repeatable, not secret)
    found = [(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)) for _each in range(50)]
    for edge in (28.125, 28.4765625, 28.30078125):
        found += [(109.5, edge), (109.51, edge + 1e-9), (109.52, edge - 1e-9), (109.6875, edge)]
    make_features("toilets", [(place("toilets", *at), {"division": HUAYUAN}) for at in found])
    return found


def squares(zoom: int):
    span = 360 / 2**zoom
    columns = range(int((WEST + 180) // span), int((EAST + 180) // span) + 1)
    rows = range(int((90 - NORTH) // span) - 1, int((90 - SOUTH) // span) + 2)
    matrix = CGCS2000_QUAD.by_zoom[zoom]
    return [
        square_of(CGCS2000_QUAD, zoom, column, row)
        for column in columns
        for row in rows
        if matrix.has(column, row)
    ]


@pytest.mark.parametrize("folded", [False, True])
def test_every_tile_counts_what_is_in_it(places, folded, monkeypatch) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", 0)
    if folded:
        call_command("fold_overview", verbosity=0)
    for zoom in range(1, 11):
        for square in squares(zoom):
            west, south, east, north = square.bounds
            inside = sum(west <= x < east and south < y <= north for x, y in places)
            count, body = from_overview.counted(TOILETS, square, Present(), EVERYTHING)
            assert count == inside, (zoom, square.bounds)
            shown = features(body, "toilets") if body else []
            assert sum(each["properties"]["n"] for each in shown) == inside


def test_cells_stand_where_their_features_are(places, monkeypatch) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", 0)
    zoom = 9
    for square in squares(zoom):
        _count, body = from_overview.counted(TOILETS, square, Present(), EVERYTHING)
        for each in features(body, "toilets") if body else []:
            x, y = each["geometry"]["coordinates"]
            lon = square.bounds.west + x / 4096 * square.span
            lat = square.bounds.north - y / 4096 * square.span
            nearest = min(max(abs(lon - a), abs(lat - b)) for a, b in places)
            assert nearest <= square.span / 64


def test_a_reader_of_one_county_gets_its_own(places, make_feature, monkeypatch) -> None:
    make_feature("toilets", (109.6, 28.1))
    monkeypatch.setattr(rule, "RAW_LIMIT", 0)
    (square,) = (each for each in squares(4) if each.bounds.south < 28 < each.bounds.north)
    count, _body = from_overview.counted(TOILETS, square, Present(), Scope((HUAYUAN[:6],)))
    assert count == len(places)
    assert from_overview.counted(TOILETS, square, Present(), EVERYTHING)[0] == len(places) + 1
    assert from_overview.counted(TOILETS, square, Present(), Scope(("4302",)))[0] == 0


def test_who_sees_townships_alone_is_answered_from_the_rows() -> None:
    square = square_of(CGCS2000_QUAD, 4, 12, 2)
    assert from_overview.counted(TOILETS, square, Present(), Scope(("433124",))) == (0, None)
    assert from_overview.counted(TOILETS, square, Present(), Scope(("433124110",))) is None
    deep = square_of(CGCS2000_QUAD, 11, 1600, 350)
    assert from_overview.counted(TOILETS, deep, Present(), EVERYTHING) is None


def test_a_tile_of_the_whole_country_asks_for_few_cells() -> None:
    cells = DegreeCells(square_of(CGCS2000_QUAD, 1, 1, 0), Extent(51, 26, 52, 27))
    assert len(cells.whole[0]) < 20
    assert not len(cells.edge)


def test_an_empty_layer_has_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tiles_cell WHERE layer = 'toilets'")
        assert cursor.fetchone() == (0,)
    assert from_overview.counted(
        TOILETS, square_of(CGCS2000_QUAD, 4, 12, 2), Present(), EVERYTHING
    ) == (
        0,
        None,
    )
