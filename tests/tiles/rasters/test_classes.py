"""Classes: the colours of the file's table, exactly, and ours where it has none."""

import io

import numpy as np
import pytest
import rasterio
from PIL import Image

from tests.tiles.rasters.conftest import INSIDE, address, block, pixels, tile_over
from tiles.rasters.colours import CLASS_COLOURS
from tiles.rasters.drawing import Picture
from tiles.rasters.encoding import encoded

TABLE = {1: (0, 100, 0, 255), 2: (200, 180, 20, 255), 3: (30, 60, 220, 255), 7: (90, 9, 9, 255)}


def land_cover() -> np.ndarray:
    row, column = np.mgrid[0:200, 0:200]
    return np.array([0, 1, 2, 3, 7])[(row // 15 + column // 20) % 5].astype("uint8")


def with_table(path):
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, TABLE)


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_classes_have_exactly_the_colours_of_the_files_table(shown, chief_client, suffix):
    raster = shown(land_cover(), "thematic", nodata=0, prepare=with_table)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile, suffix)))
    assert (mask > 0).any()
    for value, colour in TABLE.items():
        here = (values[0] == value) & (mask > 0)
        assert here.any()
        assert (found[here] == colour).all()
    assert (found[mask == 0][:, 3] == 0).all()


def test_classes_without_a_table_are_told_apart(shown, chief_client):
    raster = shown(land_cover(), "thematic", nodata=0)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile)))
    for value in (1, 2, 3, 7):
        here = (values[0] == value) & (mask > 0)
        assert (found[here][:, :3] == CLASS_COLOURS[value]).all()


def test_enlarged_and_reduced_classes_are_never_mixed(shown, chief_client):
    raster = shown(land_cover(), "thematic", nodata=0, prepare=with_table)
    for zoom in (raster.max_zoom + 2, raster.min_zoom - 1):
        found = pixels(chief_client.get(address(raster, tile_over(*INSIDE, zoom))))
        colours = {tuple(each) for each in found[found[..., 3] > 0]}
        assert colours <= set(TABLE.values())
        assert len(colours) >= 2


def test_classes_travel_as_a_palette(shown, chief_client):
    raster = shown(land_cover(), "thematic", nodata=0, prepare=with_table)
    answer = chief_client.get(address(raster, tile_over(*INSIDE, raster.max_zoom)))
    assert Image.open(io.BytesIO(answer.content)).mode == "P"


@pytest.mark.parametrize("suffix", ["png", "webp"])
@pytest.mark.parametrize("most", [1, 15, 254, 255])
@pytest.mark.parametrize("gaps", [False, True])
def test_any_number_of_colours_is_drawn_exactly(suffix, most, gaps):
    """Also of all 256, which leave no place for a transparent one."""
    table = np.random.default_rng(most).integers(0, 256, (256, 3)).astype("uint8")
    places = np.random.default_rng(7).integers(0, most + 1, (256, 256)).astype("uint8")
    visible = np.random.default_rng(8).random((256, 256)) < 0.9 if gaps else None
    body = encoded(Picture(places, visible, table), suffix, exact=True)
    found = np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))
    shown = np.ones((256, 256), bool) if visible is None else visible
    assert np.array_equal(found[..., 3] > 0, shown)
    assert np.array_equal(found[..., :3][shown], table[places][shown])


def test_wide_classes_have_the_same_colours_as_bytes(shown, chief_client):
    raster = shown(land_cover().astype("int16") + 300, "thematic", nodata=300)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile)))
    for value in (301, 302, 303, 307):
        here = (values[0] == value) & (mask > 0)
        assert here.any()
        assert (found[here][:, :3] == CLASS_COLOURS[value % len(CLASS_COLOURS)]).all()
    assert (found[mask == 0][:, 3] == 0).all()


def test_classes_are_refused_as_jpeg(shown, chief_client):
    raster = shown(land_cover(), "thematic", nodata=0)
    answer = chief_client.get(address(raster, tile_over(*INSIDE, raster.max_zoom), "jpg"))
    assert answer.status_code == 400
    assert answer.json()["remedy"] == "Ask for .png or .webp."
