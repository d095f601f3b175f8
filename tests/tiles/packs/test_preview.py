"""What is told of a pack before it is made: its area and what lies in it, for its reader."""

import json

import pytest

from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, XIANGXI
from tests.tiles.packs.test_shapes import polygon
from tiles.packs.area import Area, named_area
from tiles.packs.preview import Preview, preview
from tiles.packs.shapes import area_m2, drawn_shape
from tiles.packs.wish import Wish

pytestmark = pytest.mark.django_db
LAYERS = ("divisions", "roads", "water-works")


def around(*places: tuple[float, float], margin: float = 0.01) -> dict:
    """A box around all of these places."""
    longitudes, latitudes = zip(*places, strict=True)
    west, east = min(longitudes) - margin, max(longitudes) + margin
    south, north = min(latitudes) - margin, max(latitudes) + margin
    return polygon([[west, south], [east, south], [east, north], [west, north], [west, south]])


def told(actor, shape: dict) -> Preview:
    area = Area.drawn(drawn_shape(shape), "画")
    return preview(actor=actor, wish=Wish(area, LAYERS, max_zoom=6))


def test_what_lies_in_a_drawn_area_is_counted_and_not_what_lies_beside_it(
    features, make_feature, reader
) -> None:
    lon, lat = IN_HUAYUAN
    make_feature("water-works", (lon + 0.012, lat))
    found = told(reader, around(IN_HUAYUAN))
    assert found.features == {"roads": 1, "water-works": 1}
    assert found.total == 2
    assert not found.beyond
    assert found.area_m2 == pytest.approx(0.02 * 0.02 * 97_800 * 110_800, rel=0.01)
    assert told(reader, around(IN_HUAYUAN, margin=0.02)).features["water-works"] == 2


def test_a_slanting_outline_counts_by_its_shape_not_by_its_box(features, reader) -> None:
    lon, lat = IN_HUAYUAN
    # The place is the corner of the triangle's box that the triangle leaves out.
    triangle = [[lon - 0.1, lat - 0.1], [lon + 0.001, lat - 0.1], [lon - 0.1, lat + 0.001]]
    assert told(reader, polygon([*triangle, triangle[0]])).total == 0


def test_only_the_readers_are_counted_and_a_part_beyond_is_said(features, reader, account) -> None:
    both = around(IN_HUAYUAN, IN_FENGHUANG)
    own, wide = told(reader, both), told(account("viewer", XIANGXI), both)
    assert (own.features["water-works"], own.beyond) == (1, True)
    assert (wide.features["water-works"], told(reader, around(IN_HUAYUAN)).beyond) == (2, False)


def test_a_division_counts_what_it_owns(features, account) -> None:
    actor = account("viewer", XIANGXI)
    counts = {
        code: preview(actor=actor, wish=Wish(named_area(code, actor), LAYERS, max_zoom=6)).features
        for code in (HUAYUAN, FENGHUANG)
    }
    assert counts[HUAYUAN] == {"roads": 1, "water-works": 1}
    assert counts[FENGHUANG] == {"roads": 0, "water-works": 1}


def test_the_api_tells_area_and_features(features, reader, signed_in) -> None:
    shape = around(IN_HUAYUAN)
    body = {"shape": shape, "layers": list(LAYERS), "max_zoom": 6}
    answer = signed_in(reader).post(
        "/api/packs/estimate", json.dumps(body), content_type="application/json"
    )
    found = answer.json()
    assert found["features"] == {"roads": 1, "water-works": 1}
    assert (found["area_m2"], found["beyond"]) == (round(area_m2(drawn_shape(shape))), False)
    assert found["max_zoom"] == 6
