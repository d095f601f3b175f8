"""Which kind of tile is drawn: by the exact number of features in it."""

from enum import StrEnum

from tiles.coordinates import CELL_STEPS, Tile
from tiles.overview.levels import FINEST

RAW_LIMIT = 5000
"""Tiles of more features are counted in cells: measured, the raw tile then costs more."""

GROUPED_LIMIT = 100_000
"""Up to so many are counted in cells finer than the pyramid's, from the index."""


NAMES_FROM_ZOOM = 13
"""Names cost bytes, and there is no room for them before."""


class Kind(StrEnum):
    """How a tile represents its features; all of them, each exactly once, in every kind."""

    RAW = "raw"
    """Each as itself."""
    CELLS = "cells"
    """Counted in cells of the pyramid."""
    GROUPED = "grouped"
    """Counted in finer cells, while one waits."""


def kind_of(tile: Tile, count: int) -> Kind:
    if count <= RAW_LIMIT:
        return Kind.RAW
    if tile.z + CELL_STEPS <= FINEST:
        return Kind.CELLS
    # Deeper than the finest level the pyramid has nothing finer than the tile to offer.
    if tile.z > FINEST or count <= GROUPED_LIMIT:
        return Kind.GROUPED
    return Kind.CELLS
