"""What is in a pack: the very tiles that the map shows its maker, of the area, and nothing else."""

import hashlib
import json

import mapbox_vector_tile
import morecantile
import pytest
import shapely
from django.contrib.gis.geos import Polygon
from django.test import RequestFactory

from layers.errors import Forbidden, NotFound, Rejected
from layers.models import Division, Zone
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, XIANGXI
from tests.tiles.test_tiles import tile_over
from tiles.coordinates import Tile
from tiles.packs import shapes
from tiles.packs.archive import OverBudget
from tiles.packs.area import Area, named_area
from tiles.packs.building import build, estimate
from tiles.packs.cover import covers
from tiles.packs.wish import EVERY_LAYER, Wish
from tiles.serving import tile_bytes
from tiles.tilejson import tile_json

pytestmark = pytest.mark.django_db
WEB = morecantile.tms.get("WebMercatorQuad")


def around(lon: float, lat: float, half: float) -> Polygon:
    shape = Polygon.from_bbox((lon - half, lat - half, lon + half, lat + half))
    shape.srid = 4490
    return shape


def drawn(lon: float, lat: float, half: float = 0.02) -> Area:
    return Area.drawn(shapes.inside_province(around(lon, lat, half)), "工地")


def township(county: str, name: str) -> Division:
    code = f"{county[:6]}199000"
    return Division.objects.create(code=code, name=name, level="township", parent_id=county)


def touched(tile: Tile, boundary: shapely.Geometry) -> bool:
    bounds = WEB.bounds(morecantile.Tile(tile.x, tile.y, tile.z))
    return boundary.intersects(shapely.box(*bounds))


def layers_in(opened, tile: Tile) -> dict:
    return mapbox_vector_tile.decode(opened.mvt(tile))


def test_each_tile_is_the_one_that_the_map_draws(features, packed, reader) -> None:
    built, opened = packed(max_zoom=12)
    boundary = shapely.from_wkb(bytes(Division.objects.get(pk=HUAYUAN).boundary.wkb))
    assert {tile.z for tile in opened.tiles} == set(range(13))
    for tile in opened.tiles:
        assert touched(tile, boundary)
        expected = b"".join(tile_bytes(name, tile, reader) for name in EVERY_LAYER)
        assert opened.mvt(tile) == expected
    all_touching = {
        Tile(each.z, x, y)
        for each in opened.tiles
        for x in (each.x - 1, each.x, each.x + 1)
        for y in (each.y - 1, each.y, each.y + 1)
        if 0 <= x < 1 << each.z and 0 <= y < 1 << each.z and touched(Tile(each.z, x, y), boundary)
    }
    assert all_touching == set(opened.tiles)
    at = layers_in(opened, tile_over(*IN_HUAYUAN, 12))
    assert set(LAYERS) | {"divisions"} <= set(at)
    assert built.manifest["files"][0]["tiles"] == len(opened.tiles)


def test_a_neighbour_s_features_are_not_in_it(features, packed, account) -> None:
    _built, opened = packed(max_zoom=11)
    both = account("viewer", XIANGXI)
    _wide, wide = packed(actor=both, max_zoom=11)
    lowest = Tile(0, 0, 0)
    assert len(layers_in(opened, lowest)["water-works"]["features"]) == 1
    assert len(layers_in(wide, lowest)["water-works"]["features"]) == 2
    assert "凤凰水厂".encode() not in b"".join(map(opened.mvt, opened.tiles))
    # The area narrows what the wider reader gets, too: 凤凰县 is not in it at the deeper zooms.
    assert tile_over(*IN_FENGHUANG, 11) not in wide.tiles


def test_tiles_outside_the_drawn_area_are_not_in_it(features, packed) -> None:
    _built, opened = packed(area=drawn(*IN_HUAYUAN, half=0.004), max_zoom=14)
    deepest = [tile for tile in opened.tiles if tile.z == 14]
    assert tile_over(*IN_HUAYUAN, 14) in deepest
    assert len(deepest) <= 4
    header = opened.header
    assert header["min_lon_e7"] == round((IN_HUAYUAN[0] - 0.004) * 1e7)
    assert header["max_lat_e7"] == round((IN_HUAYUAN[1] + 0.004) * 1e7)
    assert (header["min_zoom"], header["max_zoom"]) == (0, 14)


def test_the_archive_says_what_tilejson_and_the_manifest_say(features, packed, tmp_path) -> None:
    built, opened = packed(max_zoom=9)
    told = opened.metadata
    assert [each["id"] for each in told["vector_layers"]] == list(EVERY_LAYER)
    for each in told["vector_layers"]:
        answer = tile_json(RequestFactory().get("/"), each["id"])
        (known,) = json.loads(answer.content)["vector_layers"]
        assert each["fields"] == known["fields"]
    inside = told["xiangcun"]
    assert {**inside, "files": built.manifest["files"]} == built.manifest
    assert (inside["max_zoom"], inside["area"]["code"]) == (9, HUAYUAN)
    assert "审图号" in told["attribution"] or "GS(2024)0650号" in told["attribution"]
    assert inside["datum"]["source"] == "EPSG:4490"
    (file,) = built.manifest["files"]
    written = next(tmp_path.glob("pack-*/vectors.pmtiles"))
    assert file["sha256"] == hashlib.sha256(written.read_bytes()).hexdigest()
    assert file["size"] == written.stat().st_size == built.size
    assert opened.header["addressed_tiles_count"] == len(opened.tiles)


