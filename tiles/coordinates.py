"""Tiles by column and row, and as the contiguous ranges of Morton codes that they are."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

DEEPEST = 22
MORTON_ZOOM = 24
CELL_STEPS = 6
"""A grouped tile z is a grid of cells of zoom z+6: 64 × 64."""

EXTENT = 4096
BUFFER = 64
MARGIN_PARTS = EXTENT // BUFFER
"""A tile's buffer is this part of its width."""


class Tile(NamedTuple):
    """A Web Mercator tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        # The zoom first: shifting by whatever an address says could fill the memory.
        if not 0 <= self.z <= DEEPEST:
            return False
        side = 1 << self.z
        return 0 <= self.x < side and 0 <= self.y < side

    @property
    def morton_range(self) -> tuple[int, int]:
        """First and last z24 code inside the tile, both inclusive.

        >>> Tile(0, 0, 0).morton_range == (0, 4**24 - 1)
        True
        """
        shift = 2 * (MORTON_ZOOM - self.z)
        first = interleaved(self.x, self.y) << shift
        return first, first + (1 << shift) - 1

    @property
    def cell_level(self) -> int:
        return min(self.z + CELL_STEPS, MORTON_ZOOM)


Ordinate = TypeVar("Ordinate", int, NDArray[np.int64])
"""One number, or many at once."""


def interleaved(x: Ordinate, y: Ordinate) -> Ordinate:
    """The bits of x on the even and of y on the odd places.

    >>> interleaved(0b11, 0b01)
    7
    """
    return spread(x) | spread(y) << 1


# Doubling the gaps five times, each time with a mask of what stays: a loop over the bits took 20 µs
# a pair, and a request for a tile interleaves dozens.
_SPREADING = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def spread(ordinate: Ordinate) -> Ordinate:
    """The bits of numbers below 2³² on the even places.

    >>> bin(spread(0b111))
    '0b10101'
    """
    for shift, mask in _SPREADING:
        ordinate = (ordinate | ordinate << shift) & mask
    return ordinate
