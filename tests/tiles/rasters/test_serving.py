"""Over HTTP: who sees a raster, what browsers keep, what is told of it, and what may go wrong."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.test import Client
from rasterio.env import get_gdal_config, set_gdal_config

from importers.rasters.registering import remove
from layers.models.raster import Raster
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI
from tests.importers.rasters import files
from tests.tiles.rasters.conftest import INSIDE, address, block, pixels, tile_over
from tiles.rasters import serving
from tiles.rasters.asking import Asked
from tiles.rasters.cache import CACHE, ENTRY_BYTES, TileCache
from tiles.rasters.datasets import BLOCK_CACHE_BYTES, POOL, DatasetPool
from tiles.rasters.failures import RasterUnavailable
from tiles.rasters.serving import TileRequest

MISSING = "/rasters/missing/14/13172/6833.png"


@pytest.fixture
def dem(shown) -> Raster:
    return shown(files.slope().astype("float32"), nodata=-9999)


def over(raster: Raster, suffix: str = "png", query: str = "") -> str:
    return address(raster, tile_over(*INSIDE, raster.max_zoom), suffix, query)


# --- Who sees it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (None, None, False),
        ("viewer", FENGHUANG, False),
        ("viewer", HUAYUAN, True),
        ("inspector", SHIBADONG, True),
        ("steward", XIANGXI, True),
    ],
)
def test_who_sees_a_raster(dem, account, signed_in, role, division, sees):
    clients = [signed_in(account(role, division))] + ([Client()] if role is None else [])
    for client in clients:
        for path in (over(dem), f"/rasters/{dem.name}.json"):
            assert client.get(path).status_code == (200 if sees else 404)
        listed = [each["name"] for each in client.get("/api/rasters").json()]
        assert listed == ([dem.name] if sees else [])


def test_a_hidden_raster_answers_like_one_that_does_not_exist(dem, account, signed_in):
    client = signed_in(account("viewer", FENGHUANG))
    tile = tile_over(*INSIDE, dem.max_zoom)
    place = f"{tile.z}/{tile.x}/{tile.y}"
    tails = [
        f"/{place}.png",
        f"/{place}.png?render=slope",
        f"/{place}.png?nonsense=1",
        f"/{place}.jpg?render=terrain-rgb",
        "/3/1/1.png",
        "/99/0/0.png",
        ".json",
        ".json?preset=ndvi",
    ]
    tag = serving.requested(dem, tile, Asked(), "png").tag
    for tail in tails:
        for headers in ({}, {"If-None-Match": f'"{tag}"'}):
            hidden = client.get(f"/rasters/trial{tail}", headers=headers)
            absent = client.get(f"/rasters/other{tail}", headers=headers)
            assert hidden.status_code == absent.status_code == 404
            assert hidden.content == absent.content.replace(b"other", b"trial")
            assert hidden.headers == absent.headers


def test_the_cache_knows_no_reader_but_access_is_asked_before_it(
    dem, chief_client, account, signed_in
):
    assert chief_client.get(over(dem)).status_code == 200
    assert CACHE.bytes_kept > 0
    assert signed_in(account("viewer", FENGHUANG)).get(over(dem)).status_code == 404
    assert Client().get(over(dem)).status_code == 404


def test_everybody_sees_a_public_raster(shown):
    raster = shown(files.picture(), "imagery", public=True, map_number="湘S(2024)001号")
    response = Client().get(over(raster))
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"
    told = Client().get("/rasters/trial.json").json()
    assert "审图号：湘S(2024)001号" in told["attribution"]


def test_a_removed_raster_is_gone(dem, chief, chief_client):
    assert chief_client.get(over(dem)).status_code == 200
    remove(actor=chief, name=dem.name)
    assert chief_client.get(over(dem)).status_code == 404


# --- What browsers keep -------------------------------------------------------------------------


def test_a_tile_that_the_reader_has_costs_no_drawing(dem, chief_client, monkeypatch):
    first = chief_client.get(over(dem))
    monkeypatch.setattr("tiles.rasters.views.tile_bytes", lambda _request: pytest.fail("drawn"))
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}'):
        again = chief_client.get(over(dem), headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == "private, no-cache"


def test_other_parameters_and_formats_have_other_tags(dem, chief_client):
    paths = [
        over(dem),
        over(dem, "webp"),
        over(dem, "png", "?render=slope"),
        over(dem, "png", "?rescale=100,200"),
        over(dem, "png", "?colormap=grey"),
    ]
    assert len({chief_client.get(path)["ETag"] for path in paths}) == len(paths)
    same = chief_client.get(over(dem, "png", "?rescale=100.0,2e2"))
    assert same["ETag"] == chief_client.get(over(dem, "png", "?rescale=100,200"))["ETag"]


def test_a_public_address_with_the_version_may_be_kept_and_no_other(dem, chief_client):
    (template,) = chief_client.get("/rasters/trial.json").json()["tiles"]
    tile = tile_over(*INSIDE, dem.max_zoom)
    path = template.removeprefix("http://testserver").format(z=tile.z, x=tile.x, y=tile.y)
    assert path.endswith("?v=1")
    asked_about = chief_client.get(path)
    assert asked_about["Cache-Control"] == "private, no-cache"
    assert "Cookie" in asked_about["Vary"]
    assert "Authorization" in asked_about["Vary"]
    Raster.objects.update(public=True, map_number="湘S(2026)1号")
    assert chief_client.get(path)["Cache-Control"] == "public, max-age=604800"
    other = chief_client.get(path.replace("v=1", "v=7"))
    assert other["Cache-Control"] == "public, no-cache"


def test_head_has_the_headers_of_get(dem, chief_client):
    head, got = chief_client.head(over(dem)), chief_client.get(over(dem))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert chief_client.post(over(dem)).status_code == 405


def test_a_replaced_raster_is_never_served_stale_and_its_file_is_closed(shown, chief_client):
    old = shown(np.full((200, 200), 500, "float32"), nodata=-9999)
    path = over(old, "png", "?render=terrain-rgb")
    first = chief_client.get(path)
    assert POOL.open_versions("trial") == [1]
    new = shown(np.full((200, 200), 700, "float32"), nodata=-9999, replace=True)
    assert (new.version, old.path.exists()) == (2, False)
    second = chief_client.get(path, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    assert tuple(pixels(second)[128, 128][:3]) == (1, 161, 248)  # (700 + 10000) · 10
    assert POOL.open_versions("trial") == [2]


def test_a_replacement_between_row_and_file_is_seen(shown, chief_client, monkeypatch):
    old = shown(np.full((200, 200), 500, "float32"), nodata=-9999)
    shown(np.full((200, 200), 700, "float32"), nodata=-9999, replace=True)
    rows = [old, Raster.objects.get(name="trial")]
    monkeypatch.setattr("tiles.rasters.views.visible_raster", lambda _user, _name: rows.pop(0))
    found = pixels(chief_client.get(over(old, "png", "?render=terrain-rgb")))
    assert tuple(found[128, 128][:3]) == (1, 161, 248)


# --- What is told -------------------------------------------------------------------------------


def test_tile_json(shown, chief_client):
    raster = shown(files.slope().astype("float32"), nodata=-9999)
    Raster.objects.update(source="省测绘院 <b>2023</b>", licence="内部使用")
    told = chief_client.get("/rasters/trial.json?render=terrain-rgb").json()
    assert told["tilejson"] == "3.0.0"
    assert told["tiles"] == [
        "http://testserver/rasters/trial/{z}/{x}/{y}.png?render=terrain-rgb&v=1"
    ]
    assert told["attribution"] == "省测绘院 &lt;b&gt;2023&lt;/b&gt; · 内部使用"
    assert told["bounds"] == pytest.approx(raster.box, abs=1e-6)
    assert (told["minzoom"], told["maxzoom"]) == (raster.min_zoom - 4, raster.max_zoom)
    assert (told["encoding"], told["tileSize"], told["scheme"]) == ("mapbox", 256, "xyz")
    assert chief_client.get("/rasters/trial.json?preset=evil").status_code == 400


def test_the_list_says_how_each_can_be_drawn(shown, chief_client):
    shown(files.slope().astype("float32"), name="dem")
    shown(files.picture(), "imagery", name="photo")
    dem, photo = chief_client.get("/api/rasters").json()
    assert list(dem["tiles"]) == ["colours", "hillshade", "slope", "terrain-rgb"]
    assert dem["slope_classes"][0] == [2, "#38945c"]
    assert photo["slope_classes"] == []
    assert photo["tiles"] == {"colours": "/rasters/photo/{z}/{x}/{y}.webp?v=1"}


# --- What may go wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("damage", ["missing", "empty", "nonsense", "cut"])
def test_a_file_that_cannot_be_read_is_a_clear_503_without_its_path(
    shown, chief_client, caplog, damage, lossless
):
    noise = np.random.default_rng(5).integers(0, 255, (3, 200, 200), dtype="uint8")
    raster = shown(noise, "imagery", lossless=lossless)
    body = raster.path.read_bytes()
    if damage == "missing":
        raster.path.unlink()
    else:
        kept = {"empty": b"", "nonsense": b"II*\0" + b"\xff" * 900, "cut": body[: len(body) // 2]}
        raster.path.write_bytes(kept[damage])
    tile = tile_over(*INSIDE, raster.max_zoom)
    answers = [chief_client.get(address(raster, tile, suffix)) for suffix in ("png", "jpg")]
    assert [each.status_code for each in answers] == [503, 503]
    assert answers[0].json()["code"] == "unavailable"
    assert "trial" in answers[0].json()["message"]
    assert str(raster.path.parent) not in answers[0].content.decode()
    assert raster.sha256 not in answers[0].content.decode()
    assert "raster trial, version 1, cannot be read" in caplog.text


def test_a_damaged_raster_spoils_no_other_and_can_be_put_right(shown, chief_client):
    noise = np.random.default_rng(5).integers(0, 255, (3, 200, 200), dtype="uint8")
    sound = shown(noise, "imagery", name="sound", lossless=True)
    assert chief_client.get(over(sound)).status_code == 200
    raster = shown(noise, "imagery", lossless=True)
    body = raster.path.read_bytes()
    raster.path.write_bytes(body[: len(body) // 2])
    assert chief_client.get(over(raster)).status_code == 503
    assert chief_client.get(over(sound, "webp")).status_code == 200
    raster.path.write_bytes(body)
    assert chief_client.get(over(raster)).status_code == 200


def test_eight_threads_get_the_same_tiles_as_one(shown):
    raster = shown(
        files.picture(1600, 1600), "imagery", transform=files.Affine(
            files.STEP / 8, 0, files.WEST, 0, -files.STEP / 8, files.NORTH
        ), lossless=True,
    )  # fmt: skip
    middle = tile_over(*INSIDE, raster.max_zoom)
    tiles = [
        middle._replace(x=middle.x + column, y=middle.y + row)
        for column in (-1, 0, 1)
        for row in (-1, 0, 1)
    ]
    asked = [TileRequest(raster, tile, Asked(), "png") for tile in tiles]
    alone = [serving.drawn(each) for each in asked]
    assert len(set(alone)) == len(tiles)
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(serving.drawn, asked * 6))
    assert together == alone * 6
    assert len(POOL.open_versions("trial")) == 1


def test_idle_files_are_bounded_by_number_and_by_time(dem, monkeypatch):
    pool = DatasetPool(most=1, seconds=10)
    now = [0.0]
    monkeypatch.setattr("tiles.rasters.datasets.time.monotonic", lambda: now[0])
    with pool.lent(dem) as first, pool.lent(dem) as second:
        assert first is not second
    assert (first.closed, second.closed) == (False, True)
    now[0] = 11.0
    with pool.lent(dem) as third:
        assert first.closed
    # What comes back after a newer version was lent is closed with it.
    with pool.lent(dem) as stale:
        newer = Raster(name=dem.name, version=2, file=dem.file)
        with pool.lent(newer) as fresh:
            assert third.closed is (third is not stale)
    assert (stale.closed, fresh.closed) == (True, False)
    pool.close()
    assert fresh.closed


def test_gdal_keeps_no_more_blocks_than_it_may(dem, chief_client):
    set_gdal_config("GDAL_CACHEMAX", 512 << 20)
    with POOL.lent(dem):
        assert get_gdal_config("GDAL_CACHEMAX") == BLOCK_CACHE_BYTES
    assert get_gdal_config("GDAL_CACHEMAX") == BLOCK_CACHE_BYTES


def test_the_cache_is_bounded_by_bytes_and_forgets_the_longest_unused():
    cache = TileCache(3 * (1000 + ENTRY_BYTES))
    for key in "abc":
        cache.put(key, bytes(1000))
    assert cache.get("a")
    cache.put("d", bytes(1000))
    assert cache.get("b") is None
    assert all(cache.get(key) for key in "acd")
    cache.put("large", bytes(10_000))
    assert cache.get("large") is None
    assert cache.bytes_kept <= 3 * (1000 + ENTRY_BYTES)


def test_a_tile_is_drawn_once(dem, chief_client, monkeypatch):
    first = chief_client.get(over(dem))
    monkeypatch.setattr(serving, "drawn", lambda _request: pytest.fail("drawn again"))
    assert chief_client.get(over(dem)).content == first.content
    values, _mask = block(dem, tile_over(*INSIDE, dem.max_zoom))
    assert values.any()


def test_a_raster_that_is_missing_altogether(chief_client):
    answer = chief_client.get(MISSING)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    with pytest.raises(RasterUnavailable), POOL.lent(Raster(name="x", version=1, file="none.tif")):
        pass
