"""The fold: carries deltas over into the cells of every level."""

import logging
import threading
import time

from django.db import DatabaseError, connection, transaction
from psycopg2 import sql

from tiles.overview.levels import COARSEST, COUNTS, FINEST, LEVELS, count_sums
from tiles.overview.sql_files import FOLD_LOCK, composed

EVERY_S = 1.0
AT_ONCE = 10_000
"""After a fold of so many deltas the next one begins without a pause."""

VACUUM_AFTER = 50_000
"""Deltas folded between two vacuums of their table: reading it must not get slow meanwhile."""

RETRY_S = 5.0

logger = logging.getLogger(__name__)


@transaction.atomic
def fold() -> int:
    """Carry over all deltas that are committed; returns how many. Waits for whoever folds now.

    Nothing that can be read changes: not a count, not a version. Killed half way, nothing happened.
    """
    with connection.cursor() as cursor:
        take_fold_lock()
        # Another statement than the lock's: its snapshot must be taken after the wait.
        cursor.execute(FOLD)
        return int(cursor.fetchone()[0])


def take_fold_lock() -> None:
    """Be the only writer of cells until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(FOLD_LOCK))


def _fold_statement() -> sql.Composed:
    added = sql.SQL(", ").join(
        sql.SQL("{0} = cell.{0} + excluded.{0}").format(sql.Identifier(name)) for name in COUNTS
    )
    every_level = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}::smallint AS level, * FROM {}").format(sql.Literal(each), _name(each))
        for each in LEVELS
    )
    levels = [_level(FINEST, sql.SQL("taken"), 0)]
    levels += [_level(each, _name(each + 1), 2) for each in range(FINEST - 1, COARSEST - 1, -1)]
    return composed("fold", levels=sql.SQL(", ").join(levels), every_level=every_level, added=added)


def _level(level: int, source: sql.Composable, shift: int) -> sql.Composed:
    return sql.SQL(
        "{name} AS (SELECT layer, code >> {shift} AS code, county, {sums},"
        " bit_xor(nonce) AS nonce FROM {source} GROUP BY layer, code >> {shift}, county)"
    ).format(name=_name(level), shift=sql.Literal(shift), sums=count_sums(), source=source)


def _name(level: int) -> sql.Identifier:
    return sql.Identifier(f"level_{level}")


FOLD = _fold_statement()


def fold_for_ever(stop: threading.Event) -> None:
    """Fold every second until told to stop. A database that is away is waited for."""
    folded_since = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            count = fold()
            folded_since += count
            if folded_since >= VACUUM_AFTER:
                vacuum()
                folded_since = 0
        except DatabaseError as error:
            logger.warning("The overview waits for the database: %s", error)
            connection.close()
            stop.wait(RETRY_S)
            continue
        if count < AT_ONCE:
            stop.wait(max(0.0, EVERY_S - (time.monotonic() - began)))


def vacuum() -> None:
    """Free the room of folded deltas; autovacuum alone may come a minute late."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM tiles_cell_delta")
