"""Which cells a tile's buffer reaches into: what is drawn from them is part of its version."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tiles.coordinates import MARGIN_PARTS, Tile, spread
from tiles.overview.levels import FINEST, kept_level

RING_STEPS = 3
"""The ring is of cells an eighth of the tile wide: 36 of them, and little more than the buffer."""

REMEMBERED = 4096
"""Rings of tiles that are asked for again and again; each some hundred bytes or, of cells a pixel
wide, some thousand."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Cells of one level, by their codes, which nobody changes."""

    level: int
    codes: list[int]


@lru_cache(REMEMBERED)
def ring_of(tile: Tile, steps: int = RING_STEPS) -> Ring:
    """The cells, so many levels below the tile, that its buffer touches outside it.

    A tile deeper than the finest level lies inside a cell: then that one is among them.
    """
    level = kept_level(tile.z + steps)
    columns, rows = (_touched(ordinate, tile.z, level) for ordinate in (tile.x, tile.y))
    if tile.z > FINEST:
        return Ring(level, _codes(columns, rows))
    # Whole rows above and below, and what is beside: going through what is inside, thousands of
    # cells where they are a pixel wide, would take milliseconds for every tile that is asked for.
    shift = level - tile.z
    beside = [column for column in columns if column >> shift != tile.x]
    outside = [row for row in rows if row >> shift != tile.y]
    level_with = range(tile.y << shift, (tile.y + 1) << shift)
    return Ring(level, [*_codes(columns, outside), *_codes(beside, level_with)])


def _codes(columns: Iterable[int], rows: Iterable[int]) -> list[int]:
    """Of every column with every row."""
    odd = [spread(row) << 1 for row in rows]
    return [even | each for even in map(spread, columns) for each in odd]


def _touched(ordinate: int, zoom: int, level: int) -> range:
    """Columns (or rows) of the level between the buffer's outer edges, inside the world.

    >>> _touched(1, 10, 13), _touched(0, 10, 13), _touched(1, 17, 16)
    (range(7, 17), range(0, 9), range(0, 2))
    """
    finer, coarser = max(level - zoom, 0), max(zoom - level, 0)
    first, last = MARGIN_PARTS * ordinate - 1, MARGIN_PARTS * (ordinate + 1) + 1
    low, high = ((edge << finer) // MARGIN_PARTS >> coarser for edge in (first, last))
    return range(max(low, 0), min(high, (1 << level) - 1) + 1)
