"""Drawn areas as anybody may send them: each wrong one is refused in words, and changes nothing."""

import json
import math

import pytest

from layers.divisions import HUNAN_BOUNDS
from layers.errors import Rejected
from tests.conftest import HUAYUAN
from tiles.models import Pack
from tiles.packs.shapes import LEAST_M2, MOST_VERTICES, area_m2, drawn_shape, read_shape

SQUARE = [[109.4, 28.5], [109.5, 28.5], [109.5, 28.6], [109.4, 28.6], [109.4, 28.5]]
BOW = [[109.4, 28.5], [109.5, 28.6], [109.5, 28.5], [109.4, 28.6], [109.4, 28.5]]
WORLD = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def circle(vertices: int) -> list[list[float]]:
    steps = [2 * math.pi * number / vertices for number in range(vertices)]
    ring = [[109.45 + math.cos(step) / 50, 28.55 + math.sin(step) / 50] for step in steps]
    return [*ring, ring[0]]


WRONG = {
    "crosses itself": polygon(BOW),
    "a hole outside": polygon(SQUARE, [[110, 28], [110.1, 28], [110.1, 28.1], [110, 28]]),
    "outside Hunan": polygon([[x - 40, y] for x, y in SQUARE]),
    "latitude first": polygon([[y, x] for x, y in SQUARE]),
    "not closed": polygon(SQUARE[:-1]),
    "too short": polygon(SQUARE[:3]),
    "flat": polygon([[109.4, 28.5], [109.5, 28.5], [109.4, 28.5], [109.4, 28.5]]),
    "no rings": polygon(),
    "a million vertices": polygon(circle(1_000_000)),
    "not a number": polygon([[float("nan"), 28.5], *SQUARE[1:]]),
    "infinite": polygon([[float("inf"), 28.5], *SQUARE[1:]]),
    "huge numbers": polygon([[10**400, 28.5], *SQUARE[1:]]),
    "texts": polygon([["109", "28"], *SQUARE[1:]]),
    "truths": polygon([[True, False], *SQUARE[1:]]),
    "one ordinate": polygon([[109.4], *SQUARE[1:]]),
    "ordinates no list": polygon([109.4, *SQUARE[1:]]),
    "coordinates no list": {"type": "Polygon", "coordinates": "everywhere"},
    "a point": {"type": "Point", "coordinates": [109.4, 28.5]},
    "no geometry": {"type": "Feature", "geometry": None},
    "no features": {"type": "FeatureCollection", "features": []},
    "features no list": {"type": "FeatureCollection", "features": 7},
    "overlapping": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
    "a speck": polygon([[109.4, 28.5], [109.4009, 28.5], [109.4009, 28.5009], [109.4, 28.5]]),
    "nothing": {},
    "a list": [],
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_what_is_no_area_is_refused(given) -> None:
    with pytest.raises(Rejected) as refusal:
        drawn_shape(given)
    assert str(refusal.value)


def test_a_hectare_is_enough() -> None:
    ring = [[109.4, 28.5], [109.4011, 28.5], [109.4011, 28.501], [109.4, 28.501], [109.4, 28.5]]
    assert LEAST_M2 < area_m2(drawn_shape(polygon(ring))) < 1.3 * LEAST_M2


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"type": "Polygon"' + " " * 2_000_001])
def test_a_file_that_is_no_geojson_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        read_shape(text)


def test_features_and_collections_are_taken_apart() -> None:
    east = [[x + 0.5, y] for x, y in SQUARE]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": polygon(SQUARE), "properties": {}},
            {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[east]]}},
        ],
    }
    shape = read_shape(json.dumps(collection))
    assert shape.num_geom == 2
    assert shape.srid == 4490
    assert drawn_shape(polygon([[x, y, 500.0] for x, y in SQUARE])).extent == (
        109.4,
        28.5,
        109.5,
        28.6,
    )


def test_the_whole_world_is_cut_to_the_province() -> None:
    assert drawn_shape(polygon(WORLD)).extent == pytest.approx(tuple(HUNAN_BOUNDS))


def test_just_enough_vertices_are_taken() -> None:
    assert drawn_shape(polygon(circle(MOST_VERTICES - 1))).num_coords == MOST_VERTICES
    with pytest.raises(Rejected):
        drawn_shape(polygon(circle(MOST_VERTICES)))


BODIES = {
    "shape that crosses itself": ({"shape": polygon(BOW)}, 422),
    "neither area nor shape": ({}, 422),
    "both": ({"area": HUAYUAN, "shape": polygon(SQUARE)}, 422),
    "zoom 30": ({"area": HUAYUAN, "max_zoom": 30}, 422),
    "zoom -1": ({"area": HUAYUAN, "max_zoom": -1}, 422),
    "no budget": ({"area": HUAYUAN, "budget": 0}, 422),
    "endless budget": ({"area": HUAYUAN, "budget": 10**30}, 422),
    "no layer": ({"area": HUAYUAN, "layers": []}, 422),
    "a layer twice": ({"area": HUAYUAN, "layers": ["roads", "roads"]}, 422),
    "an unknown layer": ({"area": HUAYUAN, "layers": ["castles"]}, 404),
    "an unknown raster": ({"area": HUAYUAN, "raster": "moon"}, 404),
    "an unknown area": ({"area": "亚特兰蒂斯"}, 404),
    "another county": ({"area": "凤凰县"}, 403),
    "a shape in another county": ({"shape": polygon([[x, y - 0.6] for x, y in SQUARE])}, 403),
    "a shape beyond the border": ({"shape": polygon([[x - 0.7, y] for x, y in SQUARE])}, 422),
    "nul in a raster": ({"area": HUAYUAN, "raster": "a\x00b"}, 422),
    "nul in a name": ({"shape": polygon(SQUARE), "name": "a\x00b"}, 422),
    "half a character": ({"area": "\ud800"}, 422),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_the_api_refuses_and_keeps_nothing(account, signed_in, body, status) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    for path in ("/api/packs", "/api/packs/estimate"):
        answer = client.post(path, json.dumps(body), content_type="application/json")
        assert answer.status_code == status, answer.content
        assert answer.json()["message"]
    assert not Pack.objects.exists()
