"""Pictures: a tile is its block, in each format, with nothing where there is nothing."""

import io

import numpy as np
import pytest
import rasterio
from PIL import Image

from tests.importers.rasters import files
from tests.tiles.rasters.conftest import INSIDE, address, block, pixels, tile_over
from tiles.rasters import stored

FINER = rasterio.transform.Affine(
    files.STEP / 8, 0, files.WEST, 0, -files.STEP / 8, files.NORTH
)  # A raster of 1600 pixels a side: blocks without an edge, and three overviews.


def large_picture():
    return files.picture(1600, 1600)


def test_a_tile_is_the_very_block_at_each_of_the_rasters_zooms(shown, chief_client):
    raster = shown(large_picture(), "imagery", transform=FINER, lossless=True)
    assert raster.max_zoom - raster.min_zoom >= 2
    for zoom in range(raster.min_zoom, raster.max_zoom + 1):
        tile = tile_over(*INSIDE, zoom)
        values, mask = block(raster, tile)
        found = pixels(chief_client.get(address(raster, tile)))
        assert np.array_equal(found[..., 3], mask)
        visible = mask > 0
        assert visible.any()
        assert np.array_equal(found[..., :3][visible], np.moveaxis(values, 0, -1)[visible])


def test_what_lies_outside_the_picture_is_transparent_and_white_in_jpeg(shown, chief_client):
    raster = shown(files.picture(), "imagery")
    tile = tile_over(109.4501, 28.5999, raster.max_zoom)
    _values, mask = block(raster, tile)
    assert 0 < (mask > 0).mean() < 1
    for suffix in ("png", "webp"):
        found = pixels(chief_client.get(address(raster, tile, suffix)))
        assert np.array_equal(found[..., 3], mask)
    white = pixels(chief_client.get(address(raster, tile, "jpg")), "RGB")
    corner = white[:64, :64][mask[:64, :64] == 0]
    assert corner.min() > 240


