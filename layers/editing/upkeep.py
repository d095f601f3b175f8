"""The upkeep state of features: derived from upkeep records, so it is not an edit of its own.

The records are the evidence; this column is what the map and the work lists are drawn from. It is
still a write to a layer table, and so it has its place here and nowhere else.
"""

from datetime import date, timedelta

from django.db import connection, transaction
from psycopg2 import sql

from layers.editing.guard import declare_writer
from layers.models.feature import UpkeepState
from layers.registry.specification import Layer

WARNING_DAYS = 14
"""A task is "due" from this many days before its day."""


def state_on(day: date, due_on: date | None) -> UpkeepState:
    """The state of a feature without defects, by the day its next upkeep is due."""
    if due_on is None:
        return UpkeepState.NONE
    if due_on < day:
        return UpkeepState.OVERDUE
    if due_on <= day + timedelta(days=WARNING_DAYS):
        return UpkeepState.DUE
    return UpkeepState.OK


@transaction.atomic
def record_upkeep(
    *, layer: Layer, feature_id: int, due_on: date | None, state: UpkeepState
) -> None:
    declare_writer()
    layer.rows.filter(pk=feature_id).update(upkeep_due_on=due_on, upkeep_state=state)


@transaction.atomic
def refresh_states(layer: Layer, day: date) -> int:
    """Let time pass: ok becomes due, due becomes overdue. Returns the number of rows changed."""
    declare_writer()
    statement = sql.SQL(
        """
        UPDATE {table} SET upkeep_state = reckoned.state
        FROM (SELECT id, CASE WHEN upkeep_due_on < %(day)s THEN 'overdue'
                              WHEN upkeep_due_on <= %(soon)s THEN 'due'
                              ELSE 'ok' END AS state
              FROM {table}
              WHERE upkeep_due_on IS NOT NULL AND upkeep_state <> 'defective') AS reckoned
        WHERE {table}.id = reckoned.id AND {table}.upkeep_state <> reckoned.state
        """
    ).format(table=sql.Identifier(layer.table))
    with connection.cursor() as cursor:
        soon = day + timedelta(days=WARNING_DAYS)
        cursor.execute(statement, {"day": day, "soon": soon})
        return int(cursor.rowcount)
