"""Removes many features at once, each with its entry in the journal: one statement a layer."""

from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg2 import sql

from layers.editing.guard import declare_writer
from layers.editing.loads import SQL
from layers.editing.rows import GEOMETRY, PERSONAL, journalled_names
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

KEYS_A_CALL = 40
"""jsonb_build_object takes a hundred arguments."""


@transaction.atomic
def remove_rows(
    *,
    actor: User,
    layer: Layer,
    changeset: Changeset,
    condition: sql.Composable,
) -> int:
    """Remove the rows for which `condition` holds (over the table's columns); returns how many.

    The caller has checked the actor's right to remove them. Each can be restored, and be seen in
    the past.
    """
    declare_writer()
    statement = sql.SQL(packaged_sql("remove_rows", SQL)).format(
        table=sql.Identifier(layer.table), condition=condition, state=state_expression(layer)
    )
    bound: dict[str, Any] = {
        "changeset": changeset.pk,
        "layer": layer.name,
        "author": actor.pk,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, bound)
        return int(cursor.rowcount)


def state_expression(layer: Layer) -> sql.Composable:
    """A row of the relation `gone` as the journal keeps it: layers.editing.rows.state_of in SQL."""
    pairs = [
        sql.SQL("{}, {}").format(sql.Literal(name), _journal_value(layer, name))
        for name in journalled_names(layer)
    ]
    calls = [
        sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(pairs[at : at + KEYS_A_CALL]))
        for at in range(0, len(pairs), KEYS_A_CALL)
    ]
    return sql.SQL(" || ").join(calls)


def _journal_value(layer: Layer, name: str) -> sql.Composable:
    column = sql.Identifier("gone", name)
    if name == PERSONAL:
        return sql.SQL(r"'\x' || encode({}, 'hex')").format(column)
    field = layer.column(name)
    if name == GEOMETRY or isinstance(field, models.DecimalField):
        return sql.SQL("{}::text").format(column)
    if isinstance(field, models.DateField):
        return sql.SQL("to_char({}, 'YYYY-MM-DD')").format(column)
    return column
