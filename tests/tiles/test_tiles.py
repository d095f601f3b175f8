"""Vector tiles: every feature represented, only the reader's, decoded by another library."""

import gzip

import mapbox_vector_tile
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import sql

from layers.models import WaterWork
from tests.conftest import HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place
from tests.tiles.conftest import tile_over
from tiles import rule, statements
from tiles.coordinates import DEEPEST, Tile, interleaved
from tiles.statements import Statement

pytestmark = pytest.mark.django_db


def address(layer: str, tile: Tile) -> str:
    return f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt"


def features(response, layer: str) -> list[dict]:
    if response.status_code == 204:
        return []
    return mapbox_vector_tile.decode(response.content)[layer]["features"]


@given(st.integers(0, 24), st.data())
def test_a_tile_is_one_contiguous_range_of_morton_codes(z: int, data) -> None:
    x, y = (data.draw(st.integers(0, (1 << z) - 1)) for _axis in "xy")
    first, last = Tile(z, x, y).morton_range
    assert last - first + 1 == 4 ** (24 - z)
    shift = 24 - z
    assert first == interleaved(x << shift, y << shift)
    assert last == interleaved(((x + 1) << shift) - 1, ((y + 1) << shift) - 1)


@pytest.mark.parametrize("z", [0, 6, 10, 14, 18, DEEPEST])
def test_a_feature_is_in_the_tile_over_it_at_every_zoom(
    make_feature, account, signed_in, z
) -> None:
    work = make_feature("water-works")
    client = signed_in(account("viewer", HUAYUAN))
    (found,) = features(
        client.get(address("water-works", tile_over(*IN_HUAYUAN, z))), "water-works"
    )
    assert found["id"] == work.pk
    assert found["properties"]["class"] == "over_100"
    assert found["properties"]["state"] in {"ok", "due", "overdue", "defective", "none"}
    assert ("name" in found["properties"]) == (z >= 13)


@pytest.mark.parametrize("z", [0, 6, 9, 12])
def test_a_dense_tile_is_counted_in_cells_and_nothing_is_left_out(
    make_feature, account, signed_in, monkeypatch, z
) -> None:
    for step in range(12):
        make_feature("water-works", (109.45 + step * 0.01, 28.57))
    make_feature("water-works", IN_FENGHUANG)
    monkeypatch.setattr(rule, "RAW_LIMIT", 3)
    client = signed_in(account("viewer", HUAYUAN))
    tiles = {tile_over(109.45 + step * 0.01, 28.57, z) for step in range(12)}
    represented = sum(
        cell["properties"].get("n", 1)
        for tile in tiles
        for cell in features(client.get(address("water-works", tile)), "water-works")
    )
    # At z12 neighbouring raw tiles share features in their buffers.
    assert represented == 12 if z < 12 else represented >= 12
    if z == 0:
        (cell,) = features(client.get(address("water-works", Tile(0, 0, 0))), "water-works")
        counts = cell["properties"]
        assert counts["n"] == 12
        assert sum(counts[s] for s in ("ok", "due", "overdue", "defective", "none")) == 12


def test_a_grouped_cell_lies_where_its_features_are(
    make_feature, account, signed_in, monkeypatch
) -> None:
    make_feature("water-works")
    monkeypatch.setattr(rule, "RAW_LIMIT", 0)
    client = signed_in(account("viewer", HUAYUAN))
    tile = tile_over(*IN_HUAYUAN, 8)
    body = client.get(address("water-works", tile)).content
    (cell,) = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})[
        "water-works"
    ]["features"]
    x, y = cell["geometry"]["coordinates"]
    exact = tile_over(*IN_HUAYUAN, 8 + 12)
    assert abs(x - (exact.x - (tile.x << 12))) <= 32
    assert abs(y - (exact.y - (tile.y << 12))) <= 32


def test_an_edit_is_in_the_next_tile(make_feature, edit, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("viewer", HUAYUAN))
    old, new = tile_over(*IN_HUAYUAN, 14), tile_over(109.60, 28.60, 14)
    first = client.get(address("water-works", old))
    assert client.get(
        address("water-works", old), headers={"If-None-Match": first["ETag"]}
    ).status_code == 304  # fmt: skip
    edit("water-works", "update", work, geometry=place("water-works", 109.60, 28.60))
    assert client.get(
        address("water-works", old), headers={"If-None-Match": first["ETag"]}
    ).status_code == 204  # fmt: skip
    assert features(client.get(address("water-works", new)), "water-works")


def test_nobody_gets_layers_but_gets_boundaries_and_zones(make_feature) -> None:
    make_feature("water-works")
    tile = tile_over(*IN_HUAYUAN, 7)
    assert Client().get(address("water-works", tile)).status_code == 204
    names = {
        f["properties"]["name"]
        for f in features(Client().get(address("divisions", tile)), "divisions")
    }
    assert {"湖南省", "花垣县"} <= names
    zones = {
        f["properties"]["code"] for f in features(Client().get(address("zones", tile)), "zones")
    }
    assert "wuling" in zones


def test_neighbouring_counties_share_the_vertices_of_their_border() -> None:
    tile = tile_over(*IN_HUAYUAN, 8)
    shapes = {
        f["properties"]["name"]: f["geometry"]
        for f in features(Client().get(address("divisions", tile)), "divisions")
    }

    def vertices(name: str) -> set[tuple[int, int]]:
        parts = shapes[name]["coordinates"]
        rings = (
            [ring for part in parts for ring in part]
            if shapes[name]["type"] == "MultiPolygon"
            else parts
        )
        return {tuple(point) for ring in rings for point in ring}

    assert len(vertices("花垣县") & vertices("凤凰县")) > 3


def test_tiles_that_do_not_exist_are_not_found(client) -> None:
    addresses = ("roads/3/8/0", "roads/23/0/0", "castles/0/0/0", f"roads/{10**30}/0/0")
    for path in addresses:
        assert client.get(f"/tiles/{path}.mvt").status_code == 404


def test_a_large_tile_is_compressed_where_accepted(client) -> None:
    path = address("divisions", tile_over(*IN_HUAYUAN, 7))
    plain = client.get(path).content
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain)


def test_tile_json_names_the_address_and_bounds(client) -> None:
    body = client.get("/tiles/roads.json").json()
    assert body["tiles"] == ["http://testserver/tiles/roads/{z}/{x}/{y}.mvt"]
    assert body["bounds"][0] < 109 < body["bounds"][2]


def test_a_tile_over_the_time_limit_is_a_clear_503(
    make_feature, account, signed_in, monkeypatch
) -> None:
    make_feature("water-works")
    monkeypatch.setattr("tiles.serving.TIME_LIMIT_MS", 1)
    slow = Statement(sql.SQL("SELECT 0, 0, 0 FROM pg_sleep(1)").format(), {})
    monkeypatch.setattr(statements, "standing", lambda _reading: slow)
    answer = signed_in(account("viewer", HUAYUAN)).get("/tiles/water-works/0/0/0.mvt")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert WaterWork.objects.count() == 1
