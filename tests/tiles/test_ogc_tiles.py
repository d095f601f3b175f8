"""OGC API - Tiles: the documents, the tiles of both matrix sets, and what is told to whom."""

import json
import re

import morecantile
import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, XIANGXI
from tests.tiles.conftest import tile_over
from tests.tiles.decoding import features, represented
from tiles import rule
from tiles.coordinates import EXTENT
from tiles.matrices.catalogue import CGCS2000_QUAD, TILE_MATRIX_SETS, WEB_MERCATOR_QUAD
from tiles.ogc.extent import limits_of

pytestmark = pytest.mark.django_db

OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"


def address(layer: str, matrix_set: str, zoom: int, column: int, row: int) -> str:
    return f"/ogc/collections/{layer}/tiles/{matrix_set}/{zoom}/{row}/{column}"


def degree_tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row by Tianditu's own formula: from 90°N 180°W, 360/2^zoom degrees a tile."""
    span = 360 / 2**zoom
    return int((lon + 180) // span), int((90 - lat) // span)


def place_in(matrix_set, lon: float, lat: float, zoom: int) -> tuple[int, int]:
    if matrix_set is CGCS2000_QUAD:
        return degree_tile(lon, lat, zoom)
    found = tile_over(lon, lat, zoom)
    return found.x, found.y


@pytest.fixture
def reader(account, signed_in) -> Client:
    return signed_in(account("viewer", XIANGXI))


def link(body: dict, rel: str, media_type: str = "") -> dict:
    return next(
        each for each in body["links"] if each["rel"] == rel and media_type in each.get("type", "")
    )


def followed(client: Client, href: str):
    return client.get(href.removeprefix("http://testserver"))


def test_web_mercator_quad_is_what_another_library_has() -> None:
    theirs = json.loads(morecantile.tms.get("WebMercatorQuad").model_dump_json())
    ours = WEB_MERCATOR_QUAD
    assert (ours.name, ours.uri, ours.crs) == (theirs["id"], theirs["uri"], theirs["crs"])
    assert (list(ours.axes), ours.scale_set) == (theirs["orderedAxes"], theirs["wellKnownScaleSet"])
    assert len(ours.matrices) == len(theirs["tileMatrices"])
    for mine, other in zip(ours.matrices, theirs["tileMatrices"], strict=True):
        assert str(mine.zoom) == other["id"]
        assert mine.cell_size == pytest.approx(other["cellSize"], rel=1e-12)
        assert mine.scale_denominator == pytest.approx(other["scaleDenominator"], rel=1e-12)
        assert (mine.width, mine.height) == (other["matrixWidth"], other["matrixHeight"])
        assert list(ours.origin) == pytest.approx(other["pointOfOrigin"], rel=1e-12)


def test_the_degree_set_is_tianditu_s() -> None:
    """Its capabilities state: zoom 1 is 2 × 1 tiles and 2.958293554545656E8, zoom 18 is
    262144 × 131072 and 2256.998866688275, from 90 -180, for pixels of 96 dpi."""
    dpi_96 = 0.0254 / 96 / 0.00028
    first, last = CGCS2000_QUAD.by_zoom[1], CGCS2000_QUAD.by_zoom[18]
    assert (first.width, first.height, last.width, last.height) == (2, 1, 262144, 131072)
    assert first.scale_denominator / dpi_96 == pytest.approx(2.958293554545656e8, rel=1e-6)
    assert last.scale_denominator / dpi_96 == pytest.approx(2256.998866688275, rel=1e-6)
    assert CGCS2000_QUAD.origin == (90.0, -180.0)
    assert CGCS2000_QUAD.axes == ("Lat", "Lon")
    for each in CGCS2000_QUAD.matrices:
        assert each.width * each.span == 360
        assert each.height * each.span == 180


def test_every_class_declared_has_its_link_and_its_operation(reader) -> None:
    declared = reader.get("/ogc/conformance?f=json").json()["conformsTo"]
    tiles = {each.rpartition("/")[2] for each in declared if "ogcapi-tiles-1" in each}
    assert tiles == {
        "core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30", "datetime",
    }  # fmt: skip
    landing = reader.get("/ogc/?f=json").json()
    sets = followed(reader, link(landing, f"{OGC_REL}/tiling-schemes")["href"]).json()
    assert [each["id"] for each in sets["tileMatrixSets"]] == list(TILE_MATRIX_SETS)
    definition = reader.get("/ogc/api?f=json").json()
    operations = {
        one["operationId"]
        for path in definition["paths"].values()
        for method, one in path.items()
        if method == "get"
    }
    assert {"getTileMatrixSetsList", "getTileMatrixSet"} <= operations
    for each in reader.get("/ogc/collections?f=json").json()["collections"]:
        listed = followed(reader, link(each, f"{OGC_REL}/tilesets-vector")["href"]).json()
        assert len(listed["tilesets"]) == len(TILE_MATRIX_SETS)
        for part in ("getTileSetsList", "getTileSet", "getTile"):
            assert f"{each['id']}.collection.vector.{part}" in operations


@pytest.mark.parametrize("name", TILE_MATRIX_SETS)
def test_a_tileset_leads_to_its_matrix_set_and_its_tiles(make_feature, reader, name) -> None:
    make_feature("water-works")
    listed = reader.get("/ogc/collections/water-works/tiles?f=json").json()["tilesets"]
    summary = next(each for each in listed if each["tileMatrixSetId"] == name)
    tileset = followed(reader, link(summary, "self")["href"]).json()
    scheme = followed(reader, link(tileset, f"{OGC_REL}/tiling-scheme")["href"]).json()
    assert (scheme["id"], scheme["crs"]) == (name, tileset["crs"])
    template = link(tileset, "item", "mapbox")
    assert template["templated"] is True
    zoom = 9
    limits = next(
        each for each in tileset["tileMatrixSetLimits"] if each["tileMatrix"] == str(zoom)
    )
    column, row = place_in(TILE_MATRIX_SETS[name], *IN_HUAYUAN, zoom)
    assert limits["minTileRow"] <= row <= limits["maxTileRow"]
    assert limits["minTileCol"] <= column <= limits["maxTileCol"]
    filled = {"{tileMatrix}": str(zoom), "{tileRow}": str(row), "{tileCol}": str(column)}
    href = re.sub(r"\{\w+\}", lambda found: filled[found[0]], template["href"])
    answer = followed(reader, href)
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert represented(answer.content, "water-works") == 1
    assert tileset["layers"][0]["id"] == "water-works"
    first, last = (tileset["layers"][0][each] for each in ("minTileMatrix", "maxTileMatrix"))
    matrices = {each["id"] for each in scheme["tileMatrices"]}
    assert {first, last} <= matrices


def test_latitude_comes_first_in_the_degree_set_and_nowhere_else(client) -> None:
    body = client.get("/ogc/tileMatrixSets/CGCS2000Quad?f=json").json()
    assert body["orderedAxes"] == ["Lat", "Lon"]
    assert body["tileMatrices"][0]["pointOfOrigin"] == [90, -180]
    assert body["uri"] == "http://testserver/ogc/tileMatrixSets/CGCS2000Quad"
    box = client.get("/ogc/collections/zones/tiles/CGCS2000Quad?f=json").json()["boundingBox"]
    assert box["lowerLeft"] == [24.55, 108.7]
    mercator = client.get("/ogc/collections/zones/tiles/WebMercatorQuad?f=json").json()
    assert mercator["boundingBox"]["lowerLeft"][0] > 12_000_000


SPOTS = (
    IN_HUAYUAN,
    (109.49, 28.571),
    IN_FENGHUANG,
    (112.5, 28.2),
    (111.09375, 28.125),
    (111.4, 28.125),
)
"""The last three lie on edges of degree tiles (of zooms 4, 8 and 8), the first two in one cell."""


@pytest.mark.parametrize("matrix_set", TILE_MATRIX_SETS.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("limit", [5000, 0])
def test_every_row_of_tiles_adds_up_to_the_recount(
    make_feature, steward, signed_in, monkeypatch, matrix_set, limit
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", limit)
    for at in SPOTS:
        make_feature("toilets", at)
    client = signed_in(steward)
    for zoom in (matrix_set.drawn[0], 4, 8, 12, matrix_set.drawn[-1]):
        places = {
            (column + right, row + down)
            for column, row in (place_in(matrix_set, *at, zoom) for at in SPOTS)
            for right in (-1, 0, 1)
            for down in (-1, 0, 1)
        }
        matrix = matrix_set.by_zoom[zoom]
        shown = sum(
            represented(
                client.get(address("toilets", matrix_set.name, zoom, *at)).content, "toilets"
            )
            for at in places
            if limits_of(matrix_set, matrix).have(*at)
        )
        assert shown == len(SPOTS), zoom


@pytest.mark.parametrize("limit", [5000, 0])
def test_a_degree_tile_has_features_where_their_degrees_are(
    make_feature, reader, monkeypatch, limit
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", limit)
    make_feature("water-works")
    zoom = 9
    column, row = degree_tile(*IN_HUAYUAN, zoom)
    body = reader.get(address("water-works", "CGCS2000Quad", zoom, column, row)).content
    (found,) = features(body, "water-works")
    span = 360 / 2**zoom
    x, y = found["geometry"]["coordinates"]
    lon = -180 + (column + x / EXTENT) * span
    lat = 90 - (row + y / EXTENT) * span
    tolerance = span / EXTENT if limit else span / 64
    assert (lon, lat) == pytest.approx(IN_HUAYUAN, abs=tolerance)
    assert found["properties"].get("aggregate", False) is (limit == 0)


def test_a_road_is_drawn_in_each_degree_tile_that_it_passes(make_feature, reader, edit) -> None:
    zoom, edge = 12, -180 + 3294 * (360 / 4096)
    line = {"type": "LineString", "coordinates": [[edge - 0.02, 28.57], [edge + 0.02, 28.57]]}
    road = make_feature("roads")
    edit("roads", "update", road, geometry=line)
    _column, row = degree_tile(edge, 28.57, zoom)
    for column in (3293, 3294):
        body = reader.get(address("roads", "CGCS2000Quad", zoom, column, row)).content
        (found,) = features(body, "roads")
        assert found["geometry"]["type"] == "LineString"
        assert found["properties"]["class"] == "village"


def test_divisions_and_zones_are_drawn_in_degrees_for_everybody(client) -> None:
    column, row = degree_tile(*IN_HUAYUAN, 7)
    body = client.get(address("divisions", "CGCS2000Quad", 7, column, row)).content
    assert {"湖南省", "花垣县"} <= {
        each["properties"]["name"] for each in features(body, "divisions")
    }
    body = client.get(address("zones", "CGCS2000Quad", 7, column, row)).content
    assert "wuling" in {each["properties"]["code"] for each in features(body, "zones")}


@pytest.mark.parametrize("matrix_set", TILE_MATRIX_SETS.values(), ids=lambda each: each.name)
def test_a_tile_holds_the_reader_s_divisions_only(
    make_feature, account, signed_in, monkeypatch, matrix_set
) -> None:
    make_feature("toilets", IN_HUAYUAN)
    make_feature("toilets", IN_FENGHUANG)
    column, row = place_in(matrix_set, *IN_HUAYUAN, 3)
    path = address("toilets", matrix_set.name, 3, column, row)
    for limit in (5000, 0):
        monkeypatch.setattr(rule, "RAW_LIMIT", limit)
        for division, seen in ((HUAYUAN, 1), (FENGHUANG, 1), (XIANGXI, 2)):
            client = signed_in(account("viewer", division))
            assert represented(client.get(path).content, "toilets") == seen
    for part in ("tiles", f"tiles/{matrix_set.name}", f"tiles/{matrix_set.name}/3/{row}/{column}"):
        for stranger in (Client(), signed_in(account())):
            assert stranger.get(f"/ogc/collections/toilets/{part}").status_code == 404


def test_a_tile_as_it_was_recorded(make_feature, edit, reader) -> None:
    work = make_feature("water-works")
    then = timezone.now().isoformat().replace("+00:00", "Z")
    edit("water-works", "delete", work)
    column, row = degree_tile(*IN_HUAYUAN, 9)
    for name, at in (
        ("CGCS2000Quad", (column, row)),
        ("WebMercatorQuad", tile_over(*IN_HUAYUAN, 9)[1:]),
    ):
        path = address("water-works", name, 9, *at)
        assert reader.get(path).status_code == 204
        assert represented(reader.get(path, {"datetime": then}).content, "water-works") == 1
        assert reader.get(path, {"datetime": "yesterday"}).status_code == 400


def test_a_moment_may_be_a_subset_of_the_axis_datetime(make_feature, edit, reader) -> None:
    """/req/datetime/axis, /req/collections/rc-subset-definition and -response."""
    work = make_feature("water-works")
    then = timezone.now().isoformat().replace("+00:00", "Z")
    edit("water-works", "delete", work)
    path = address("water-works", "CGCS2000Quad", 9, *degree_tile(*IN_HUAYUAN, 9))
    for read_then in (f'"{then}"', f'*:"{then}"', f'"2020-01-01":"{then}"'):
        answer = reader.get(path, {"subset": f"datetime({read_then})"})
        assert represented(answer.content, "water-works") == 1
    for read_now in ("datetime(*:*)", f'datetime("{then}":*)'):
        assert reader.get(path, {"subset": read_now}).status_code == 204
    assert reader.get(path, {"subset": 'datetime("1999-01-01")'}).status_code == 204
    for bad in (
        "datetime", "datetime()", 'datetime("x")', "datetime(2020)", 'Lat("1")', "",
        'datetime("2020-01-01/2021-01-01")', 'datetime("2021-01-01":"2020-01-01")',
    ):  # fmt: skip
        assert reader.get(path, {"subset": bad}).status_code == 400, bad
    both = {"datetime": then, "subset": f'datetime("{then}")'}
    assert reader.get(path, both).status_code == 400


@pytest.mark.parametrize(
    "place",
    [
        "WebMercatorQuad/3/8/0", "WebMercatorQuad/3/0/8", "WebMercatorQuad/23/0/0",
        "CGCS2000Quad/1/1/0", "CGCS2000Quad/1/0/2", "CGCS2000Quad/0/0/0", "CGCS2000Quad/21/0/0",
        "CGCS2000Quad/1/-1/0", "CGCS2000Quad/1/x/0", f"CGCS2000Quad/{10**30}/0/0", "Nowhere/1/0/0",
        "CGCS2000Quad/1/٠/0",
    ],
)  # fmt: skip
def test_tiles_that_there_are_not_are_not_found(client, place) -> None:
    answer = client.get(f"/ogc/collections/zones/tiles/{place}")
    assert answer.status_code == 404
    assert answer.json()["message"]


def test_a_tile_answers_by_format_and_tag(client) -> None:
    column, row = degree_tile(*IN_HUAYUAN, 7)
    path = address("divisions", "CGCS2000Quad", 7, column, row)
    first = client.get(path, headers={"Accept": "application/vnd.mapbox-vector-tile"})
    assert first.status_code == 200
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(path, {"f": "png"}).status_code == 400
    assert client.get(path, {"limit": "3"}).status_code == 400
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("matrix_set", TILE_MATRIX_SETS.values(), ids=lambda each: each.name)
def test_tiles_outside_the_limits_are_not_found_and_empty_ones_inside_are_empty(
    client, matrix_set
) -> None:
    """/req/core/tc-error, A and B. Nothing is drawn in the corners of the province's box."""
    path = f"/ogc/collections/zones/tiles/{matrix_set.name}"
    for stated in client.get(f"{path}?f=json").json()["tileMatrixSetLimits"][::6]:
        top, bottom = stated["minTileRow"], stated["maxTileRow"]
        left, right = stated["minTileCol"], stated["maxTileCol"]
        zoom = stated["tileMatrix"]
        for row, column in ((top, right), (bottom, right)):
            assert client.get(f"{path}/{zoom}/{row}/{column}").status_code in {200, 204}
        if int(zoom) >= 12:
            assert client.get(f"{path}/{zoom}/{bottom}/{right}").status_code == 204
        for row, column in ((top - 1, left), (bottom + 1, left), (top, left - 1), (top, right + 1)):
            assert client.get(f"{path}/{zoom}/{row}/{column}").status_code == 404, zoom


def test_the_documents_have_pages(reader) -> None:
    for path in (
        "tileMatrixSets", "tileMatrixSets/CGCS2000Quad", "collections/roads/tiles",
        "collections/roads/tiles/CGCS2000Quad", "",
    ):  # fmt: skip
        answer = reader.get(f"/ogc/{path}?f=html")
        assert answer.status_code == 200
        assert "<h1>" in answer.content.decode()
