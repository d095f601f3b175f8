"""What the values are is kept: colours, classes, depth, and what has none."""

import math

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import Affine

from tests.importers.rasters import files

pytestmark = pytest.mark.usefixtures("unboxed")


def middle(dataset, *, half=20):
    """A window in the middle of what has values, shape (bands, 2·half, 2·half)."""
    rows, columns = np.nonzero(dataset.dataset_mask())
    row, column = int(np.median(rows)), int(np.median(columns))
    return dataset.read(window=((row - half, row + half), (column - half, column + half)))


def test_a_picture_becomes_a_small_jpeg_with_a_mask(opened, tmp_path):
    with opened(files.raster(tmp_path / "a.tif", files.picture()), "imagery") as dataset:
        assert dataset.compression.name == "jpeg"
        assert dataset.nodata is None
        mask = dataset.dataset_mask()
        assert set(np.unique(mask)) == {0, 255}
        red, green, blue = middle(dataset).astype(int)
        assert np.abs(blue - 120).max() <= 3
        assert np.abs(red.mean() - 125) < 6
        assert np.abs(green.mean() - 125) < 6


def test_a_picture_can_be_kept_exactly(opened, tmp_path):
    values = np.full((3, 200, 200), 77, dtype="uint8")
    with opened(files.raster(tmp_path / "a.tif", values), "imagery", lossless=True) as dataset:
        assert dataset.compression.name == "deflate"
        assert (middle(dataset) == 77).all()


def test_black_that_is_no_data_is_masked_and_dark_blue_is_not(opened, tmp_path):
    values = np.zeros((3, 200, 200), dtype="uint8")
    values[2, :, 100:] = 50
    path = files.raster(tmp_path / "a.tif", values, nodata=0)
    with opened(path, "imagery", lossless=True) as dataset:
        seen = dataset.read_masks().any(axis=0)
        _rows, columns = np.nonzero(seen)
        width = (columns.max() + 1 - columns.min()) * dataset.transform.a
        assert width == pytest.approx(100 * files.STEP * 111_319.49, rel=0.05)


def test_transparency_becomes_the_mask(opened, tmp_path):
    opacity = np.zeros((1, 200, 200), dtype="uint8")
    opacity[0, :100] = 255
    path = files.raster(tmp_path / "a.tif", np.concatenate([files.picture(), opacity]))
    with rasterio.open(path, "r+") as dataset:
        dataset.colorinterp = [
            ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha,
        ]  # fmt: skip
    with opened(path, "imagery") as dataset:
        assert dataset.count == 3
        rows, _columns = np.nonzero(dataset.dataset_mask())
        height = (rows.max() + 1 - rows.min()) * dataset.transform.a
        expected = 100 * files.STEP * 111_319.49 / math.cos(math.radians(28.59))
        assert height == pytest.approx(expected, rel=0.05)


def test_a_mask_beside_the_bands_is_kept(opened, tmp_path):
    path = tmp_path / "a.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        files.raster(path, files.picture())
        with rasterio.open(path, "r+") as dataset:
            mask = np.zeros((200, 200), dtype="uint8")
            mask[:, :50] = 255
            dataset.write_mask(mask)
    with opened(path, "imagery") as dataset:
        _rows, columns = np.nonzero(dataset.dataset_mask())
        width = (columns.max() + 1 - columns.min()) * dataset.transform.a
        assert width == pytest.approx(50 * files.STEP * 111_319.49, rel=0.08)


def test_sixteen_bits_stay_sixteen_bits_and_are_measured_for_stretching(imported, tmp_path):
    values = np.stack([files.slope() * 10] * 4).astype("uint16")
    report = imported(files.raster(tmp_path / "a.tif", values, nodata=0), "imagery")
    raster = report.raster
    assert (raster.bands, raster.dtype, raster.nodata) == (4, "uint16", 0)
    first = raster.statistics[0]
    assert first["min"] == pytest.approx(1000, abs=40)
    assert first["max"] == pytest.approx(6970, abs=40)
    assert first["low"] == pytest.approx(np.percentile(values[0], 2), rel=0.05)
    assert first["high"] == pytest.approx(np.percentile(values[0], 98), rel=0.02)
    assert len(raster.statistics) == 4


