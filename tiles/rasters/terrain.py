"""From heights to slope and shade, and heights as colours that programs read back.

Gradients after B. K. P. Horn, "Hill shading and the reflectance map", Proceedings of the IEEE 69
(1981), 14-47: the eight neighbours of a pixel, those beside it counted twice.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiles.coordinates import Tile
from tiles.rasters.grid import EARTH_RADIUS_M, HALF_WORLD_M, TILE, pixel_size

Heights = NDArray[np.float64]
MARGIN = 1
"""Pixels of the neighbouring tiles that a gradient needs."""
SUN_AZIMUTH, SUN_ALTITUDE = 315.0, 45.0
"""Degrees from north clockwise, and above the horizon: maps are lit from the upper left."""
FLATTENING = 1 / 298.257222101
"""Of the ellipsoid of CGCS2000."""
BASE_M, STEP_M, MOST_STEPS = -10_000, 0.1, (1 << 24) - 1


class Gradient(NamedTuple):
    """Metres of rise a metre to the east and to the north."""

    east: Heights
    north: Heights


def gradient(heights: Heights, valid: NDArray[np.bool_], tile: Tile) -> Gradient:
    """Of a tile of 256 × 256, from 258 × 258 heights in metres.

    A neighbour without a height counts as being as high as the pixel itself.
    """
    middle = heights[1:-1, 1:-1]

    def beside(down: int, right: int) -> Heights:
        rows = slice(1 + down, heights.shape[0] - 1 + down)
        columns = slice(1 + right, heights.shape[1] - 1 + right)
        return np.where(valid[rows, columns], heights[rows, columns], middle)

    nw, n, ne = beside(-1, -1), beside(-1, 0), beside(-1, 1)
    w, e = beside(0, -1), beside(0, 1)
    sw, s, se = beside(1, -1), beside(1, 0), beside(1, 1)
    width, length = ground_pixel(tile)
    return Gradient(
        ((ne + 2 * e + se) - (nw + 2 * w + sw)) / (8 * width),
        ((nw + 2 * n + ne) - (sw + 2 * s + se)) / (8 * length),
    )


def ground_pixel(tile: Tile) -> tuple[Heights, Heights]:
    """Width and length of a pixel on the ground in metres, by row; shape (256, 1).

    Web Mercator stretches by 1/cos φ on its sphere. On the ellipsoid, whose radii of curvature
    there are N (east-west) and M (north-south), a pixel of d map metres spans d·cos φ·N/a and
    d·cos φ·M/a.
    """
    rows = np.arange(TILE) + 0.5 + tile.y * TILE
    y = HALF_WORLD_M - rows * pixel_size(tile.z)
    latitude = np.arctan(np.sinh(y / EARTH_RADIUS_M))[:, np.newaxis]
    squared = FLATTENING * (2 - FLATTENING)
    bend = 1 - squared * np.sin(latitude) ** 2
    size = pixel_size(tile.z) * np.cos(latitude)
    return size / np.sqrt(bend), size * (1 - squared) / bend**1.5


def slope(by: Gradient) -> Heights:
    """Degrees from the horizontal, 0 to 90."""
    return np.degrees(np.arctan(np.hypot(by.east, by.north)))


def hillshade(by: Gradient) -> NDArray[np.uint8]:
    """Light on a matt surface: the cosine of the angle between its normal and the sun."""
    azimuth, altitude = math.radians(SUN_AZIMUTH), math.radians(SUN_ALTITUDE)
    east, north = math.sin(azimuth) * math.cos(altitude), math.cos(azimuth) * math.cos(altitude)
    towards = math.sin(altitude) - by.east * east - by.north * north
    light = towards / np.sqrt(1 + by.east**2 + by.north**2)
    return np.round(np.clip(light, 0, 1) * 255).astype("uint8")


def terrain_rgb(heights: Heights) -> NDArray[np.uint8]:
    """Shape (rows, columns, 3): Mapbox Terrain-RGB, height = -10000 m + (R·2¹⁶ + G·2⁸ + B) · 0.1 m.

    Heights are rounded to a tenth of a metre and kept within -10,000 m and 1,667,721.5 m.
    """
    steps = np.clip(np.round((heights - BASE_M) / STEP_M), 0, MOST_STEPS).astype("uint32")
    return np.stack([steps >> 16, steps >> 8 & 255, steps & 255], axis=-1).astype("uint8")
