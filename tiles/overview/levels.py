"""The levels that the pyramid keeps, and the columns it counts in."""

from psycopg2 import sql

from layers.models.feature import UpkeepState
from tiles.coordinates import MORTON_ZOOM

FINEST = 16
"""A cell is some 540 m wide in Hunan; ten million features lie in some 700,000 of them."""

COARSEST = 6
"""A tile of zoom 0 is drawn in cells of level 6, and Hunan lies in four of those: there is nothing
to save on coarser levels, and a fold would have six more to write."""

LEVELS = range(COARSEST, FINEST + 1)

FINEST_SHIFT = 2 * (MORTON_ZOOM - FINEST)
"""Bits that a feature's code has more than its cell's."""

COUNTS = tuple(f"n_{state.value}" for state in UpkeepState)


def kept_level(zoom: int) -> int:
    """The level kept that comes nearest to a zoom.

    >>> [kept_level(zoom) for zoom in (0, 6, 11, 16, 22)]
    [6, 6, 11, 16, 16]
    """
    return max(COARSEST, min(zoom, FINEST))


def count_columns() -> sql.Composed:
    """The columns of counts, to be selected or written."""
    return sql.SQL(", ").join(map(sql.Identifier, COUNTS))


def count_sums() -> sql.Composed:
    """The same, summed."""
    return sql.SQL(", ").join(
        sql.SQL("sum({0}) AS {0}").format(sql.Identifier(name)) for name in COUNTS
    )


def total() -> sql.Composed:
    """An expression over the columns of counts: how many features they count."""
    return sql.SQL(" + ").join(map(sql.Identifier, COUNTS))


def cell_counts() -> sql.Composed:
    """n, and the number of each state, as tiles tell them of a cell: its rows summed."""
    told: list[tuple[str, sql.Composable]] = [("n", total())]
    told += [(name.removeprefix("n_"), sql.Identifier(name)) for name in COUNTS]
    return sql.SQL(", ").join(
        sql.SQL("sum({})::bigint AS {}").format(count, sql.Identifier(name)) for name, count in told
    )
