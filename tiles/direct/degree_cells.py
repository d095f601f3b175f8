"""Which cells of the pyramid a tile in degrees is made of, and where only the rows can tell.

The pyramid's cells are squares of Web Mercator. Their columns are columns of degrees, too; their
rows are not. So a tile in degrees is made of whole cells, small ones near its upper and lower edge,
and of the two rows of the finest cells that the edges run through, whose features are asked where
they are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiles.coordinates import CELL_STEPS, interleaved
from tiles.direct.squares import DegreeSquare
from tiles.overview.levels import COARSEST, FINEST

Codes = NDArray[np.int64]

SAFE_ROWS = 1e-6
"""Rows of the finest cells: the database's own sine may differ from ours in the last digit."""


class Extent(NamedTuple):
    """Columns and rows of the coarsest cells that hold anything, both ends inside."""

    left: int
    top: int
    right: int
    bottom: int

    def at(self, level: int) -> "Extent":
        shift = level - COARSEST
        return Extent(
            self.left << shift,
            self.top << shift,
            (self.right + 1 << shift) - 1,
            (self.bottom + 1 << shift) - 1,
        )


@dataclass(frozen=True)
class DegreeCells:
    """Of one tile, as far as there are features at all."""

    square: DegreeSquare
    extent: Extent

    @property
    def drawn_level(self) -> int:
        return self.square.zoom + CELL_STEPS

    @cached_property
    def inside(self) -> range:
        """Rows of the finest cells that lie in the tile with all of their places."""
        return range(max(self._edges[0]) + 1, min(self._edges[1]))

    @cached_property
    def whole(self) -> tuple[Codes, Codes, Codes]:
        """Cells of the pyramid by level and code, and the tile's cell that each is counted in."""
        levels, codes, cells = [], [], []
        for level, row in _blocks(self.inside, self.drawn_level):
            found = self.extent.at(level)
            if found.top <= row <= found.bottom:
                columns = self._columns(level)
                codes.append(interleaved(columns, np.full_like(columns, row)))
                levels.append(np.full_like(columns, level))
                cells.append(self._cells(level, columns, row))
        return _joined(levels), _joined(codes), _joined(cells)

    @cached_property
    def edge(self) -> Codes:
        """The finest cells that an edge runs through."""
        found = self.extent.at(FINEST)
        rows = sorted({row for edge in self._edges for row in edge})
        columns = self._columns(FINEST)
        return _joined(
            [
                interleaved(columns, np.full_like(columns, row))
                for row in rows
                if found.top <= row <= found.bottom
            ]
        )

    @property
    def columns(self) -> tuple[int, int]:
        """First and last column of the finest cells."""
        shift = FINEST - self.square.zoom
        first = round((self.square.bounds.west + 180) / self.square.span) << shift
        return first, first + (1 << shift) - 1

    @cached_property
    def _edges(self) -> tuple[set[int], set[int]]:
        return _rows_at(self.square.bounds.north), _rows_at(self.square.bounds.south)

    def _columns(self, level: int) -> Codes:
        first, last = (each >> FINEST - level for each in self.columns)
        found = self.extent.at(level)
        return np.arange(max(first, found.left), min(last, found.right) + 1, dtype=np.int64)

    def _cells(self, level: int, columns: Codes, row: int) -> Codes:
        """By the middle of each, which is inside the tile because the cell is."""
        side = 1 << CELL_STEPS
        first = self.columns[0] >> FINEST - level
        across = columns - first >> level - self.drawn_level
        down = (self.square.bounds.north - _latitude(row + 0.5, level)) / self.square.span * side
        return min(side - 1, math.floor(down)) * side + across


def _rows_at(latitude: float) -> set[int]:
    """The rows of the finest cells that a parallel runs through, or beside."""
    if abs(latitude) >= 90:
        return {-1} if latitude > 0 else {1 << FINEST}
    northing = math.asinh(math.tan(math.radians(latitude))) / math.pi
    row = (1 - northing) / 2 * (1 << FINEST)
    return {math.floor(row - SAFE_ROWS), math.floor(row + SAFE_ROWS)}


def _latitude(row: float, level: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << level)))))


def _blocks(rows: range, coarsest: int) -> Iterator[tuple[int, int]]:
    """Rows of the finest level as few rows of coarser ones: (level, row)."""
    row = rows.start
    while row < rows.stop:
        level = FINEST
        while level > coarsest and not row & (1 << FINEST - level + 1) - 1:
            if row + (1 << FINEST - level + 1) > rows.stop:
                break
            level -= 1
        yield level, row >> FINEST - level
        row += 1 << FINEST - level


def _joined(parts: list[Codes]) -> Codes:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
