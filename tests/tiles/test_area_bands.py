"""Areas: drawn or counted, each exactly once; neighbours keep their common border."""

import random
from itertools import pairwise

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.models import Changeset
from layers.registry import LAYERS
from tests.conftest import HUAYUAN
from tests.tiles.areas import PLOTS, Plot, make_table
from tests.tiles.decoding import features
from tests.tiles.test_bands import tiles_over
from tiles.bands.specification import MOST_DRAWN
from tiles.coordinates import Tile
from tiles.serving import tile_bytes

pytestmark = pytest.mark.django_db

WEST, SOUTH, SIDE = 109.35, 28.4, 0.2


def wiggly(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The way between places with a vertex more on each edge: the same one from either side."""
    way = []
    for first, second in pairwise(places):
        low, high = sorted((first, second))
        middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        bend = (high[1] - low[1]) * 0.1, (low[0] - high[0]) * 0.1
        way += [first, (middle[0] + bend[0], middle[1] + bend[1])]
    return [*way, places[-1]]


def parcels() -> list[shapely.Polygon]:
    """Some hundred that share their borders, of ten metres to ten kilometres."""
    chance = random.Random(5)  # noqa: S311  (repeatable, not secret)
    places = [
        (WEST + SIDE * chance.random() ** 3, SOUTH + SIDE * chance.random() ** 3)
        for _number in range(150)
    ]
    square = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places)))
    return [
        shapely.Polygon(wiggly(list(each.exterior.coords)))
        for each in cells[square.contains(cells)]
    ]


@pytest.fixture
def plots(account, monkeypatch) -> list[Plot]:
    monkeypatch.setitem(LAYERS, PLOTS.name, PLOTS)
    make_table()
    changeset = Changeset.objects.create(author=account(), layer=PLOTS.name)
    kinds = random.Random(3)  # noqa: S311  (repeatable, not secret)
    made = [
        Plot(
            code=f"P{number}",
            division_id=HUAYUAN,
            changeset=changeset,
            kind=kinds.choice(("paddy", "orchard")),
            geom=GEOSGeometry(memoryview(shapely.MultiPolygon([shape]).wkb), srid=4490),
        )
        for number, shape in enumerate(parcels())
    ]
    # One that is three kilometres long and five centimetres wide.
    sliver = shapely.box(WEST - 0.05, SOUTH, WEST - 0.02, SOUTH + 0.0000005)
    geom = GEOSGeometry(memoryview(shapely.MultiPolygon([sliver]).wkb), srid=4490)
    made.append(Plot(code="thin", division_id=HUAYUAN, changeset=changeset, geom=geom))
    for each in made:
        each.save()
    return made


@pytest.fixture
def reader(account):
    return account("viewer", HUAYUAN)


def shown(tile: Tile, reader) -> list[dict]:
    return features(tile_bytes(PLOTS.name, tile, reader), PLOTS.name)


@pytest.mark.parametrize("limit", [3000, 0])
@pytest.mark.parametrize("z", [0, 5, 8, 10, 12, 13, 14])
def test_every_area_is_drawn_or_counted_once(plots, reader, monkeypatch, z, limit) -> None:
    monkeypatch.setitem(MOST_DRAWN, "polygon", limit)
    drawn: set[int] = set()
    counted = 0
    for tile in tiles_over(z):
        for each in shown(tile, reader):
            if each["properties"].get("aggregate"):
                counted += each["properties"]["n"]
            else:
                assert "Polygon" in each["geometry"]["type"]
                drawn.add(each["id"])
    assert len(drawn) + counted == len(plots)
    assert bool(drawn) == (limit > 0 and z >= 5)


@pytest.mark.parametrize("z", [8, 9, 11, 13])
def test_neighbours_keep_their_common_border(plots, reader, z) -> None:
    """They do not overlap; nor is there a gap where all of them are drawn."""
    cells = [shown(tile, reader) for tile in tiles_over(z)]
    for tile in cells:
        found = [
            shapely.geometry.shape(each["geometry"])
            for each in tile
            if not each["properties"].get("aggregate")
        ]
        together = shapely.union_all(found)
        assert together.area == pytest.approx(sum(each.area for each in found), abs=1e-6)
        if len(found) == len(tile):
            assert not shapely.get_num_interior_rings(shapely.get_parts(together)).any()


def first_zooms() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, min(first_zoom) FROM layers_plot_band JOIN layers_plot"
            " ON id = feature_id GROUP BY code"
        )
        return dict(cursor.fetchall())


def test_the_larger_an_area_the_sooner_it_is_drawn_and_some_classes_sooner(plots) -> None:
    zooms = first_zooms()
    of_paddies = {each.geom.area: zooms[each.code] + 1 for each in plots if each.kind == "paddy"}
    of_others = {each.geom.area: zooms[each.code] for each in plots if each.kind == "orchard"}
    both = {**of_paddies, **of_others}
    ordered = [both[area] for area in sorted(both)]
    assert ordered == sorted(ordered, reverse=True)
    assert zooms.get("thin", 99) > 12