def test_a_stored_jpeg_block_is_handed_on_without_a_second_loss(shown, chief_client, monkeypatch):
    raster = shown(large_picture(), "imagery", transform=FINER)
    for zoom in (raster.max_zoom, raster.max_zoom - 1):
        tile = tile_over(*INSIDE, zoom)
        values, mask = block(raster, tile)
        assert mask.all()
        response = chief_client.get(address(raster, tile, "jpg"))
        assert response["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(response.content)).info["jfif"]
        # The same coefficients: two decoders differ by their rounding alone.
        apart = pixels(response, "RGB").astype(int) - np.moveaxis(values, 0, -1)
        assert np.abs(apart).max() <= 4
        # And it is no other encoding of the same picture.
        assert response.content[-1000:] in raster.path.read_bytes()


def test_other_formats_show_the_same_picture(shown, chief_client):
    raster = shown(large_picture(), "imagery", transform=FINER)
    tile = tile_over(*INSIDE, raster.max_zoom)
    exact = pixels(chief_client.get(address(raster, tile))).astype(int)
    for suffix, media_type in (("webp", "image/webp"), ("jpg", "image/jpeg")):
        response = chief_client.get(address(raster, tile, suffix))
        assert response["Content-Type"] == media_type
        assert np.abs(pixels(response).astype(int) - exact)[..., :3].mean() < 4
    assert chief_client.get(address(raster, tile, "tiff")).status_code == 404


def test_zooms_beyond_the_rasters_own_show_the_same_place(shown, chief_client):
    raster = shown(large_picture(), "imagery", transform=FINER, lossless=True)
    own = tile_over(*INSIDE, raster.max_zoom)
    block_colours = pixels(chief_client.get(address(raster, own)))
    enlarged = tile_over(*INSIDE, raster.max_zoom + 2)
    found = pixels(chief_client.get(address(raster, enlarged)))
    column, row = (enlarged.x - own.x * 4) * 64, (enlarged.y - own.y * 4) * 64
    part = block_colours[row : row + 64, column : column + 64, :3].mean(axis=(0, 1))
    assert np.abs(found[..., :3].mean(axis=(0, 1)) - part).max() < 1
    assert (found[..., 3] == 255).all()
    small = tile_over(*INSIDE, raster.min_zoom - 2)
    reduced = pixels(chief_client.get(address(raster, small)))
    visible = reduced[..., 3] > 0
    assert 0 < visible.mean() < 0.3
    # It lies where its box says, to a pixel.
    west, south, east, north = raster.box
    from tests.tiles.rasters.conftest import WEB

    left, top = WEB.xy_bounds(small.x, small.y, small.z)[0], WEB.xy_bounds(*small[1:], small.z)[3]
    size = (WEB.xy_bounds(small.x, small.y, small.z)[2] - left) / 256
    corner, opposite = WEB.xy(west, north), WEB.xy(east, south)
    columns, rows = np.nonzero(visible.any(axis=0))[0], np.nonzero(visible.any(axis=1))[0]
    assert columns[0] == pytest.approx((corner[0] - left) / size, abs=1.5)
    assert columns[-1] + 1 == pytest.approx((opposite[0] - left) / size, abs=1.5)
    assert rows[0] == pytest.approx((top - corner[1]) / size, abs=1.5)
    assert rows[-1] + 1 == pytest.approx((top - opposite[1]) / size, abs=1.5)


def test_outside_the_box_is_204_and_outside_the_zooms_404(shown, chief_client):
    raster = shown(files.picture(), "imagery")
    elsewhere = tile_over(111.0, 27.0, raster.max_zoom)
    answer = chief_client.get(address(raster, elsewhere))
    assert (answer.status_code, answer.content) == (204, b"")
    for zoom in (raster.min_zoom - 5, raster.max_zoom + 5):
        assert chief_client.get(address(raster, tile_over(*INSIDE, zoom))).status_code == 404
    for path in ("14/16384/3", f"14/3/{10**30}", f"{10**30}/0/0"):
        assert chief_client.get(f"/rasters/trial/{path}.png").status_code == 404


def test_16_bits_are_stretched_between_the_stored_percentiles(shown, chief_client):
    values = (np.arange(40_000).reshape(1, 200, 200) // 10 + 1000).astype("uint16")
    values[0, 0, 0] = 65_000  # one glint, which must not darken all else
    raster = shown(values, "imagery")
    tile = tile_over(*INSIDE, raster.max_zoom)
    stored_values, mask = block(raster, tile)
    known = raster.statistics[0]
    share = (stored_values[0].astype(float) - known["low"]) / (known["high"] - known["low"])
    expected = np.round(share.clip(0, 1) * 255)
    found = pixels(chief_client.get(address(raster, tile)), "LA")
    assert np.array_equal(found[..., 0][mask > 0], expected[mask > 0])
    assert known["high"] < 6000
    assert np.ptp(found[..., 0][mask > 0]) > 150


def test_four_bands_are_drawn_as_their_red_green_and_blue(shown, chief_client):
    bands = np.concatenate([files.picture(), np.full((1, 200, 200), 200, "uint8")])[[3, 2, 1, 0]]

    def name_bands(path):
        with rasterio.open(path, "r+") as dataset:
            dataset.descriptions = ("近红外", "Blue", "Green", "Red")

    raster = shown(bands, "imagery", photometric="MINISBLACK", prepare=name_bands)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile)))
    visible = mask > 0
    assert np.array_equal(found[..., :3][visible], np.moveaxis(values[[3, 2, 1]], 0, -1)[visible])


def test_a_block_that_is_not_in_the_file_is_no_jpeg(shown):
    raster = shown(files.picture(), "imagery")
    with rasterio.open(raster.path) as dataset:
        assert stored.stored_jpeg(dataset, stored.Block(0, 500, 500)) is None
