"""Cells that lie wholly inside one polygon, or wholly outside all: looked up, not computed.

The boundaries are sampled at most half a cell apart, and every cell that a sample is in is marked
with its eight neighbours. A boundary inside a cell has a sample within a quarter of a cell, so that
sample's cell is the same or a neighbour: no unmarked cell holds any boundary. Unmarked cells side
by side in a row are therefore all in the same polygon, and one point of each run tells which.
"""

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

CELL_DEGREES = 0.0025
"""Some 270 m: one place in twelve is near a boundary, and the raster takes 10 MB."""

NOT_ALONE = -2
"""A boundary may run through the cell: the polygons themselves have to tell."""
OUTSIDE = -1

Locate = Callable[[NDArray[np.float64]], NDArray[np.intp]]


class BoundaryRaster:
    """Of polygons in degrees; `locate` tells exactly which polygon a place is in, or OUTSIDE."""

    def __init__(
        self, polygons: NDArray[np.object_], locate: Locate, cell: float = CELL_DEGREES
    ) -> None:
        self._cell = cell
        west, south, east, north = shapely.total_bounds(polygons)
        # Two cells of margin: neighbours of boundary cells always exist, and the rim is outside.
        self._corner = np.array([west, south]) - 2 * cell
        columns, rows = np.ceil((np.array([east, north]) - self._corner) / cell).astype(int) + 3
        self._cells = np.full((rows, columns), OUTSIDE, dtype=np.int16)
        self._cells[self._marked(polygons)] = NOT_ALONE
        self._fill(locate)

    def look_up(self, lonlat: NDArray[np.float64]) -> NDArray[np.intp]:
        """The polygon's position, OUTSIDE or NOT_ALONE for each place; OUTSIDE where one is NaN."""
        rows, columns = self._cells.shape
        with np.errstate(invalid="ignore"):
            place = (lonlat - self._corner) / self._cell
            inside = (place >= 0).all(axis=1) & (place[:, 0] < columns) & (place[:, 1] < rows)
        column, row = np.where(inside[:, None], place, 0).astype(np.intp).T
        return np.where(inside, self._cells[row, column], OUTSIDE).astype(np.intp)

    def _marked(self, polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
        samples = shapely.get_coordinates(
            shapely.segmentize(shapely.boundary(polygons), self._cell / 2)
        )
        column, row = ((samples - self._corner) / self._cell).astype(np.intp).T
        marked = np.zeros(self._cells.shape, dtype=bool)
        marked[row, column] = True
        # Three in a row, then three in a column: the eight neighbours.
        marked[:, 1:-1] = marked[:, :-2] | marked[:, 1:-1] | marked[:, 2:]
        marked[1:-1] = marked[:-2] | marked[1:-1] | marked[2:]
        return marked

    def _fill(self, locate: Locate) -> None:
        """Each run of unmarked cells in a row gets what the middle of its first cell is in."""
        marked = self._cells == NOT_ALONE
        starts = ~marked
        starts[:, 1:] &= marked[:, :-1]
        row, column = np.nonzero(starts)
        middles = self._corner + (np.column_stack([column, row]) + 0.5) * self._cell
        found = locate(middles).astype(np.int16)
        runs = np.cumsum(starts, axis=None) - 1
        free = ~marked.ravel()
        self._cells.ravel()[free] = found[runs[free]]
