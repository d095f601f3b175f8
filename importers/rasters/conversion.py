"""Warps a raster onto the tile grid and writes it as a cloud-optimised GeoTIFF. Inside the box.

Piece by piece, so memory does not grow with the raster; blocks without values are not written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.shutil import copy
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from importers.phrases import gettext_noop
from importers.rasters.description import RasterDescription
from importers.rasters.encoding import LOSSY_QUALITY, RGB, Empty, Encoding
from importers.rasters.grid import TILE, Box, TileBlock, pixel_size
from importers.rasters.inspection import damaged, gdal_environment, opened
from importers.readers.specification import FileProblem

PIECE = 8 * TILE
MERCATOR = CRS.from_epsg(3857)
OPAQUE = 255
HALF = 128
UNPACKED, WARPED = "unpacked.tif", "warped.tif"
_INTERMEDIATE = {
    "driver": "GTiff",
    "tiled": True,
    "blockxsize": TILE,
    "blockysize": TILE,
    "compress": "zstd",
    "zstd_level": 1,
    "bigtiff": "YES",
    "sparse_ok": True,
}


class Tell(Protocol):
    """Told the phase and how much of it is done, from 0 to 1."""

    def __call__(self, phase: str, done: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is to be made of a raster. `crs` is what its ordinates are in, as WKT; `box` is where
    its values lie, in metres of EPSG:3857."""

    source: Path
    found: RasterDescription
    crs: str
    box: Box
    block: TileBlock
    encoding: Encoding


def convert(work: Conversion, target: Path, folder: Path, tell: Tell) -> None:
    """Raises FileProblem. `folder` takes what is needed on the way, and is left clean."""
    warped = folder / WARPED
    with gdal_environment(), _warpable(work, folder, tell) as source:
        try:
            _warp(work, source, warped, tell)
        except RasterioError as error:
            raise damaged(error) from error
    with gdal_environment():
        tell("overviews", 0.0)
        _add_overviews(work, warped)
        tell("writing", 0.0)
        _write(work, warped, target)
    warped.unlink()
    (folder / UNPACKED).unlink(missing_ok=True)


# --- A source that can be read anywhere ---------------------------------------------------------


def _warpable(work: Conversion, folder: Path, tell: Tell) -> Any:
    """The source, first copied into blocks where its rows can be had in their order only."""
    found = work.found
    if found.blocks and not work.encoding.expand:
        return opened(work.source, found.driver)
    with opened(work.source, found.driver) as source:
        try:
            _unpack(work, source, folder / UNPACKED, tell)
        except RasterioError as error:
            raise damaged(error) from error
    return opened(folder / UNPACKED, "GTiff")


def _unpack(work: Conversion, source: Any, target: Path, tell: Tell) -> None:
    colours = _colour_table(source) if work.encoding.expand else None
    count = RGB + 1 if colours is not None else source.count
    profile = {"width": source.width, "height": source.height, "dtype": source.dtypes[0]}
    masked = work.found.masked and colours is None
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            target, "w", **_INTERMEDIATE, **profile, count=count, nodata=source.nodata
        ) as sink,
    ):
        sink.colorinterp = _interpretation(source, colours)
        if colours is None and work.found.palette:
            sink.write_colormap(1, source.colormap(1))
        for top in range(0, source.height, TILE):
            window = Window(0, top, source.width, min(TILE, source.height - top))
            values = source.read(window=window)
            sink.write(
                values if colours is None else _coloured(source, values, colours, window),
                window=window,
            )
            if masked:
                sink.write_mask(source.read_masks(1, window=window), window=window)
            tell("unpacking", (top + window.height) / source.height)


def _colour_table(source: Any) -> NDArray[np.uint8]:
    """Colours by index, shape (256, 4) of red, green, blue, opacity."""
    table = np.zeros((256, RGB + 1), dtype=np.uint8)
    for index, colour in source.colormap(1).items():
        table[index] = colour
    return table


def _coloured(
    source: Any, values: NDArray[Any], colours: NDArray[np.uint8], window: Window
) -> NDArray[np.uint8]:
    """Indices as colours; what the source's own mask or "no data" hides is transparent."""
    bands: NDArray[np.uint8] = np.moveaxis(colours[values[0]], -1, 0)
    bands[RGB][source.read_masks(1, window=window) == 0] = 0
    return bands


def _interpretation(source: Any, colours: NDArray[np.uint8] | None) -> list[ColorInterp]:
    if colours is None:
        return list(source.colorinterp)
    return [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]


# --- Onto the tile grid -------------------------------------------------------------------------


