"""Large loads build a table's indexes once at the end, instead of row by row.

Filling a B-tree or GiST tree with rows in no order of its own reads and writes pages all over it;
building it sorts once. The rebuild costs as much as the table is large, so it pays from some share
of the table on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from psycopg2 import sql

from layers.editing.aside import watchers_aside
from layers.registry.specification import Layer

SMALLEST_LOAD = 50_000
"""Below this many rows an index is filled in a second or two whatever the table's size."""

SHARE_OF_TABLE = 0.05

BUILD_MEMORY_MB = 512
BUILD_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Index:
    """An index and the statements that remove it and make it again, just as it was."""

    name: str
    drop: str
    create: str


def worth_rebuilding(layer: Layer, expected_rows: int) -> bool:
    """Whether a load of so many rows is large, absolutely and for this table."""
    return expected_rows >= SMALLEST_LOAD and expected_rows >= SHARE_OF_TABLE * rows_in_pages(layer)


def rows_in_pages(layer: Layer) -> int:
    """About how many rows the table has: the density at the last ANALYZE times its present size.

    reltuples alone is -1 for a table that was never analysed, and stale after a load.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT CASE WHEN reltuples > 0 AND relpages > 0 THEN reltuples / relpages ELSE 20 END
                   * pg_relation_size(oid) / current_setting('block_size')::int
            FROM pg_class WHERE oid = %s::regclass
            """,
            [layer.table],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def built_at_the_end(layer: Layer, expected_rows: int) -> Iterator[None]:
    """Drops the layer's indexes but the primary key before the body, and builds them after it.

    Only where it pays; then whoever watches the table stands aside for the body, too
    (layers.editing.aside). Call inside a transaction: a failure brings the indexes back. Until the
    transaction ends the table is locked, for readers too. What waits for the commit is checked now:
    PostgreSQL alters no table that has triggers waiting.
    """
    if not worth_rebuilding(layer, expected_rows):
        yield
        return
    found = secondary_indexes(layer.table)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for index in found:
            cursor.execute(index.drop)
        with watchers_aside(layer):
            yield
        cursor.execute(
            """
            SELECT set_config('maintenance_work_mem', greatest(
                       pg_size_bytes(current_setting('maintenance_work_mem')),
                       pg_size_bytes(%s)) / 1024 || 'kB', true),
                   set_config('max_parallel_maintenance_workers', %s, true)
            """,
            [f"{BUILD_MEMORY_MB}MB", str(BUILD_WORKERS)],
        )
        for index in found:
            cursor.execute(index.create)


def secondary_indexes(table: str) -> list[Index]:
    """All indexes but the primary key's; those of unique constraints as their constraints.

    The primary key stays: its values only grow, so it is filled at one end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, pg_get_indexdef(i.indexrelid), k.conname, pg_get_constraintdef(k.oid)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
            WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
            ORDER BY c.relname
            """,
            [table],
        )
        return [_index(table, *row) for row in cursor.fetchall()]


def _index(
    table: str, name: str, definition: str, constraint: str | None, constraint_definition: str
) -> Index:
    if not constraint:
        return Index(name, _text("DROP INDEX {name}", name=name), definition)
    names = {"table": table, "name": constraint}
    return Index(
        name,
        _text("ALTER TABLE {table} DROP CONSTRAINT {name}", **names),
        _text("ALTER TABLE {table} ADD CONSTRAINT {name} ", **names) + constraint_definition,
    )


def _text(template: str, **names: str) -> str:
    identifiers = {key: sql.Identifier(value) for key, value in names.items()}
    with connection.cursor() as cursor:
        return sql.SQL(template).format(**identifiers).as_string(cursor.cursor)
