"""The grid of web tiles (OGC 17-083r4, WebMercatorQuad) and the piece of it that a raster fills.

Pure arithmetic, without Django and without GDAL: both sides of the box use it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

TILE = 256
"""Pixels of a tile's side, and of a block of the stored file: one tile is one block."""
MOST_ZOOM = 24
EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = math.pi * EARTH_RADIUS_M
MOST_TILES_AT_THE_TOP = 2
"""A raster may straddle the edge of large tiles (112.5° E parts Hunan at zoom 4): to end in a
single tile it would have to grow to the whole country."""


class Box(NamedTuple):
    """West, south, east, north, in metres of EPSG:3857 or in degrees as its holder says."""

    west: float
    south: float
    east: float
    north: float


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to metres of EPSG:3857, as PROJ does it: on a sphere."""
    x = math.radians(longitude) * EARTH_RADIUS_M
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) * EARTH_RADIUS_M
    return x, y


def pixel_size(zoom: int) -> float:
    """Metres of EPSG:3857 that one pixel spans.

    >>> round(pixel_size(0), 6)
    156543.033928
    """
    return 2 * HALF_WORLD_M / (TILE << zoom)


def zoom_of(size: float, *, finest: bool) -> int:
    """The zoom whose pixels are nearest in size to `size` metres of EPSG:3857.

    With `finest` the first whose pixels are not larger, so that nothing thinner than a pixel of
    the tile is lost: for classes, which cannot be averaged.
    """
    exact = math.log2(pixel_size(0) / size)
    # A source that is on the grid already must not climb a zoom over the last bit of a float.
    zoom = math.ceil(exact - 1e-6) if finest else round(exact)
    return min(max(zoom, 0), MOST_ZOOM)


@dataclass(frozen=True, slots=True)
class TileBlock:
    """Tiles `left` ≤ x < `right`, `top` ≤ y < `bottom` of a zoom, and how many levels above it.

    All its corners are corners of tiles on every level down to `zoom - levels`.
    """

    zoom: int
    levels: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def min_zoom(self) -> int:
        return self.zoom - self.levels

    @property
    def width(self) -> int:
        """In pixels, like `height`."""
        return (self.right - self.left) * TILE

    @property
    def height(self) -> int:
        return (self.bottom - self.top) * TILE

    @property
    def corner(self) -> tuple[float, float]:
        """West and north in metres of EPSG:3857."""
        tile = TILE * pixel_size(self.zoom)
        return self.left * tile - HALF_WORLD_M, HALF_WORLD_M - self.top * tile

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Columns and rows (left, top, right, bottom) that a box in metres touches."""
        west, north = self.corner
        size = pixel_size(self.zoom)
        return (
            max(math.floor((box.west - west) / size), 0),
            max(math.floor((north - box.north) / size), 0),
            min(math.ceil((box.east - west) / size), self.width),
            min(math.ceil((north - box.south) / size), self.height),
        )


def block_around(box: Box, zoom: int) -> TileBlock:
    """The tiles of a box in metres, grown until they are whole tiles of the topmost level too."""
    size = TILE * pixel_size(zoom)
    left, right = _span(box.west + HALF_WORLD_M, box.east + HALF_WORLD_M, size)
    top, bottom = _span(HALF_WORLD_M - box.north, HALF_WORLD_M - box.south, size)
    levels = 0
    while levels < zoom and not _fits(left, right, levels) & _fits(top, bottom, levels):
        levels += 1
    return TileBlock(
        zoom,
        levels,
        left=left >> levels << levels,
        top=top >> levels << levels,
        right=-(-right >> levels) << levels,
        bottom=-(-bottom >> levels) << levels,
    )


def _span(low: float, high: float, size: float) -> tuple[int, int]:
    """First tile and the one after the last; a bit of rounding over an edge is not a tile."""
    first = math.floor(low / size + 1e-6)
    return first, max(math.ceil(high / size - 1e-6), first + 1)


def _fits(first: int, end: int, levels: int) -> bool:
    return -(-end >> levels) - (first >> levels) <= MOST_TILES_AT_THE_TOP