def test_classes_are_picked_and_never_mixed(opened, tmp_path):
    values = np.full((900, 900), 10, dtype="uint8")
    values[::2] = 50
    path = files.raster(tmp_path / "a.tif", values, nodata=255)
    with opened(path, "thematic") as dataset:
        assert set(np.unique(dataset.read(1))) == {10, 50, 255}
        with rasterio.open(dataset.name, overview_level=0) as smaller:
            assert set(np.unique(smaller.read(1))) <= {10, 50, 255}


def test_classes_keep_their_colours(opened, tmp_path):
    path = files.raster(tmp_path / "a.tif", np.full((200, 200), 50, dtype="uint8"), nodata=255)
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {10: (255, 0, 0, 255), 50: (0, 0, 255, 255)})
    with opened(path, "thematic") as dataset:
        assert dataset.colormap(1)[50] == (0, 0, 255, 255)


def test_the_colours_of_a_scanned_map_are_mixed_and_not_their_numbers(opened, tmp_path):
    values = np.full((200, 200), 3, dtype="uint8")
    values[:, 100:] = 9
    path = files.raster(tmp_path / "a.tif", values)
    with rasterio.open(path, "r+") as dataset:
        dataset.write_colormap(1, {3: (200, 40, 40, 255), 9: (40, 40, 200, 255)})
    with opened(path, "imagery", lossless=True) as dataset:
        assert dataset.count == 3
        bands = middle(dataset)
        assert (bands[1] == 40).all()
        assert (bands[0].astype(int) + bands[2] == 240).all()


@pytest.mark.parametrize("nodata", [-32767.0, -9999.0, math.nan, None])
def test_elevation_without_a_value_stays_without(opened, tmp_path, nodata):
    values = files.slope().astype("float32")
    values[:, 100:] = math.nan if nodata is None else nodata
    with opened(files.raster(tmp_path / "a.tif", values, nodata=nodata)) as dataset:
        kept = dataset.read(1, masked=True)
        assert np.isfinite(kept.compressed()).all()
        assert kept.min() >= 99
        assert kept.max() < 600
        expected = math.nan if nodata is None else nodata
        assert dataset.nodata == pytest.approx(expected, nan_ok=True)
        _rows, columns = np.nonzero(~kept.mask)
        width = (columns.max() + 1 - columns.min()) * dataset.transform.a
        assert width == pytest.approx(100 * files.STEP * 111_319.49, rel=0.05)


def test_a_no_data_value_that_cannot_occur_is_left_out(imported, tmp_path):
    path = files.raster(tmp_path / "a.tif", files.picture(), nodata=255)
    path.write_bytes(path.read_bytes().replace(b"255\0", b"999\0", 1))
    assert imported(path, "imagery").description.nodata is None


def test_scale_and_names_of_bands_are_kept(opened, tmp_path):
    path = files.raster(tmp_path / "a.tif", files.slope().astype("int16"), nodata=-32768)
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.1,), (5.0,)
        dataset.descriptions = ("高程",)
    with opened(path) as dataset:
        assert dataset.scales == (0.1,)
        assert dataset.offsets == (5.0,)
        assert dataset.descriptions == ("高程",)


def test_nothing_is_written_where_there_are_no_values(imported, tmp_path):
    far = Affine(files.STEP, 0, files.WEST, 0, -files.STEP, files.NORTH)
    values = np.random.default_rng(5).integers(0, 255, (3, 200, 200), dtype="uint8")
    report = imported(files.raster(tmp_path / "a.tif", values, transform=far), "imagery")
    with rasterio.open(report.raster.path) as dataset:
        assert dataset.width * dataset.height > 4 * 200 * 200
        assert report.size < 200 * 200 * 3