def test_identical_tiles_are_kept_once(packed) -> None:
    """Inside one county all tiles of the boundaries are the same square."""
    built, opened = packed(layers=("divisions",), area=drawn(*IN_HUAYUAN, half=0.02), max_zoom=16)
    different = len(set(opened.tiles.values()))
    assert opened.header["tile_contents_count"] == different
    assert different < len(opened.tiles) / 4
    assert opened.header["tile_entries_count"] < len(opened.tiles)
    assert built.manifest["files"][0]["contents"] == different


def test_a_packs_zoom_is_lowered_until_it_fits_and_says_so(features, packed) -> None:
    _full, full = packed(max_zoom=12)
    sizes = [
        sum(len(body) for tile, body in full.tiles.items() if tile.z <= zoom) for zoom in range(13)
    ]
    budget = int(sizes[10] * 1.4)
    built, opened = packed(max_zoom=12, budget=budget)
    manifest = built.manifest
    assert manifest["asked_max_zoom"] == 12
    assert 8 <= manifest["max_zoom"] < 12
    assert opened.header["max_zoom"] == manifest["max_zoom"]
    assert max(tile.z for tile in opened.tiles) == manifest["max_zoom"]
    assert built.size <= budget


def test_the_estimate_counts_tiles_exactly_and_guesses_bytes(features, packed, reader) -> None:
    wish = Wish(named_area(HUAYUAN, reader), max_zoom=11)
    plan = estimate(actor=reader, wish=wish)
    built, opened = packed(max_zoom=11)
    counted = [sum(tile.z == zoom for tile in opened.tiles) for zoom in range(12)]
    assert [each.tiles for each in plan.zooms] == counted
    assert (plan.max_zoom, plan.lowered, plan.tiles) == (11, False, len(opened.tiles))
    assert 0.5 * built.size < plan.bytes < 2 * built.size


def test_the_hard_limit_is_never_passed_and_nothing_is_left(
    features, reader, tmp_path, monkeypatch
) -> None:
    """Also where the sample has misled the estimate."""
    monkeypatch.setattr("tiles.packs.sources.VectorSource.stored", lambda _self, _body: 1)
    folder = tmp_path / "pack"
    folder.mkdir()
    wish = Wish(named_area(HUAYUAN, reader), max_zoom=12, budget=30_000)
    with pytest.raises(OverBudget):
        build(actor=reader, wish=wish, folder=folder)
    assert list(folder.iterdir()) == []


def test_not_even_the_lowest_zoom_fits(features, reader) -> None:
    with pytest.raises(OverBudget):
        estimate(actor=reader, wish=Wish(named_area(HUAYUAN, reader), budget=100))


def test_too_many_tiles_lower_the_zoom(features, reader, monkeypatch) -> None:
    monkeypatch.setattr("tiles.packs.building.MOST_TILES", 60)
    plan = estimate(actor=reader, wish=Wish(named_area(HUAYUAN, reader), max_zoom=14))
    assert plan.lowered
    assert plan.tiles <= 60


def test_an_area_without_anything_in_the_chosen_layers_is_refused(reader, packed, tmp_path) -> None:
    with pytest.raises(Rejected):
        packed(layers=("water-works",), max_zoom=8)
    assert list(next(tmp_path.glob("pack-*")).iterdir()) == []


def test_only_what_is_asked_for_is_packed(features, packed) -> None:
    built, opened = packed(layers=("roads", "zones"), max_zoom=8)
    names = {name for tile in opened.tiles for name in layers_in(opened, tile)}
    assert names == {"roads", "zones"}
    assert [each["name"] for each in built.manifest["layers"]] == ["roads", "zones"]


@pytest.mark.parametrize("deepest", [0, 7])
def test_a_cover_ends_before_it_is_too_many(deepest: int) -> None:
    everywhere = shapely.box(-180, -85.06, 180, 85.06).wkb
    found = list(covers(everywhere, deepest, most=5000))
    assert [len(cover) for cover in found] == [4**zoom for zoom in range(min(deepest, 6) + 1)][
        : len(found)
    ]
    assert sum(map(len, found)) <= 5000


# --- Areas ----------------------------------------------------------------------------------------


def test_an_area_is_a_division_by_code_or_name_or_a_zone(reader) -> None:
    by_code, by_name = (named_area(text, reader) for text in (HUAYUAN, "花垣县"))
    assert by_code == by_name
    zone = Zone.objects.filter(boundary__isnull=False).first()
    assert named_area(zone.code, reader).name == zone.name
    for text in ("", "无此县", "999999000000", "花\x00垣"):
        with pytest.raises(NotFound):
            named_area(text, reader)


def test_a_name_that_several_divisions_have_is_refused(reader) -> None:
    for county in (HUAYUAN, FENGHUANG):
        township(county, "城关镇")
    with pytest.raises(Rejected):
        named_area("城关镇", reader)


def test_a_township_is_the_box_of_what_is_seen_in_it(make_feature, reader) -> None:
    work = make_feature("water-works", division="433124110226")
    area = named_area("433124110000", reader)
    assert area.shape.contains(work.geom)
    assert area.bounds.east - area.bounds.west < 0.02
    empty = township(HUAYUAN, "空镇")
    with pytest.raises(Rejected):
        named_area(empty.code, reader)


def test_a_reader_of_another_county_makes_no_pack_of_it(features, reader, account) -> None:
    for area in (named_area(FENGHUANG, reader), drawn(*IN_FENGHUANG, half=0.01)):
        with pytest.raises(Forbidden):
            estimate(actor=reader, wish=Wish(area))
    with pytest.raises(Forbidden):
        estimate(actor=account(), wish=Wish(named_area(HUAYUAN, reader)))
