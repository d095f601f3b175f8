"""Opens a delivered raster and says what it is, or why it is not taken. Runs inside the box."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from importers.phrases import gettext_noop
from importers.rasters.delivery import Delivered, Transform
from importers.rasters.description import DTYPES, RasterDescription
from importers.rasters.png import check_chunks
from importers.readers.specification import FileProblem

MOST_BANDS = 16
MOST_SIDE = 500_000
MOST_BYTES = 16 << 30
"""Unpacked: 5 cm pictures of 3.5 km × 3.5 km, or elevation at 12 m of the whole province twice."""
MOST_RATIO = 2000
"""Land cover in broad areas shrinks some 500 times."""
RATIO_MATTERS_FROM = 256 << 20
CACHE_BYTES = 256 << 20
SEVERAL_ROWS = 2048
"""A strip as wide as the image is read whole for each piece of it: harmless below this width."""


def gdal_environment() -> rasterio.Env:
    """No neighbours are looked for, no .aux.xml is read or written, warnings of a decoder that
    fills up what is missing are errors."""
    return rasterio.Env(
        GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR",
        GDAL_PAM_ENABLED="NO",
        GDAL_ERROR_ON_LIBJPEG_WARNING="TRUE",
        GDAL_CACHEMAX=CACHE_BYTES,
        GDAL_NUM_THREADS=1,
        OSR_USE_APPROX_TMERC="NO",
    )


@contextmanager
def opened(path: Path, driver: str) -> Iterator[Any]:
    """The dataset, by that driver and no other; what GDAL says against it is a FileProblem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.open(path, driver=driver, sharing=False) as dataset:
                yield dataset
        except RasterioError as error:
            raise damaged(error) from error


def damaged(error: Exception) -> FileProblem:
    told = error.__cause__ or error
    return FileProblem(
        gettext_noop("The raster cannot be read: %(reason)s"),
        remedy=gettext_noop("It may be damaged or cut short: export or send it again."),
        reason=str(told)[:300],
    )


def describe(found: Delivered) -> RasterDescription:
    """Raises FileProblem for what is damaged, too large, or has no place."""
    if found.format.driver == "PNG":
        check_chunks(found.raster)
    with opened(found.raster, found.format.driver) as dataset:
        _check_size(dataset, found.raster.stat().st_size)
        _check_values(dataset)
        nodata = _nodata(dataset)
        colours = list(dataset.colorinterp)
        alpha = colours.index(ColorInterp.alpha) + 1 if ColorInterp.alpha in colours else 0
        masked = MaskFlags.per_dataset in dataset.mask_flag_enums[0] and not alpha
        if nodata is None and not (alpha or masked) and dataset.dtypes[0].startswith("float"):
            # What is no number is no value, whether the file says so or not.
            nodata = math.nan
        return RasterDescription(
            format=found.format.name,
            driver=found.format.driver,
            width=dataset.width,
            height=dataset.height,
            bands=dataset.count,
            dtype=dataset.dtypes[0],
            crs=dataset.crs.to_wkt() if dataset.crs else found.projection,
            transform=_transform(dataset, found),
            nodata=nodata,
            alpha=alpha,
            masked=masked,
            palette=colours[0] is ColorInterp.palette,
            blocks=_has_blocks(dataset, found),
            unpacked=found.unpacked,
        )


def _check_size(dataset: Any, file_bytes: int) -> None:
    if not dataset.count or not dataset.width or not dataset.height:
        raise FileProblem(
            gettext_noop("The raster has no bands."), remedy=gettext_noop("Export it again.")
        )
    size = np.dtype(dataset.dtypes[0]).itemsize * dataset.count
    total = dataset.width * dataset.height * size
    if dataset.count > MOST_BANDS or max(dataset.shape) > MOST_SIDE or total > MOST_BYTES:
        raise FileProblem(
            gettext_noop(
                "The raster is too large: %(width)d × %(height)d pixels in %(bands)d bands,"
                " %(gigabytes).1f GB unpacked."
            ),
            remedy=gettext_noop("Cut it into pieces, for example by township."),
            width=dataset.width,
            height=dataset.height,
            bands=dataset.count,
            gigabytes=total / 2**30,
        )
    if total > RATIO_MATTERS_FROM and total > MOST_RATIO * file_bytes:
        raise FileProblem(
            gettext_noop(
                "The raster unpacks to %(ratio)d times the size of its file: nothing is in it."
            ),
            remedy=gettext_noop("Export just the part that has values."),
            ratio=total // max(file_bytes, 1),
        )


def _check_values(dataset: Any) -> None:
    kinds = sorted(set(dataset.dtypes))
    if len(kinds) > 1 or kinds[0] not in DTYPES:
        raise FileProblem(
            gettext_noop("The values are of a kind that cannot be shown: %(kinds)s."),
            remedy=gettext_noop("Export all bands as one kind of number, for example Float32."),
            kinds=", ".join(kinds),
        )


def _nodata(dataset: Any) -> float | None:
    """The value of pixels that have none; GDAL leaves out one that the type cannot hold."""
    stated = dataset.nodatavals
    if len({repr(value) for value in stated}) > 1:
        raise FileProblem(
            gettext_noop("The bands have different values for “no data”: %(values)s."),
            remedy=gettext_noop("Export them with one."),
            values=", ".join(map(str, stated)),
        )
    return None if stated[0] is None else float(stated[0])


def _transform(dataset: Any, found: Delivered) -> Transform:
    """The file's own, else the world file's."""
    own = dataset.transform
    if not own.is_identity or (dataset.crs and not found.world and not dataset.gcps[0]):
        return (own.a, own.b, own.c, own.d, own.e, own.f)
    if found.world:
        return found.world
    if dataset.gcps[0] or dataset.rpcs:
        raise FileProblem(
            gettext_noop("The raster is not rectified: it only has tie points."),
            remedy=gettext_noop("Rectify it (in QGIS: Georeferencer) and export it as GeoTIFF."),
        )
    raise FileProblem(
        gettext_noop("The raster does not say where it is."),
        remedy=gettext_noop(
            "Send its world file (.tfw, .pgw, .jgw) together with it, or export it as GeoTIFF."
        ),
    )


def _has_blocks(dataset: Any, found: Delivered) -> bool:
    strips = dataset.block_shapes[0][1] == dataset.width and dataset.width > SEVERAL_ROWS
    return not found.format.sequential and not strips
