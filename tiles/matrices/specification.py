"""What a tile matrix set is: OGC Two Dimensional Tile Matrix Set (17-083r4), clause 6."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from layers.divisions import Bounds
from layers.errors import Text

PIXEL_M = 0.00028
"""The pixel that scale denominators are reckoned with (clause 6.1.1), in metres."""

TILE_PIXELS = 256


class Limits(NamedTuple):
    """Columns and rows of a matrix that hold anything, both ends inside."""

    left: int
    top: int
    right: int
    bottom: int

    def have(self, column: int, row: int) -> bool:
        return self.left <= column <= self.right and self.top <= row <= self.bottom


@dataclass(frozen=True, slots=True)
class TileMatrix:
    """One zoom of a set. `cell_size` is a pixel's side in units of the reference system."""

    zoom: int
    cell_size: float
    scale_denominator: float
    width: int
    height: int

    @property
    def span(self) -> float:
        """A tile's side in units of the reference system."""
        return self.cell_size * TILE_PIXELS

    def has(self, column: int, row: int) -> bool:
        return 0 <= column < self.width and 0 <= row < self.height


@dataclass(frozen=True)
class TileMatrixSet:
    """A tiling whose matrices halve from zoom to zoom, from one corner.

    `origin` is the top left corner, `axes` the names of its two ordinates, both in the order of
    the reference system's registry: latitude first in EPSG:4490. `uri` is empty for a set that no
    register knows: its address here is its name then. `drawn` are the zooms tiles are drawn at.
    """

    name: str
    title: Text
    srid: int
    axes: tuple[str, str]
    origin: tuple[float, float]
    matrices: tuple[TileMatrix, ...]
    drawn: range
    uri: str = ""
    scale_set: str = ""

    @property
    def crs(self) -> str:
        return f"http://www.opengis.net/def/crs/EPSG/0/{self.srid}"

    @property
    def northing_first(self) -> bool:
        return self.axes[0] in {"Lat", "N"}

    @cached_property
    def by_zoom(self) -> dict[int, TileMatrix]:
        return {each.zoom: each for each in self.matrices}

    def matrix(self, zoom: int) -> TileMatrix | None:
        """The matrix of a zoom that tiles are drawn at."""
        return self.by_zoom.get(zoom) if zoom in self.drawn else None

    def limits(self, matrix: TileMatrix, bounds: Bounds) -> Limits:
        """The tiles of a matrix that a box touches; the box in this set's units, easting first."""
        west, north = reversed(self.origin) if self.northing_first else self.origin
        span = matrix.span
        return Limits(
            int((bounds.west - west) // span),
            int((north - bounds.north) // span),
            int((bounds.east - west) // span),
            int((north - bounds.south) // span),
        )
