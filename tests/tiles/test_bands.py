"""Lines: generalised by band, drawn or counted, each exactly once, and never stale."""

import random

import pytest
from django.db import connection

from layers.models import Road
from layers.registry import LAYERS
from tests.conftest import ATTRIBUTES, HUAYUAN
from tests.tiles.test_tiles import address, features, tile_over
from tiles.bands.keeping import keep_bands
from tiles.bands.loading import generalised_at_the_end
from tiles.bands.specification import MOST_DRAWN
from tiles.coordinates import Tile

pytestmark = pytest.mark.django_db

EARLIER = {"county": 2, "township": 1}
CLASSES = ("county", "township", "village")
OF_A_ROAD = {"length_m": None, "division": HUAYUAN}


def line(lon: float, lat: float, east: float, north: float) -> dict:
    return {"type": "LineString", "coordinates": [[lon, lat], [lon + east, lat + north]]}


@pytest.fixture
def make_road(edit):
    def make(shape: dict, **properties) -> Road:
        values = {**ATTRIBUTES["roads"], **OF_A_ROAD, **properties}
        outcome = edit("roads", "create", geometry=shape, **values)
        assert outcome.feature_id, outcome
        return Road.objects.get(pk=outcome.feature_id)

    return make


@pytest.fixture
def roads(make_features) -> list[Road]:
    """From three metres to ten kilometres long, all over Huayuan."""
    chance = random.Random(7)  # noqa: S311  (repeatable, not secret)
    told = []
    for number in range(60):
        size = 10 ** chance.uniform(-4.5, -1)
        shape = line(
            109.35 + chance.random() * 0.2,
            28.4 + chance.random() * 0.2,
            size,
            size * chance.uniform(-0.5, 0.5),
        )
        told.append((shape, {**OF_A_ROAD, "admin_class": CLASSES[number % 3]}))
    return make_features("roads", told)


@pytest.fixture
def client(account, signed_in):
    return signed_in(account("viewer", HUAYUAN))


def tiles_over(z: int) -> list[Tile]:
    first, last = tile_over(109.2, 28.75, z), tile_over(109.75, 28.3, z)
    return [Tile(z, x, y) for x in range(first.x, last.x + 1) for y in range(first.y, last.y + 1)]


@pytest.mark.parametrize("limit", [3000, 7, 0])
@pytest.mark.parametrize("z", [3, 9, 12])
def test_every_line_is_drawn_or_counted_once(roads, client, monkeypatch, z, limit) -> None:
    monkeypatch.setitem(MOST_DRAWN, "line", limit)
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


def tag_and_ids(client, tile: Tile) -> tuple[str, set[int]]:
    response = client.get(address("roads", tile))
    found = features(response, "roads")
    return response["ETag"], {each["id"] for each in found if "id" in each}


@pytest.mark.parametrize("z", [10, 15])
def test_an_edit_of_a_line_shows_in_every_tile_that_it_passes(make_road, edit, client, z) -> None:
    """Also in tiles that are far from its middle, by which the pyramid knows it."""
    road = make_road(line(109.3, 28.5, 0.4, 0.0))
    end = tile_over(109.301, 28.5, z)
    before, ids = tag_and_ids(client, end)
    assert ids == {road.pk}
    assert client.get(address("roads", end), headers={"If-None-Match": before}).status_code == 304
    edit("roads", "update", road, name="改名路")
    renamed, ids = tag_and_ids(client, end)
    assert renamed != before
    assert ids == {road.pk}
    road.refresh_from_db()
    edit("roads", "update", road, geometry=line(109.5, 28.5, 0.2, 0.0))
    moved, ids = tag_and_ids(client, end)
    assert moved not in {renamed, before}
    assert not ids


def bands_of_roads() -> set[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT feature_id, band, first_zoom, ST_AsEWKB(geom)::text FROM layers_road_band"
        )
        return set(cursor.fetchall())


def test_bands_are_what_the_rows_alone_say(roads, edit) -> None:
    """After edits of every kind the kept bands are those that are made anew."""
    edit("roads", "update", roads[0], admin_class="village")
    edit("roads", "update", roads[1], geometry=line(109.4, 28.5, 0.05, 0.01))
    edit("roads", "update", roads[2], name="只改名")
    edit("roads", "delete", roads[3])
    kept = bands_of_roads()
    assert kept
    assert roads[3].pk not in {row[0] for row in kept}
    connection.check_constraints()
    keep_bands(table="layers_road", class_column="admin_class", earlier=EARLIER)
    assert bands_of_roads() == kept


def test_what_matters_more_is_drawn_sooner(make_road) -> None:
    sooner = make_road(line(109.4, 28.5, 0.02, 0.0), admin_class="county")
    later = make_road(line(109.4, 28.5, 0.02, 0.0), admin_class="village")
    first = dict.fromkeys((sooner.pk, later.pk), 99)
    for feature_id, _band, zoom, _geom in bands_of_roads():
        first[feature_id] = min(zoom, first[feature_id])
    assert first[later.pk] - first[sooner.pk] == EARLIER["county"]


def test_rows_of_a_large_load_get_their_bands_at_its_end(make_road) -> None:
    make_road(line(109.4, 28.5, 0.05, 0.0))
    connection.check_constraints()
    before = bands_of_roads()
    with generalised_at_the_end(LAYERS["roads"]):
        loaded = make_road(line(109.5, 28.5, 0.05, 0.0))
        connection.check_constraints()
        assert bands_of_roads() == before
    assert {row[0] for row in bands_of_roads() - before} == {loaded.pk}
