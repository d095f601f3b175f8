"""Rasters as they come: written by the tests themselves."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

WEST, NORTH = 109.45, 28.60
"""In 花垣县 433124; a raster of 0.02° from here lies all inside."""
STEP = 0.0001
"""Degrees; some 10 m."""
DEGREES = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
SIDE = 200


def slope(rows: int = SIDE, columns: int = SIDE) -> NDArray[np.float64]:
    """A plane that rises by 1 a column to the east and by 2 a row to the south, from 100."""
    row, column = np.mgrid[0:rows, 0:columns]
    return 100.0 + column + 2.0 * row


def picture(rows: int = SIDE, columns: int = SIDE) -> NDArray[np.uint8]:
    """Three smooth bands, shape (3, rows, columns)."""
    row, column = np.mgrid[0:rows, 0:columns]
    bands = [50 + column / columns * 150, 50 + row / rows * 150, np.full((rows, columns), 120)]
    return np.stack(bands).astype("uint8")


def raster(
    path: Path,
    values: NDArray[Any],
    *,
    transform: Affine | None = DEGREES,
    crs: str | None = "EPSG:4490",
    driver: str = "GTiff",
    **options: Any,
) -> Path:
    """`values` of shape (rows, columns) or (bands, rows, columns)."""
    bands = values if values.ndim == 3 else values[np.newaxis]
    profile = {"width": bands.shape[2], "height": bands.shape[1], "count": bands.shape[0]}
    given = {"transform": transform} if transform is not None else {}
    with rasterio.open(
        path, "w", driver=driver, dtype=bands.dtype, crs=crs, **profile, **given, **options
    ) as sink:
        sink.write(bands)
    for stray in path.parent.glob(f"{path.name}.aux.xml"):
        stray.unlink()
    return path


def world_file(path: Path, transform: Affine) -> Path:
    """For the middle of the upper left pixel, in the order A D B E C F."""
    middle = transform @ (0.5, 0.5)
    numbers = (transform.a, transform.d, transform.b, transform.e, *middle)
    path.write_text("\n".join(f"{number:.12f}" for number in numbers))
    return path
