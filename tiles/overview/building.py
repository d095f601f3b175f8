"""Counting a layer anew, whatever the pyramid says of it."""

from django.db import connection, transaction
from psycopg2 import sql

from tiles.overview.folding import take_fold_lock
from tiles.overview.levels import COARSEST, FINEST
from tiles.overview.sql_files import composed, summed

MEMORY_MB = 256
"""For the hash of the finest level: 700,000 cells at ten million features."""


@transaction.atomic
def rebuild(*, layer: str, table: str) -> int:
    """Replace all cells of a layer by a recount; returns the number of features counted.

    Exact while others write, and readers see the old cells until it commits. Every tile of the
    layer gets a new version. The table's lock comes before the fold's, as for whoever empties the
    table: two that took them in different orders would wait for each other.
    """
    name = sql.Literal(layer)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(table)))
        take_fold_lock()
        cursor.execute("SELECT set_config('work_mem', %s, true)", [f"{MEMORY_MB}MB"])
        cursor.execute(sql.SQL("DELETE FROM tiles_cell WHERE layer = {}").format(name))
        cursor.execute(composed("recount", layer=name, summed=summed(all_rows(table))))
        for level in range(FINEST, COARSEST, -1):
            cursor.execute(composed("coarser", layer=name, level=sql.Literal(level)))
        cursor.execute(
            composed("features", layer=name),
        )
        return int(cursor.fetchone()[0])


def all_rows(table: str) -> sql.Composed:
    """Every row of a table as something to be counted, from columns of the Morton index alone."""
    return sql.SQL(
        "SELECT 1 AS change, morton, left(division, 6) AS county, upkeep_state FROM {}"
    ).format(sql.Identifier(table))
