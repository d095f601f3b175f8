"""The pyramid's packaged SQL, composed."""

from pathlib import Path

from psycopg2 import sql

from layers.sql_files import packaged_sql
from tiles.overview.levels import COARSEST, FINEST, FINEST_SHIFT, count_columns, count_sums

FOLDER = Path(__file__).parents[1] / "sql" / "overview"


def composed(name: str, **parts: sql.Composable) -> sql.Composed:
    """`sql/overview/<name>.sql` with its names filled in; the pyramid's own need not be given."""
    usual: dict[str, sql.Composable] = {
        "finest": sql.Literal(FINEST),
        "coarsest": sql.Literal(COARSEST),
        "finest_shift": sql.Literal(FINEST_SHIFT),
        "counts": count_columns(),
        "sums": count_sums(),
        "lock": FOLD_LOCK,
    }
    return sql.SQL(packaged_sql(name, FOLDER)).format(**{**usual, **parts})


FOLD_LOCK = sql.SQL("hashtextextended('tiles overview fold', 0)")
"""Held while cells are written, so that they have one writer at a time."""


def summed(rows: sql.Composable) -> sql.Composed:
    """Rows (change, morton, county, upkeep_state) summed by cell, county and state."""
    return composed("summed", rows=rows)


def append_deltas(layer: str, rows: sql.Composable) -> sql.Composed:
    """The statement that appends the deltas of such rows."""
    return sql.SQL(
        "INSERT INTO tiles_cell_delta (layer, code, county, {counts}, nonce)"
        " SELECT {layer}, code, county, {counts}, nonce FROM ({summed}) AS summed"
    ).format(layer=sql.Literal(layer), counts=count_columns(), summed=summed(rows))