def _warp(work: Conversion, source: Any, target: Path, tell: Tell) -> None:
    encoding, alpha = work.encoding, ColorInterp.alpha in source.colorinterp
    by_mask = encoding.empty is Empty.MASK
    count = source.count - alpha
    options: dict[str, Any] = {
        "src_crs": CRS.from_wkt(work.crs),
        "src_transform": Affine(*work.found.transform),
        "crs": MERCATOR,
        "resampling": Resampling[encoding.warp],
        "src_nodata": work.found.nodata,
        "nodata": None if by_mask else work.found.nodata,
        "add_alpha": by_mask and not alpha,
        **_size(work.block),
    }
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        WarpedVRT(source, **options) as warped,
        rasterio.open(target, "w", **_profile(work, source, count)) as sink,
    ):
        _copy_labels(source, sink, count)
        bands = list(range(1, count + 1))
        for window, done in _pieces(work):
            sink.write(warped.read(bands, window=window), window=window)
            if by_mask:
                opacity = warped.read(warped.count, window=window)
                sink.write_mask(np.where(opacity >= HALF, OPAQUE, 0).astype("uint8"), window=window)
            tell("warping", done)


def _size(block: TileBlock) -> dict[str, Any]:
    size = pixel_size(block.zoom)
    west, north = block.corner
    return {
        "transform": Affine(size, 0, west, 0, -size, north),
        "width": block.width,
        "height": block.height,
    }


def _profile(work: Conversion, source: Any, count: int) -> dict[str, Any]:
    by_value = work.encoding.empty is Empty.VALUE
    rgb = {"photometric": "RGB"} if count == RGB and work.found.dtype == "uint8" else {}
    return {
        **_INTERMEDIATE,
        **_size(work.block),
        **rgb,
        "crs": MERCATOR,
        "count": count,
        "dtype": source.dtypes[0],
        "nodata": work.found.nodata if by_value else None,
    }


def _copy_labels(source: Any, sink: Any, count: int) -> None:
    """What the values mean: colours, names, and scale (int16 decimetres are common)."""
    if source.colorinterp[0] is ColorInterp.palette:
        sink.write_colormap(1, source.colormap(1))
    elif any(each is not ColorInterp.undefined for each in source.colorinterp[:count]):
        sink.colorinterp = source.colorinterp[:count]
    sink.scales, sink.offsets = source.scales[:count], source.offsets[:count]
    sink.descriptions = source.descriptions[:count]


def _pieces(work: Conversion) -> Iterator[tuple[Window, float]]:
    """Windows of whole blocks where the raster is, and how much is done after each."""
    block = work.block
    left, top, right, bottom = block.pixels(work.box)
    corners = [
        (column, row)
        for row in range(top // TILE * TILE, bottom, PIECE)
        for column in range(left // TILE * TILE, right, PIECE)
    ]
    for number, (column, row) in enumerate(corners, start=1):
        width, height = min(PIECE, block.width - column), min(PIECE, block.height - row)
        yield Window(column, row, width, height), number / len(corners)


# --- As a cloud-optimised file ------------------------------------------------------------------


def _add_overviews(work: Conversion, path: Path) -> None:
    factors = [1 << level for level in range(1, work.block.levels + 1)]
    if not factors:
        return
    options = {"COMPRESS_OVERVIEW": "ZSTD", "SPARSE_OK_OVERVIEW": "ON", "BIGTIFF_OVERVIEW": "YES"}
    with (
        rasterio.Env(**options, GDAL_TIFF_OVR_BLOCKSIZE=TILE),
        rasterio.open(path, "r+") as dataset,
    ):
        dataset.build_overviews(factors, Resampling[work.encoding.overview])


def _write(work: Conversion, source: Path, target: Path) -> None:
    encoding = work.encoding
    options: dict[str, Any] = {
        "BLOCKSIZE": TILE,
        "COMPRESS": encoding.compression,
        "BIGTIFF": "IF_SAFER",
        "SPARSE_OK": "TRUE",
        # A raster of one tile has none, and none are to be made.
        "OVERVIEWS": "FORCE_USE_EXISTING" if work.block.levels else "NONE",
    }
    if encoding.lossy:
        options["QUALITY"] = LOSSY_QUALITY
    else:
        options["PREDICTOR"] = {1: "NO", 2: "STANDARD", 3: "FLOATING_POINT"}[encoding.predictor]
    try:
        copy(source, target, driver="COG", **options)
    except RasterioError as error:
        raise FileProblem(
            gettext_noop("The converted raster could not be written: %(reason)s"),
            remedy=gettext_noop("Cut it into pieces, or see that the disk has room."),
            reason=str(error)[:300],
        ) from error
