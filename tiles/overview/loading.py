"""The pyramid and large loads: their rows are summed once, at the end.

They become deltas like everybody's, so the load neither waits for a fold nor holds one up, and what
others write before and after it needs no thought.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg2 import sql

from layers.registry.specification import Layer
from tiles.overview.sql_files import append_deltas
from tiles.overview.watching import look_again, look_away


@contextmanager
def counted_at_the_end(layer: Layer) -> Iterator[None]:
    """Look away while the body loads rows into the layer, then count those; in a transaction."""
    look_away(layer.table)
    # Now nobody else writes the table, so what comes after its last row is the body's.
    before = _last_id(layer)
    yield
    rows = sql.SQL("SELECT 1 AS change, morton, county, upkeep_state FROM {} WHERE id > {}").format(
        sql.Identifier(layer.table), sql.Literal(before)
    )
    with connection.cursor() as cursor:
        cursor.execute(append_deltas(layer.name, rows))
    look_again(layer.table)


def _last_id(layer: Layer) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(layer.table))
        )
        return int(cursor.fetchone()[0])
