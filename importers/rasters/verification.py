"""Looks at a converted raster as a stranger would: is it what it has to be? Inside the box.

A process of its own does it, so that a reader that a hostile file took over cannot vouch for its
own work.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import MaskFlags
from rio_cogeo.cogeo import cog_validate

from importers.rasters.description import told_number
from importers.rasters.grid import HALF_WORLD_M, TILE, TileBlock, pixel_size
from importers.rasters.inspection import gdal_environment, opened

SAMPLE_SIDE = 1024
"""Statistics are of at most so many pixels a side: for stretching, not for reckoning."""
STRETCH = (2, 98)
TOLERANCE_PIXELS = 1e-3


class NotAligned(Exception):
    """The conversion made something else than it should have: our fault, not the file's."""


def verify(path: Path, block: TileBlock) -> dict[str, Any]:
    """What the file holds, as plain values. Raises NotAligned."""
    with gdal_environment():
        valid, errors, warnings = cog_validate(path, strict=True, quiet=True)
        if not valid:
            raise NotAligned(f"not cloud-optimised: {errors} {warnings}")
        with opened(path, "GTiff") as dataset:
            _check_alignment(dataset, block)
            masked = MaskFlags.per_dataset in dataset.mask_flag_enums[0]
            return {
                "bands": dataset.count,
                "dtype": dataset.dtypes[0],
                "nodata": told_number(dataset.nodata),
                "masked": masked,
                "statistics": [statistics(dataset, band) for band in dataset.indexes],
            }


def _check_alignment(dataset: Any, block: TileBlock) -> None:
    size = pixel_size(block.zoom)
    west, north = block.corner
    found = dataset.transform
    apart = np.abs(
        np.array([found.a, found.b, found.c, found.d, found.e, found.f])
        - np.array([size, 0, west, 0, -size, north])
    )
    right = (
        dataset.crs == rasterio.crs.CRS.from_epsg(3857)
        and (apart < TOLERANCE_PIXELS * size).all()
        and abs(found.a * dataset.width - size * dataset.width) < TOLERANCE_PIXELS * size
        and dataset.shape == (block.height, block.width)
        and set(dataset.block_shapes) == {(TILE, TILE)}
        and dataset.overviews(1) == [1 << level for level in range(1, block.levels + 1)]
    )
    top_tile = TILE * pixel_size(block.min_zoom)
    for edge in (west + HALF_WORLD_M, HALF_WORLD_M - north):
        right = right and abs(edge / top_tile - round(edge / top_tile)) * TILE < TOLERANCE_PIXELS
    if not right:
        raise NotAligned(f"not on the tile grid: {dataset.profile}, {dataset.overviews(1)}")


def statistics(dataset: Any, band: int) -> Mapping[str, float | int]:
    """Least, greatest, mean, deviation and the 2nd and 98th percentile of one band's values.

    Of every n-th pixel, from a whole overview, never of what has no value. Empty without values.
    """
    step = max(1, -(-max(dataset.shape) // SAMPLE_SIDE))
    shape = tuple(max(1, side // step) for side in dataset.shape)
    sample = dataset.read(band, masked=True, out_shape=shape).compressed().astype("float64")
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        return {}
    low, high = np.percentile(sample, STRETCH)
    told = {
        "min": sample.min(),
        "max": sample.max(),
        "mean": sample.mean(),
        "deviation": sample.std(),
        "low": low,
        "high": high,
    }
    return {**{name: float(value) for name, value in told.items()}, "pixels": len(sample)}
