"""The values of a tile: of the raster's own zooms straight from its blocks, else by rio-tiler."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.windows import Window

from layers.models.raster import Raster, RasterKind
from tiles.coordinates import Tile
from tiles.rasters.grid import TILE, Block, block_of, tile_box

Mask = NDArray[np.bool_]

Resampling = Literal["nearest", "bilinear", "cubic"]
RESAMPLINGS: dict[RasterKind, Resampling] = {
    RasterKind.IMAGERY: "bilinear",
    RasterKind.ELEVATION: "bilinear",
    RasterKind.THEMATIC: "nearest",
}
ALL_VALID = [MaskFlags.all_valid]
SMOOTH: Resampling = "cubic"
"""For gradients: those of a bilinear surface jump at every pixel, and enlarged one sees facets."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """`values` as stored, shape (bands, rows, columns); `valid` of the same shape, or one band's
    for all, or None where every pixel has a value."""

    values: NDArray[Any]
    valid: Mask | None

    @property
    def anywhere(self) -> Mask | None:
        """Pixels with a value in one band at least; None for all."""
        return None if self.valid is None else np.logical_or.reduce(self.valid, axis=0)

    @property
    def everywhere(self) -> Mask | None:
        """Pixels with a value in every band; None for all."""
        return None if self.valid is None else np.logical_and.reduce(self.valid, axis=0)


def read(
    dataset: Any, raster: Raster, tile: Tile, bands: Sequence[int], *, margin: int = 0
) -> Pixels:
    """256 × 256 pixels, and `margin` more on each side; outside the file there is no value."""
    if raster.min_zoom <= tile.z <= raster.max_zoom:
        return _blocks(dataset, block_of(dataset, raster.max_zoom, tile), list(bands), margin)
    smooth = SMOOTH if margin and tile.z > raster.max_zoom else RESAMPLINGS[RasterKind(raster.kind)]
    # Here, because it takes as long to import as all of the service, and every command would wait.
    from rio_tiler import reader

    found = reader.part(
        dataset,
        tile_box(tile),
        width=TILE,
        height=TILE,
        indexes=list(bands),
        buffer=margin or None,
        resampling_method=smooth,
    ).array
    return Pixels(found.data, _finite(found.data, ~np.ma.getmaskarray(found)))


def _blocks(dataset: Any, block: Block, bands: list[int], margin: int) -> Pixels:
    """From the overview that has the tile's very pixels: nothing is resampled."""
    step = 1 << block.halvings
    columns, rows = dataset.width // step, dataset.height // step
    left, top = block.column * TILE - margin, block.row * TILE - margin
    right, bottom = left + TILE + 2 * margin, top + TILE + 2 * margin
    inside = (max(left, 0), max(top, 0), min(right, columns), min(bottom, rows))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return _nothing(dataset, bands, margin)
    found = _window(dataset, bands, inside, step)
    if inside == (left, top, right, bottom):
        return found
    return _padded(found, inside[0] - left, inside[1] - top, TILE + 2 * margin)


def _window(dataset: Any, bands: list[int], inside: tuple[int, int, int, int], step: int) -> Pixels:
    left, top, right, bottom = inside
    size = (bottom - top, right - left)
    window = Window(left * step, top * step, size[1] * step, size[0] * step)
    values = dataset.read(bands, window=window, out_shape=(len(bands), *size))
    return Pixels(values, _valid(dataset, values, window, size))


def _valid(
    dataset: Any, values: NDArray[Any], window: Window, size: tuple[int, int]
) -> Mask | None:
    nodata = dataset.nodata
    if nodata is not None:
        return _finite(values, None if math.isnan(nodata) else values != nodata)
    if dataset.mask_flag_enums[0] == ALL_VALID:
        return _finite(values, None)
    mask = dataset.read_masks(1, window=window, out_shape=size)
    return _finite(values, None if mask.all() else mask[np.newaxis] != 0)


def _finite(values: NDArray[Any], valid: Mask | None) -> Mask | None:
    """Not a number is no value, whatever the file says."""
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        valid = finite if valid is None else valid & finite
    return None if valid is None or valid.all() else valid


def _nothing(dataset: Any, bands: list[int], margin: int) -> Pixels:
    shape = (len(bands), TILE + 2 * margin, TILE + 2 * margin)
    return Pixels(np.zeros(shape, dataset.dtypes[0]), np.zeros(shape, bool))


def _padded(found: Pixels, left: int, top: int, side: int) -> Pixels:
    bands, rows, columns = found.values.shape
    place = (slice(None), slice(top, top + rows), slice(left, left + columns))
    values = np.zeros((bands, side, side), found.values.dtype)
    valid = np.zeros((bands, side, side), bool)
    values[place] = found.values
    valid[place] = True if found.valid is None else found.valid
    return Pixels(values, valid)
