"""The tiles that touch an area, zoom by zoom."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pmtiles.tile import zxy_to_tileid

from tiles.coordinates import Tile

CHILDREN = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])


@dataclass(frozen=True, slots=True)
class Cover:
    """All tiles of one zoom that have a part of the area: columns and rows, of equal length."""

    zoom: int
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.columns)

    def tiles(self) -> list[Tile]:
        """In the order in which PMTiles keeps them: neighbours follow each other."""
        found = zip(self.columns.tolist(), self.rows.tolist(), strict=True)
        return sorted(
            (Tile(self.zoom, x, y) for x, y in found), key=lambda tile: zxy_to_tileid(*tile)
        )


def covers(shape: bytes, deepest: int, most: int) -> Iterator[Cover]:
    """From zoom 0 on; ends before the zoom at which all together would be more than `most` tiles.

    `shape` is WKB in degrees. A child is asked about only where its parent has a part of the area.
    """
    area = shapely.from_wkb(shape)
    shapely.prepare(area)
    places = np.zeros((1, 2), dtype=np.int64)
    total = 0
    for zoom in range(deepest + 1):
        places = places[shapely.intersects(area, _boxes(zoom, places))]
        total += len(places)
        if total > most or not len(places):
            return
        yield Cover(zoom, places[:, 0], places[:, 1])
        places = (places[:, None, :] * 2 + CHILDREN).reshape(-1, 2)


def _boxes(zoom: int, places: NDArray[np.int64]) -> NDArray[Any]:
    """The tiles in degrees (spherical Mercator, inverted)."""
    side = 1 << zoom
    west, east = ((places[:, 0] + step) / side * 360 - 180 for step in (0, 1))
    north, south = (_latitudes((places[:, 1] + step) / side) for step in (0, 1))
    boxes: NDArray[Any] = shapely.box(west, south, east, north)
    return boxes


def _latitudes(down: NDArray[np.float64]) -> NDArray[np.float64]:
    degrees: NDArray[np.float64] = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * down))))
    return degrees
