"""The statements that write layer rows: one for all rows of a layer, whatever their number.

Values travel as one JSON array in the journal's own form; PostgreSQL casts them to the columns'
types (jsonb_populate_recordset), so a value is never formatted twice in two ways.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2 import sql

from layers.editing.rows import journalled_names
from layers.registry.specification import Layer

KEPT_WITH_ROW = ("version", "changeset_id", "updated_at")
"""What a row says of its last edit, besides the fields that edits change."""


def written_columns(layer: Layer) -> list[str]:
    return [*journalled_names(layer), *KEPT_WITH_ROW]


def next_ids(table: str, count: int) -> list[int]:
    """`count` fresh keys of a table, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def insert_rows(cursor: Any, layer: Layer, records: Sequence[dict[str, object]]) -> None:
    if not records:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, ["id", *written_columns(layer)]))
    statement = sql.SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"
    ).format(table=sql.Identifier(layer.table), columns=columns)
    cursor.execute(statement, [json.dumps(records)])


def insert_objects(cursor: Any, objects: Sequence[models.Model]) -> None:
    """Insert model objects that have their keys already; several times as fast as bulk_create.

    Values must be such that JSON carries them to their column's type: no bytes.
    """
    if not objects:
        return
    fields = objects[0]._meta.concrete_fields
    columns = sql.SQL(", ").join(sql.Identifier(str(each.column)) for each in fields)
    statement = sql.SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"
    ).format(table=sql.Identifier(objects[0]._meta.db_table), columns=columns)
    records = [{str(each.column): getattr(one, each.attname) for each in fields} for one in objects]
    cursor.execute(statement, [json.dumps(records, default=str)])
    for one in objects:
        one._state.adding = False


def update_rows(cursor: Any, layer: Layer, records: Sequence[dict[str, object]]) -> None:
    if not records:
        return
    columns = list(map(sql.Identifier, written_columns(layer)))
    statement = sql.SQL(
        "UPDATE {table} SET ({columns}) = ROW ({values})"
        " FROM json_populate_recordset(NULL::{table}, %s::json) AS wanted"
        " WHERE {table}.id = wanted.id"
    ).format(
        table=sql.Identifier(layer.table),
        columns=sql.SQL(", ").join(columns),
        values=sql.SQL(", ").join(sql.SQL("wanted.{}").format(column) for column in columns),
    )
    cursor.execute(statement, [json.dumps(records)])


def delete_rows(cursor: Any, layer: Layer, ids: Sequence[int]) -> None:
    if not ids:
        return
    statement = sql.SQL("DELETE FROM {table} WHERE id = ANY(%s)")
    cursor.execute(statement.format(table=sql.Identifier(layer.table)), [list(ids)])
