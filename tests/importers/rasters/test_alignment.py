"""What comes out lies on the grid of web tiles, and its values are where they were."""

import math

import morecantile
import numpy as np
import pytest
from pyproj import Transformer
from rasterio.transform import Affine
from rasterio.windows import Window
from rio_cogeo.cogeo import cog_info, cog_validate

from importers.rasters.grid import Box, block_around, mercator, zoom_of
from tests.importers.rasters import files

WEB = morecantile.tms.get("WebMercatorQuad")
TO_DEGREES = Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)


def places_of_values(dataset, transform=files.DEGREES):
    """Rows and columns of the converted pixels that lie at least a pixel inside the source, and
    what the plane of files.slope is at their middles."""
    rows, columns = np.nonzero(dataset.read_masks(1))
    x, y = dataset.transform @ (columns + 0.5, rows + 0.5)
    column, row = ~transform @ TO_DEGREES.transform(x, y)
    inside = (column > 1) & (column < files.SIDE - 1) & (row > 1) & (row < files.SIDE - 1)
    assert inside.sum() > 20_000
    plane = 100.0 + (column - 0.5) + 2.0 * (row - 0.5)
    return rows[inside], columns[inside], plane[inside]


@pytest.mark.usefixtures("unboxed")
def test_elevation_is_where_it_was_to_a_hundredth_of_a_pixel(opened, tmp_path):
    path = files.raster(tmp_path / "a.tif", files.slope().astype("float32"), nodata=-9999)
    with opened(path) as dataset:
        rows, columns, plane = places_of_values(dataset)
        assert np.abs(dataset.read(1)[rows, columns] - plane).max() < 0.01
        assert dataset.nodata == -9999


@pytest.mark.usefixtures("unboxed")
def test_the_file_is_cloud_optimised_and_its_blocks_are_web_tiles(opened, tmp_path):
    values = files.slope(1200, 900).astype("float32")
    finer = Affine(files.STEP / 5, 0, files.WEST, 0, -files.STEP / 5, files.NORTH)
    with opened(files.raster(tmp_path / "a.tif", values, transform=finer)) as dataset:
        valid, errors, warnings = cog_validate(dataset.name, strict=True, quiet=True)
        assert (valid, errors, warnings) == (True, [], [])
        told = cog_info(dataset.name)
        assert told.GEO.MaxZoom == 16
        assert set(dataset.block_shapes) == {(256, 256)}
        assert dataset.overviews(1) == [2, 4]
        for level, zoom in enumerate(range(16, 13, -1)):
            west, north = dataset.transform @ (0, 0)
            tile = WEB.tile(*TO_DEGREES.transform(west + 1, north - 1), zoom)
            corner = WEB.xy_bounds(tile)
            assert (west, north) == pytest.approx((corner.left, corner.top), abs=1e-4)
            side = (corner.right - corner.left) / 256
            assert dataset.transform.a * 2**level == pytest.approx(side, rel=1e-9)
        assert dataset.width // 256 // 4 <= 2


@pytest.mark.usefixtures("unboxed")
def test_a_block_is_the_tile_that_a_reader_asks_for(opened, tmp_path):
    path = files.raster(tmp_path / "a.tif", files.slope().astype("float32"))
    with opened(path) as dataset:
        rows, columns = np.nonzero(dataset.read_masks(1))
        row, column = int(np.median(rows)) // 256, int(np.median(columns)) // 256
        window = Window(column * 256, row * 256, 256, 256)
        tile = WEB.tile(109.46, 28.59, 14)
        assert dataset.window_bounds(window) == pytest.approx(WEB.xy_bounds(tile), abs=1e-3)


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize("epsg", [4525, 4546, 4497, 4326, 32649])
def test_every_accepted_projection_brings_a_corner_home(imported, tmp_path, epsg):
    there = Transformer.from_crs("EPSG:4490", f"EPSG:{epsg}", always_xy=True)
    west, north = there.transform(files.WEST, files.NORTH)
    size = files.STEP if epsg == 4326 else 10
    path = files.raster(
        tmp_path / "a.tif",
        files.slope().astype("float32"),
        transform=Affine(size, 0, west, 0, -size, north),
        crs=f"EPSG:{epsg}",
    )
    report = imported(path)
    corner = Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4490", always_xy=True)
    outline = np.array([(0, 0), (200, 0), (200, 200), (0, 200)]) * (size, -size) + (west, north)
    longitudes, latitudes = corner.transform(*outline.T)
    expected = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    # An edge bends outwards between its corners by less than a centimetre here.
    assert report.place.bounds == pytest.approx(expected, abs=1e-7)
    assert report.raster.box == pytest.approx(report.place.bounds)
    assert report.place.datum.name == f"EPSG:{epsg}"
    ground = files.STEP * 111_000 * math.cos(math.radians(28.6)) ** 0.5 if epsg == 4326 else 10
    assert report.place.resolution_m == pytest.approx(ground, rel=0.01)


@pytest.mark.usefixtures("unboxed")
def test_a_turned_raster_is_set_upright(opened, tmp_path):
    turned = Affine.translation(files.WEST, files.NORTH) @ Affine.rotation(-30)
    turned = turned @ Affine.scale(files.STEP, -files.STEP)
    path = files.raster(tmp_path / "a.tif", files.slope().astype("float32"), transform=turned)
    with opened(path) as dataset:
        rows, columns, plane = places_of_values(dataset, turned)
        assert np.abs(dataset.read(1)[rows, columns] - plane).max() < 0.1


@pytest.mark.parametrize(
    ("size", "finest", "zoom"),
    [(1.2, False, 17), (0.85, False, 17), (0.84, False, 18), (1.2, True, 17), (1.19, True, 18)],
)
def test_the_zoom_is_the_nearest_and_for_classes_the_next_finer(size, finest, zoom):
    # Pixels of zoom 17 span 1.194 m.
    assert zoom_of(size, finest=finest) == zoom


def test_a_raster_on_the_grid_keeps_its_tiles():
    tile = WEB.xy_bounds(morecantile.Tile(106112, 55104, 17))
    block = block_around(Box(tile.left, tile.bottom, tile.right, tile.top), 17)
    assert (block.left, block.top, block.right, block.bottom) == (106112, 55104, 106113, 55105)
    assert (block.levels, block.width) == (0, 256)


def test_a_raster_across_the_edge_of_large_tiles_does_not_grow_to_the_whole_country():
    # 112.5° E is an edge of tiles at every zoom from 4 on.
    west, south = mercator(112.499, 27.0)
    east, north = mercator(112.501, 27.001)
    block = block_around(Box(west, south, east, north), 18)
    assert block.width <= 4 * (east - west) / 0.597 + 512
    assert all(side % (1 << block.levels) == 0 for side in (block.left, block.top, block.right))


def test_mercator_is_projs():
    there = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    assert mercator(111.5, 27.5) == pytest.approx(there.transform(111.5, 27.5), abs=1e-6)
