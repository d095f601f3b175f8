"""Lines: generalised by band, drawn or counted, each exactly once, and never stale."""

import random

import mapbox_vector_tile
import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.db import connection

from layers.models import Road
from tests.conftest import HUAYUAN
from tests.tiles.test_tiles import address, features, tile_over
from tiles.bands import reading as band_reading
from tiles.coordinates import Tile

pytestmark = pytest.mark.django_db

CLASSES = ("county", "township", "village")


def line(lon: float, lat: float, *, east: float = 0.0, north: float = 0.0) -> MultiLineString:
    return MultiLineString(LineString((lon, lat), (lon + east, lat + north)), srid=4490)


@pytest.fixture
def roads(make_feature) -> list[Road]:
    """From three metres to thirty kilometres long, all over Huayuan."""
    chance = random.Random(7)
    made = []
    for number in range(60):
        size = 10 ** chance.uniform(-4.5, -0.5)
        place = (109.2 + chance.random() * 0.4, 28.2 + chance.random() * 0.4)
        shape = line(*place, east=size, north=size * chance.uniform(-0.5, 0.5))
        made.append(make_feature("roads", admin_class=CLASSES[number % 3], geom=shape))
    return made


@pytest.fixture
def client(account, signed_in):
    return signed_in(account("viewer", HUAYUAN))


def tiles_over(z: int) -> list[Tile]:
    first, last = tile_over(108.9, 28.9, z), tile_over(110.2, 27.9, z)
    return [Tile(z, x, y) for x in range(first.x, last.x + 1) for y in range(first.y, last.y + 1)]


@pytest.mark.parametrize("limit", [3000, 7, 0])
@pytest.mark.parametrize("z", [0, 4, 7, 9, 11, 13])
def test_every_line_is_drawn_or_counted_once(roads, client, monkeypatch, z, limit) -> None:
    monkeypatch.setattr(band_reading, "LINE_LIMIT", limit)
    drawn: dict[int, set[Tile]] = {}
    counted = 0
    for tile in tiles_over(z):
        for each in features(client.get(address("roads", tile)), "roads"):
            if each["properties"].get("aggregate"):
                counted += each["properties"]["n"]
            else:
                drawn.setdefault(each["id"], set()).add(tile)
    # A line that some tile draws and the tile of its middle does not is in both: only where the
    # limit differs between neighbours.
    if limit != 7:
        assert len(drawn) + counted == len(roads)
    else:
        assert len(drawn) + counted >= len(roads)
    if limit == 0:
        assert not drawn
