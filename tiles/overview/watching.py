"""Putting a layer's table under the pyramid's eyes: one call for a layer, no code of its own."""

from django.db import connection
from psycopg2 import sql

from tiles.overview.sql_files import append_deltas, composed

TRIGGERS = ("overview_insert", "overview_update", "overview_delete", "overview_truncate")

ARRIVED = sql.SQL("SELECT 1 AS change, morton, county, upkeep_state FROM arrived")
GONE = sql.SQL("SELECT -1 AS change, morton, county, upkeep_state FROM gone")


def watch(*, layer: str, table: str, class_column: str) -> None:
    """From now on every statement that changes what tiles show of the table appends deltas.

    `class_column` is the one that tiles show as class. Rows that are there already are not counted:
    tiles.overview.building.rebuild counts them. Again for a table that is watched, it renews all.
    """
    updated = composed("updated_rows", class_column=sql.Identifier(class_column))
    _run(
        composed(
            "watching",
            function=_function(table),
            layer=sql.Literal(layer),
            inserted=append_deltas(layer, ARRIVED),
            updated=append_deltas(layer, updated),
            deleted=append_deltas(layer, GONE),
        )
    )
    look_away(table)
    look_again(table)


def look_away(table: str) -> None:
    """Take the triggers off; locks the table against everybody until the transaction ends."""
    for name in TRIGGERS:
        _run(
            sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(
                sql.Identifier(name), sql.Identifier(table)
            )
        )


def look_again(table: str) -> None:
    """Put the triggers on."""
    _run(composed("triggers", table=sql.Identifier(table), function=_function(table)))


def _function(table: str) -> sql.Identifier:
    return sql.Identifier(f"tiles_watch_{table}")


def _run(statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
