"""From heights to slope and shade, and heights as colours that programs read back.

Gradients after B. K. P. Horn, "Hill shading and the reflectance map", Proceedings of the IEEE 69
(1981), 14-47: the eight neighbours of a pixel, those beside it counted twice.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiles.coordinates import Tile
from tiles.rasters.grid import EARTH_RADIUS_M, HALF_WORLD_M, TILE, pixel_size

Heights = NDArray[np.floating[Any]]
MARGIN = 1
"""Pixels of the neighbouring tiles that a gradient needs."""
SUN_AZIMUTH, SUN_ALTITUDE = 315.0, 45.0
"""Degrees from north clockwise, and above the horizon: maps are lit from the upper left."""
BRIGHTEST = 255
FLATTENING = 1 / 298.257222101
"""Of the ellipsoid of CGCS2000."""
BASE_M, STEP_M, MOST_STEPS = -10_000, 0.1, (1 << 24) - 1


class Gradient(NamedTuple):
    """Metres of rise a metre to the east and to the north."""

    east: Heights
    north: Heights


def gradient(
    stored: NDArray[Any], valid: NDArray[np.bool_] | None, tile: Tile, *, unit_m: float = 1.0
) -> Gradient:
    """Of a tile of 256 × 256, from 258 × 258 heights as stored, in units of so many metres.

    A neighbour without a height counts as being as high as the pixel itself; None in `valid` is a
    height everywhere. Of neighbours first the differences are taken, which are small: so float32,
    a quarter of the time of float64, loses nothing that is in heights of 16 bits or of float32.
    """
    known = stored if valid is None else np.where(valid, stored, 0)
    heights = known.astype(np.result_type(stored.dtype, np.float32))
    east, north = _rises(heights) if valid is None else _rises_beside_gaps(heights, valid)
    width, length = ground_pixel(tile)
    east *= (unit_m / (8 * width)).astype(heights.dtype)
    north *= (unit_m / (8 * length)).astype(heights.dtype)
    return Gradient(east, north)


def _rises(heights: Heights) -> tuple[Heights, Heights]:
    """Eight times the rise a pixel, to the east and to the north."""
    across = heights[:, 2:] - heights[:, :-2]
    up = heights[:-2] - heights[2:]
    return (
        _weighted(across[:-2], across[1:-1], across[2:]),
        _weighted(up[:, :-2], up[:, 1:-1], up[:, 2:]),
    )


def _rises_beside_gaps(heights: Heights, valid: NDArray[np.bool_]) -> tuple[Heights, Heights]:
    middle = heights[1:-1, 1:-1]

    def beside(down: int, right: int) -> Heights:
        rows = slice(1 + down, heights.shape[0] - 1 + down)
        columns = slice(1 + right, heights.shape[1] - 1 + right)
        return np.where(valid[rows, columns], heights[rows, columns], middle)

    nw, n, ne = beside(-1, -1), beside(-1, 0), beside(-1, 1)
    w, e = beside(0, -1), beside(0, 1)
    sw, s, se = beside(1, -1), beside(1, 0), beside(1, 1)
    return _weighted(ne - nw, e - w, se - sw), _weighted(nw - sw, n - s, ne - se)


def _weighted(first: Heights, middle: Heights, last: Heights) -> Heights:
    """The one in the middle counts twice."""
    total = first + last
    total += middle
    total += middle
    return total


def ground_pixel(tile: Tile) -> tuple[Heights, Heights]:
    """Width and length of a pixel on the ground in metres, by row; shape (256, 1)."""
    return _ground_pixel(tile.z, tile.y)


@lru_cache(maxsize=256)
def _ground_pixel(zoom: int, tile_row: int) -> tuple[Heights, Heights]:
    """Kept for the other tiles of the same row.

    Web Mercator stretches by 1/cos φ on its sphere. On the ellipsoid, whose radii of curvature
    there are N (east-west) and M (north-south), a pixel of d map metres spans d·cos φ·N/a and
    d·cos φ·M/a.
    """
    rows = np.arange(TILE) + 0.5 + tile_row * TILE
    y = HALF_WORLD_M - rows * pixel_size(zoom)
    latitude = np.arctan(np.sinh(y / EARTH_RADIUS_M))[:, np.newaxis]
    squared = FLATTENING * (2 - FLATTENING)
    bend = 1 - squared * np.sin(latitude) ** 2
    size = pixel_size(zoom) * np.cos(latitude)
    width, length = size / np.sqrt(bend), size * (1 - squared) / bend**1.5
    width.flags.writeable = length.flags.writeable = False
    return width, length


def steepness(by: Gradient) -> Heights:
    """The square of the tangent of the slope: it grows with the slope and needs no root."""
    squared = by.east * by.east
    squared += by.north * by.north
    return squared


def steepness_of(degrees: float) -> float:
    return math.tan(math.radians(degrees)) ** 2


def slope(by: Gradient) -> Heights:
    """Degrees from the horizontal, 0 to 90."""
    found = steepness(by)
    np.sqrt(found, out=found)
    np.arctan(found, out=found)
    np.degrees(found, out=found)
    return found


def hillshade(by: Gradient) -> NDArray[np.uint8]:
    """Light on a matt surface: the cosine of the angle between its normal and the sun."""
    azimuth, altitude = math.radians(SUN_AZIMUTH), math.radians(SUN_ALTITUDE)
    east, north = math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude)
    light = by.east * (-east * BRIGHTEST)
    light -= by.north * (north * BRIGHTEST)
    light += math.sin(altitude) * BRIGHTEST
    length = steepness(by)
    length += 1
    light /= np.sqrt(length, out=length)
    np.clip(light, 0, BRIGHTEST, out=light)
    found: NDArray[np.uint8] = np.rint(light, out=light).astype("uint8")
    return found


def terrain_rgb(heights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Shape (rows, columns, 4), the last of no meaning: Mapbox Terrain-RGB, height = -10000 m +
    (R·2¹⁶ + G·2⁸ + B) · 0.1 m.

    Heights are rounded to a tenth of a metre and kept within -10,000 m and 1,667,721.5 m.
    """
    steps = np.clip(np.rint((heights - BASE_M) / STEP_M), 0, MOST_STEPS).astype("uint32")
    whole = (steps << 8 | 255).astype(">u4")
    return whole.view(np.uint8).reshape(*heights.shape, 4)
